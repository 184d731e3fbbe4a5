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
        RowLayout {
            Layout.fillWidth: true
            spacing: Theme.s8

            Words {
                Layout.fillWidth: true
                text: line.value
                size: Theme.title
                bold: true
                wrapMode: Text.WrapAnywhere
            }
            Words {
                Layout.alignment: Qt.AlignBaseline
                text: line.mine
                size: Theme.caption
                color: Theme.ink2
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
