import QtQuick
import QtQuick.Layouts
import Theme
import Controls

// A person to contact: who, why, by when, and what to do about it.
Item {
    id: line

    required property string key
    required property string member_id
    required property string name
    required property string level
    required property string reason
    required property string kind
    required property string tag
    required property string icon
    required property string tone
    required property string when
    required property bool late
    required property string whose
    required property bool reachable
    required property int tickets
    required property int index
    property bool narrow: false
    signal opened
    signal contacted
    signal done
    signal asked

    implicitHeight: Math.max(Theme.grown(72), words.implicitHeight + Theme.s16)

    Divider {
        anchors.left: parent.left
        anchors.right: parent.right
    }
    Pressable {
        id: person

        anchors.fill: parent
        anchors.topMargin: 1
        anchors.rightMargin: actions.width + Theme.s8
        name: [line.name, mark.words, line.reason, line.tag, line.when, line.whose].filter(text => text !== "").join(", ")
        Accessible.role: Accessible.ListItem
        onClicked: line.opened()
        background: Rectangle {
            radius: Theme.radiusControl
            color: person.down ? Theme.sunken : "transparent"
        }
        contentItem: Item {
            RowLayout {
                id: words

                anchors.left: parent.left
                anchors.right: parent.right
                anchors.verticalCenter: parent.verticalCenter
                spacing: Theme.s16

                Avatar {
                    name: line.name
                    personId: line.member_id
                    size: 46
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
                            text: line.name
                            size: Theme.strong
                            bold: true
                            wrapMode: Text.Wrap
                            Accessible.ignored: true
                        }
                        Tag {
                            text: line.level
                            tone: "gold"
                        }
                        TicketMark {
                            id: mark

                            count: line.tickets
                            brief: true
                        }
                        Item { Layout.fillWidth: true }
                    }
                    Words {
                        Layout.fillWidth: true
                        text: line.reason
                        color: Theme.ink2
                        wrapMode: Text.Wrap
                        Accessible.ignored: true
                    }
                    Words {
                        Layout.fillWidth: true
                        visible: !line.reachable
                        text: qsTr("No calls or messages: say it when they are here")
                        size: Theme.caption
                        color: Theme.warn
                        wrapMode: Text.Wrap
                    }
                    Words {
                        Layout.fillWidth: true
                        visible: line.whose !== ""
                        text: qsTr("With %1").arg(line.whose)
                        size: Theme.caption
                        color: Theme.ink2
                        wrapMode: Text.Wrap
                        Accessible.ignored: true
                    }
                }
                ColumnLayout {
                    spacing: 2

                    Tag {
                        Layout.alignment: Qt.AlignRight
                        text: line.tag
                        tone: line.tone
                        symbol: line.icon
                    }
                    Words {
                        Layout.alignment: Qt.AlignRight
                        text: line.when
                        size: Theme.caption
                        color: line.late ? Theme.clay : Theme.ink2
                        Accessible.ignored: true
                    }
                }
            }
        }
    }
    RowLayout {
        id: actions

        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        spacing: Theme.s4

        IconButton {
            objectName: "done-" + line.index
            symbol: "check"
            name: qsTr("%1 is done").arg(line.name)
            onClicked: line.done()
        }
        IconButton {
            objectName: "more-" + line.index
            symbol: "ellipsis"
            name: qsTr("Put %1 off or hand on").arg(line.name)
            onClicked: line.asked()
        }
        ActionButton {
            visible: line.reachable
            objectName: "contact-" + line.index
            kind: "tonal"
            leftPadding: 14
            rightPadding: 14
            symbol: "phone"
            text: qsTr("Contact")
            name: qsTr("Contact %1").arg(line.name)
            onClicked: line.contacted()
        }
    }
}
