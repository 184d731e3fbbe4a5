pragma ComponentBehavior: Bound
import QtQuick
import Theme

// The first character of a name on one of six tints, chosen by the person's id.
Rectangle {
    id: avatar

    required property string name
    required property string personId
    property int size: 48
    readonly property int tint: Theme.tint(personId)

    implicitWidth: size
    implicitHeight: size
    radius: size / 2
    color: Theme.avatars[tint]

    Text {
        anchors.centerIn: parent
        text: Array.from(avatar.name)[0] ?? ""
        color: Theme.avatarInks[avatar.tint]
        font.pixelSize: Math.round(avatar.size * 0.4)
        font.weight: Font.DemiBold
        Accessible.ignored: true
    }
}
