pragma ComponentBehavior: Bound
import QtQuick
import Theme

// One choice of a sheet: an icon and a word.
Pressable {
    id: tile

    property string symbol: ""
    property bool chosen: false

    implicitHeight: Math.max(Theme.grown(52), words.implicitHeight + Theme.s16)
    implicitWidth: Math.max(120, words.implicitWidth + (symbol !== "" ? 92 : 60))
    Accessible.role: Accessible.RadioButton
    Accessible.checkable: true
    Accessible.checked: chosen

    background: Rectangle {
        radius: Theme.radiusControl
        color: tile.chosen ? Theme.accentSoft : tile.down ? Theme.sunken : Theme.raised
        border.width: tile.chosen ? 2 : 1
        border.color: tile.chosen ? Theme.accent : Theme.line
    }
    contentItem: Item {
        Icon {
            id: picture

            anchors.verticalCenter: parent.verticalCenter
            x: 16
            visible: tile.symbol !== ""
            name: tile.symbol
            size: 22
            tone: tile.chosen ? Theme.accentInk : Theme.ink2
        }
        Icon {
            anchors.verticalCenter: parent.verticalCenter
            anchors.right: parent.right
            anchors.rightMargin: 14
            visible: tile.chosen
            name: "check"
            size: 20
            tone: Theme.accentInk
        }
        Words {
            id: words

            anchors.verticalCenter: parent.verticalCenter
            x: tile.symbol !== "" ? 48 : 16
            width: parent.width - x - (tile.chosen ? 40 : 12)
            text: tile.text
            bold: tile.chosen
            color: tile.chosen ? Theme.accentInk : Theme.ink
            wrapMode: Text.Wrap
            Accessible.ignored: true
        }
    }
}
