pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme

// A person in a list; the whole row is the control.
Pressable {
    id: person

    property string personId: ""
    property string title: ""
    property string detail: ""
    property string trailing: ""
    property string level: ""
    property bool waiting: false
    property int tickets: 0
    property bool chosen: false
    // [{text, rule}]: rule tells a tag that HQ's rules give
    property var tags: []

    name: [title, level, mark.words, detail, ...tags.map(tag => tag.text), trailing].filter(part => part !== "").join(", ")
    implicitHeight: Math.max(Theme.grown(72), implicitContentHeight + Theme.s16)
    implicitWidth: 320
    Accessible.role: Accessible.ListItem
    Accessible.selected: chosen

    background: Rectangle {
        radius: Theme.radiusControl
        color: person.chosen ? Theme.accentSoft : person.down ? Theme.sunken : "transparent"
    }
    contentItem: RowLayout {
        spacing: Theme.s12

        Avatar {
            Layout.leftMargin: Theme.s12
            name: person.title
            personId: person.personId
        }
        ColumnLayout {
            Layout.fillWidth: true
            spacing: 2

            RowLayout {
                Layout.fillWidth: true
                spacing: Theme.s8

                Words {
                    Layout.fillWidth: true
                    Layout.maximumWidth: Math.ceil(implicitWidth)
                    text: person.title
                    size: Theme.strong
                    bold: true
                    wrapMode: Text.Wrap
                    Accessible.ignored: true
                }
                Tag {
                    id: tag

                    text: person.level
                    tone: "gold"
                }
                TicketMark {
                    id: mark

                    count: person.tickets
                    brief: true
                }
                Item { Layout.fillWidth: true }
            }
            Words {
                Layout.fillWidth: true
                text: person.detail
                size: Theme.caption
                color: Theme.ink2
                wrapMode: Text.Wrap
                Accessible.ignored: true
            }
            Flow {
                Layout.fillWidth: true
                Layout.topMargin: 2
                spacing: Theme.s4
                visible: person.tags.length > 0

                Repeater {
                    model: person.tags

                    Tag {
                        required property var modelData

                        text: modelData.text
                        tone: modelData.rule ? "accent" : "clay"
                        symbol: modelData.rule ? "zap" : ""
                    }
                }
            }
        }
        Icon {
            visible: person.waiting
            name: "cloud-upload"
            size: 18
            tone: Theme.warn
        }
        Words {
            Layout.rightMargin: Theme.s12
            text: person.trailing
            size: Theme.caption
            color: Theme.ink2
            Accessible.ignored: true
        }
    }
}
