pragma ComponentBehavior: Bound
import QtQuick
import Theme

// The state of sync in words; opens the attention list. tone: good, warn, bad.
Pressable {
    id: pill

    property string tone: "good"
    property string symbol: "cloud-check"
    property bool narrow: false

    around: 24
    implicitHeight: Theme.grown(Theme.touch)
    implicitWidth: narrow ? Theme.touch + 8 : row.implicitWidth + 34

    background: Rectangle {
        radius: height / 2
        color: Theme.soft(pill.tone)
    }
    contentItem: Item {
        Row {
            id: row

            anchors.centerIn: parent
            spacing: Theme.s8

            Icon {
                anchors.verticalCenter: parent.verticalCenter
                name: pill.symbol
                size: 20
                tone: Theme.inkOf(pill.tone)
            }
            Words {
                visible: !pill.narrow
                text: pill.text
                bold: true
                color: Theme.inkOf(pill.tone)
                Accessible.ignored: true
            }
        }
    }
}
