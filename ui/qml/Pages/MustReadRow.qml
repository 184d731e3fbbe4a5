pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls

// A material to read in a list: its picture, what it is called, how long it is, how it stands on this tablet.
Pressable {
    id: row

    required property string key
    required property string title
    required property string thumb
    required property string symbol
    required property int tint
    required property string standing
    required property string length
    property string picture: ""

    objectName: "must-read"
    implicitHeight: Math.max(Theme.grown(64), body.implicitHeight + Theme.s12)
    Accessible.role: Accessible.ListItem
    name: [row.title, row.length, row.standing].filter(part => part !== "").join(", ")

    background: Rectangle {
        radius: Theme.radiusControl
        color: row.down ? Theme.sunken : "transparent"
    }
    contentItem: Item {
        RowLayout {
            id: body

            anchors.left: parent.left
            anchors.right: parent.right
            anchors.verticalCenter: parent.verticalCenter
            spacing: Theme.s12

            ProductPicture {
                Layout.preferredWidth: 72
                Layout.preferredHeight: 48
                fills: true
                tint: row.tint
                symbol: row.symbol
                picture: row.picture
            }
            ColumnLayout {
                Layout.fillWidth: true
                spacing: 2

                Words {
                    Layout.fillWidth: true
                    text: row.title
                    bold: true
                    maximumLineCount: 2
                    wrapMode: Text.Wrap
                    elide: Text.ElideRight
                    Accessible.ignored: true
                }
                Words {
                    Layout.fillWidth: true
                    text: [row.length, row.standing].filter(part => part !== "").join(" · ")
                    size: Theme.caption
                    color: Theme.ink2
                    wrapMode: Text.Wrap
                    Accessible.ignored: true
                }
            }
            Icon {
                name: "chevron-right"
                size: 20
                tone: Theme.ink2
            }
        }
    }
}
