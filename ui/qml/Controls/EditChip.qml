pragma ComponentBehavior: Bound
import QtQuick
import Theme

// A word that a tap takes away (the toast gives it back); fixed: it only stands there. Drawn 36, pressed 48.
Pressable {
    id: chip

    property bool fixed: false
    property string tone: "neutral"
    property string symbol: ""
    readonly property int drawn: Theme.grown(36)

    name: fixed ? text : qsTr("Take out: %1").arg(text)
    enabled: !fixed
    opacity: 1
    around: drawn / 2
    implicitHeight: Math.max(Theme.touch, drawn)
    implicitWidth: Math.max(Theme.touch, row.implicitWidth + 28)

    background: Item {
        Rectangle {
            anchors.verticalCenter: parent.verticalCenter
            width: parent.width
            height: chip.drawn
            radius: Theme.radiusTag
            color: chip.down ? Theme.sunken : Theme.soft(chip.tone)
        }
    }
    contentItem: Item {
        implicitWidth: row.implicitWidth
        implicitHeight: row.implicitHeight

        Row {
            id: row

            anchors.centerIn: parent
            spacing: 6

            Icon {
                anchors.verticalCenter: parent.verticalCenter
                visible: chip.symbol !== ""
                name: chip.symbol
                size: 16
                tone: Theme.inkOf(chip.tone)
            }
            Words {
                text: chip.text
                color: Theme.inkOf(chip.tone)
                Accessible.ignored: true
            }
            Icon {
                anchors.verticalCenter: parent.verticalCenter
                visible: !chip.fixed
                name: "x"
                size: 14
                tone: Theme.inkOf(chip.tone)
            }
        }
    }
}
