pragma ComponentBehavior: Bound
import QtQuick
import Theme

// A place in the rail (landscape) or the bar (portrait).
Pressable {
    id: item

    property string symbol: ""
    property bool current: false
    property int count: 0

    around: Theme.radiusCard
    implicitWidth: 80
    implicitHeight: Theme.grown(64)
    Accessible.role: Accessible.PageTab
    Accessible.selected: current

    background: Rectangle {
        radius: Theme.radiusCard
        color: item.current ? Theme.accentSoft : item.down ? Theme.sunken : "transparent"
    }
    contentItem: Item {
        Icon {
            id: picture

            anchors.horizontalCenter: parent.horizontalCenter
            y: 8
            name: item.symbol
            tone: item.current ? Theme.accentInk : Theme.ink2
        }
        Words {
            anchors.horizontalCenter: parent.horizontalCenter
            anchors.top: picture.bottom
            anchors.topMargin: Theme.s4
            text: item.text
            size: Theme.caption
            bold: item.current
            color: item.current ? Theme.accentInk : Theme.ink2
            Accessible.ignored: true
        }
        Rectangle {
            visible: item.count > 0
            anchors.left: picture.right
            anchors.leftMargin: -4
            y: 2
            width: 20
            height: 20
            radius: 10
            color: Theme.clay

            Words {
                anchors.centerIn: parent
                text: Number(item.count).toLocaleString(Qt.locale(), "f", 0)
                size: Theme.caption
                bold: true
                color: Theme.raised
            }
        }
    }
}
