pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls

// Something that was found, under the name of its group where it is the first.
Column {
    id: row

    required property string key
    required property string kind
    required property string heading
    required property string title
    required property string detail
    required property string symbol
    required property bool selected
    required property int tickets
    signal chosen(string key)

    Words {
        visible: row.heading !== ""
        topPadding: Theme.s12
        bottomPadding: Theme.s4
        text: row.heading
        size: Theme.caption
        bold: true
        color: Theme.ink2
        Accessible.role: Accessible.Heading
    }
    Pressable {
        id: press

        width: parent.width
        objectName: "found-" + row.kind
        name: [row.title, mark.words, row.detail].filter(part => part !== "").join(", ")
        implicitHeight: Math.max(Theme.grown(64), implicitContentHeight + Theme.s16)
        Accessible.role: Accessible.ListItem
        Accessible.selected: row.selected
        onClicked: row.chosen(row.key)

        background: Rectangle {
            radius: Theme.radiusControl
            color: row.selected ? Theme.accentSoft : press.down ? Theme.sunken : "transparent"
        }
        contentItem: RowLayout {
            spacing: Theme.s12

            Icon {
                Layout.leftMargin: Theme.s12
                name: row.symbol
                size: 22
                tone: row.selected ? Theme.accent : Theme.ink2
            }
            ColumnLayout {
                Layout.fillWidth: true
                Layout.rightMargin: Theme.s12
                spacing: 2

                RowLayout {
                    Layout.fillWidth: true
                    spacing: Theme.s8

                    Words {
                        Layout.fillWidth: true
                        Layout.maximumWidth: Math.ceil(implicitWidth)
                        text: row.title
                        bold: true
                        wrapMode: Text.Wrap
                        Accessible.ignored: true
                    }
                    TicketMark {
                        id: mark

                        count: row.tickets
                        brief: true
                    }
                    Item { Layout.fillWidth: true }
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
        }
    }
}
