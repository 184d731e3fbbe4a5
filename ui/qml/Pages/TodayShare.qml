import QtQuick
import QtQuick.Layouts
import Theme
import Controls

// A figure of the shop's with one's own part of it.
Item {
    id: line

    required property string label
    required property string value
    required property string mine
    required property real share
    property bool divided: true
    property bool stacked: false

    implicitHeight: column.implicitHeight + Theme.s16
    Accessible.role: Accessible.StaticText
    Accessible.name: [label, value, mine].join(", ")

    Divider {
        width: parent.width
        visible: line.divided
    }
    ColumnLayout {
        id: column

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        spacing: Theme.s4

        Words {
            Layout.fillWidth: true
            text: line.label
            color: Theme.ink2
            wrapMode: Text.WordWrap
        }
        GridLayout {
            Layout.fillWidth: true
            columns: line.stacked ? 1 : 2
            columnSpacing: Theme.s8
            rowSpacing: 0

            Words {
                Layout.fillWidth: true
                text: line.value
                size: Theme.title
                bold: true
                wrapMode: Text.WrapAnywhere
            }
            Words {
                Layout.fillWidth: line.stacked
                text: line.mine
                size: Theme.caption
                color: Theme.ink2
                wrapMode: Text.Wrap
            }
        }
        ProgressTrack {
            Layout.fillWidth: true
            implicitHeight: 6
            value: line.share
            name: line.mine
        }
    }
}
