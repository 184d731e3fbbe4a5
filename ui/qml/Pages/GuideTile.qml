import QtQuick
import QtQuick.Layouts
import Theme
import Controls

// A person on the lock: avatar, name, what they do.
Pressable {
    id: tile

    required property string key
    required property string personName
    required property string role
    property bool chosen: false

    around: Theme.radiusCard
    objectName: "guide-" + personName
    text: personName
    name: personName + ", " + role
    implicitHeight: Theme.grown(116)
    Accessible.role: Accessible.RadioButton
    Accessible.checkable: true
    Accessible.checked: chosen
    background: Card {
        selected: tile.chosen
        color: tile.down ? Theme.sunken : Theme.raised
    }
    contentItem: Item {
        RowLayout {
            anchors.fill: parent
            anchors.leftMargin: Theme.s20
            anchors.rightMargin: Theme.s12
            spacing: Theme.s16

            Avatar {
                name: tile.personName
                personId: tile.key
                size: 64
            }
            ColumnLayout {
                Layout.fillWidth: true
                spacing: 2

                Words {
                    Layout.fillWidth: true
                    text: tile.personName
                    size: Theme.strong
                    bold: true
                    wrapMode: Text.Wrap
                    maximumLineCount: 2
                    Accessible.ignored: true
                }
                Words {
                    Layout.fillWidth: true
                    text: tile.role
                    size: Theme.caption
                    color: Theme.ink2
                    wrapMode: Text.WordWrap
                    Accessible.ignored: true
                }
            }
        }
        Icon {
            anchors.right: parent.right
            anchors.top: parent.top
            anchors.margins: Theme.s16
            visible: tile.chosen
            name: "circle-check"
            size: 22
            tone: Theme.accent
        }
    }
}
