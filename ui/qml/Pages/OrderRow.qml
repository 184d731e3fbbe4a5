pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls

// An order in the list.
Pressable {
    id: row

    required property string key
    required property string number
    required property string detail
    required property string total
    required property string standing
    required property string tone
    required property bool selected

    objectName: "order-row"
    name: [number, detail, total, standing].join(", ")
    implicitHeight: Math.max(Theme.grown(76), body.implicitHeight + 16)
    Accessible.role: Accessible.ListItem
    Accessible.selected: selected

    background: Rectangle {
        radius: Theme.radiusControl
        color: row.selected ? Theme.accentSoft : row.down ? Theme.sunken : "transparent"
    }
    contentItem: RowLayout {
        id: body

        spacing: Theme.s12

        ColumnLayout {
            Layout.fillWidth: true
            Layout.leftMargin: Theme.s12
            spacing: 2

            Words {
                text: row.number
                bold: true
                Accessible.ignored: true
            }
            Words {
                Layout.fillWidth: true
                text: row.detail
                size: Theme.caption
                color: Theme.ink2
                wrapMode: Text.WordWrap
                Accessible.ignored: true
            }
        }
        ColumnLayout {
            Layout.rightMargin: Theme.s12
            spacing: 2

            Words {
                Layout.alignment: Qt.AlignRight
                text: row.total
                size: Theme.strong
                bold: true
                Accessible.ignored: true
            }
            Tag {
                Layout.alignment: Qt.AlignRight
                text: row.standing
                tone: row.tone
            }
        }
    }
}
