pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls

// A quotation in a list.
Pressable {
    id: row

    required property string key
    required property string person_id
    required property string person
    required property string number
    required property string detail
    required property string total
    required property string standing
    required property string tone
    required property bool waiting
    required property bool selected

    objectName: "quotation-row"
    implicitHeight: Math.max(Theme.grown(72), body.implicitHeight + Theme.s16)
    Accessible.role: Accessible.ListItem
    name: [person, total, standing, number, detail].filter(part => part !== "").join(", ")
    Accessible.selected: selected

    background: Rectangle {
        radius: Theme.radiusControl
        color: row.selected ? Theme.accentSoft : row.down ? Theme.sunken : "transparent"
    }
    contentItem: Item {
        RowLayout {
            id: body

            anchors.left: parent.left
            anchors.right: parent.right
            anchors.leftMargin: Theme.s12
            anchors.rightMargin: Theme.s12
            anchors.verticalCenter: parent.verticalCenter
            spacing: Theme.s12

            ColumnLayout {
                Layout.fillWidth: true
                spacing: 2

                Words {
                    Layout.fillWidth: true
                    text: row.person
                    bold: true
                    wrapMode: Text.Wrap
                    Accessible.ignored: true
                }
                Words {
                    Layout.fillWidth: true
                    text: qsTr("%1 · %2").arg(row.number).arg(row.detail)
                    size: Theme.caption
                    color: Theme.ink2
                    wrapMode: Text.Wrap
                    Accessible.ignored: true
                }
            }
            ColumnLayout {
                spacing: 2

                Words {
                    Layout.alignment: Qt.AlignRight
                    text: row.total
                    bold: true
                    Accessible.ignored: true
                }
                Tag {
                    Layout.alignment: Qt.AlignRight
                    text: row.standing
                    tone: row.tone
                }
            }
            Icon {
                visible: row.waiting
                name: "cloud-upload"
                size: 18
                tone: Theme.warn
            }
        }
    }
}
