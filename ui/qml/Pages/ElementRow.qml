pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls

// A line that a tap opens: a picture, a title, what else is known.
Pressable {
    id: row

    required property string title
    property string detail: ""
    property string symbol: ""

    name: qsTr("%1, %2, change").arg(title).arg(detail)
    implicitHeight: Math.max(Theme.touch, said.implicitHeight + Theme.s8)

    background: Rectangle {
        radius: Theme.radiusControl
        color: row.down ? Theme.sunken : "transparent"
    }
    contentItem: RowLayout {
        id: said

        spacing: Theme.s12

        Icon {
            name: row.symbol
            size: 20
            tone: Theme.ink2
        }
        ColumnLayout {
            Layout.fillWidth: true
            spacing: 0

            Words {
                Layout.fillWidth: true
                text: row.title
                bold: true
                wrapMode: Text.Wrap
                Accessible.ignored: true
            }
            Words {
                Layout.fillWidth: true
                visible: text !== ""
                text: row.detail
                size: Theme.caption
                color: Theme.ink2
                wrapMode: Text.Wrap
                Accessible.ignored: true
            }
        }
        Icon {
            name: "pencil"
            size: 16
            tone: Theme.ink3
        }
    }
}
