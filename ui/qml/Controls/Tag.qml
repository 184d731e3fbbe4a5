pragma ComponentBehavior: Bound
import QtQuick
import Theme

// A word on a soft fill, with an icon where it is a state. tone as in Theme.soft.
Rectangle {
    id: tag

    required property string text
    property string tone: "neutral"
    property string symbol: ""

    implicitWidth: row.implicitWidth + 18
    implicitHeight: Theme.grown(26)
    radius: Theme.radiusTag
    color: Theme.soft(tone)
    visible: text !== ""

    Row {
        id: row

        anchors.centerIn: parent
        spacing: Theme.s4

        Icon {
            anchors.verticalCenter: parent.verticalCenter
            visible: tag.symbol !== ""
            name: tag.symbol
            tone: Theme.inkOf(tag.tone)
            size: 16
        }
        Words {
            text: tag.text
            size: Theme.caption
            color: Theme.inkOf(tag.tone)
        }
    }
}
