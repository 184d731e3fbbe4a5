pragma ComponentBehavior: Bound
import QtQuick
import Theme

// A button with a picture alone; `name` says what it does. framed: with the edge of a secondary button.
Pressable {
    id: button

    required property string symbol
    property bool framed: false
    property bool tonal: false
    property color tone: tonal ? Theme.accentInk : Theme.ink2

    implicitWidth: Theme.touch
    implicitHeight: Theme.touch
    background: Rectangle {
        radius: Theme.radiusControl
        color: button.tonal ? Theme.accentSoft : button.down ? Theme.sunken : button.framed ? Theme.raised : "transparent"
        border.width: button.framed ? 1 : 0
        border.color: Theme.line2
    }
    contentItem: Item {
        Icon {
            anchors.centerIn: parent
            name: button.symbol
            tone: button.tone
            size: 22
        }
    }
}
