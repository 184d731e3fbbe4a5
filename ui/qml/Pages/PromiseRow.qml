pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls

// An open promise: to whom, what, by when; one tap says how it ended. `named`: whose it is stands on it.
Item {
    id: row

    required property string key
    required property string member_id
    required property string name
    required property string what
    required property string detail
    required property string icon
    required property string when
    required property bool late
    required property bool waiting
    required property int tickets
    required property int index
    property bool named: true
    property bool narrow: false
    signal opened
    signal settled(string what)

    implicitHeight: body.implicitHeight + Theme.s16
    Accessible.role: Accessible.ListItem
    Accessible.name: [name, mark.words, what, detail, when].filter(part => part !== "").join(", ")

    Divider {
        width: parent.width
    }
    GridLayout {
        id: body

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        columns: row.narrow ? 1 : 2
        columnSpacing: Theme.s12
        rowSpacing: Theme.s4

        Pressable {
            id: who

            Layout.fillWidth: true
            enabled: row.named
            opacity: 1
            name: row.name
            implicitHeight: Math.max(Theme.touch, words.implicitHeight)
            onClicked: row.opened()
            background: Rectangle {
                radius: Theme.radiusControl
                color: who.down ? Theme.sunken : "transparent"
            }
            contentItem: RowLayout {
                id: words

                spacing: Theme.s12

                Rectangle {
                    implicitWidth: 40
                    implicitHeight: 40
                    radius: 20
                    color: Theme.soft(row.late ? "clay" : "accent")

                    Icon {
                        anchors.centerIn: parent
                        name: row.icon
                        size: 20
                        tone: Theme.inkOf(row.late ? "clay" : "accent")
                    }
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
                            text: row.named ? qsTr("%1: %2").arg(row.name).arg(row.what) : row.what
                            bold: true
                            wrapMode: Text.Wrap
                            Accessible.ignored: true
                        }
                        TicketMark {
                            id: mark

                            count: row.named ? row.tickets : 0
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
                Tag {
                    text: row.when
                    tone: row.late ? "clay" : "neutral"
                    symbol: row.late ? "clock" : ""
                }
            }
        }
        RowLayout {
            Layout.alignment: Qt.AlignRight
            spacing: Theme.s4

            Icon {
                visible: row.waiting
                name: "cloud-upload"
                size: 18
                tone: Theme.warn
            }
            IconButton {
                objectName: "broken-" + row.index
                symbol: "thumbs-down"
                name: qsTr("Not kept: %1").arg(row.name)
                onClicked: row.settled("broken")
            }
            IconButton {
                objectName: "dropped-" + row.index
                symbol: "circle-x"
                name: qsTr("No longer wanted: %1").arg(row.name)
                onClicked: row.settled("dropped")
            }
            ActionButton {
                objectName: "kept-" + row.index
                kind: "tonal"
                leftPadding: 14
                rightPadding: 14
                symbol: "check"
                text: qsTr("Kept")
                name: qsTr("Kept: %1").arg(row.name)
                onClicked: row.settled("kept")
            }
        }
    }
}
