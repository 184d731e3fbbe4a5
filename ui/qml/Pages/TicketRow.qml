pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls

// A ticket in a list. `named`: about whom stands on it.
Pressable {
    id: row

    required property string key
    required property string member_id
    required property string person
    required property string what
    required property string detail
    required property string symbol
    required property string standing
    required property string tone
    required property bool waiting
    required property bool selected
    property bool named: true

    objectName: "ticket-row"
    implicitHeight: Math.max(Theme.grown(72), body.implicitHeight + Theme.s16)
    Accessible.role: Accessible.ListItem
    name: [person, what, detail, standing].filter(part => part !== "").join(", ")
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
            anchors.leftMargin: row.named ? Theme.s12 : 0
            anchors.rightMargin: row.named ? Theme.s12 : 0
            anchors.verticalCenter: parent.verticalCenter
            spacing: Theme.s12

            Rectangle {
                implicitWidth: 40
                implicitHeight: 40
                radius: 20
                color: Theme.soft(row.tone)

                Icon {
                    anchors.centerIn: parent
                    name: row.symbol
                    size: 20
                    tone: Theme.inkOf(row.tone)
                }
            }
            ColumnLayout {
                Layout.fillWidth: true
                spacing: 2

                Words {
                    Layout.fillWidth: true
                    text: row.named ? qsTr("%1: %2").arg(row.person).arg(row.what) : row.what
                    bold: true
                    wrapMode: Text.Wrap
                    Accessible.ignored: true
                }
                Words {
                    Layout.fillWidth: true
                    text: row.detail
                    size: Theme.caption
                    color: Theme.ink2
                    wrapMode: Text.Wrap
                    maximumLineCount: 2
                    elide: Text.ElideRight
                    Accessible.ignored: true
                }
                Tag {
                    text: row.standing
                    tone: row.tone
                    symbol: row.tone === "good" ? "circle-check" : "flag"
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
