pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// How the shop keeps its word and settles its tickets: the shop, oneself, and for a manager everybody.
BottomSheet {
    id: sheet

    required property ServiceFiguresViewModel model
    required property bool portrait

    shown: true
    tallest: portrait ? 1000 : 640
    title: qsTr("Promises and tickets")
    detail: model.span
    onClosed: model.close()

    Rows {
        id: list

        anchors.fill: parent
        anchors.leftMargin: Theme.s24
        anchors.rightMargin: Theme.s24
        anchors.bottomMargin: Theme.s16
        model: sheet.model.lines
        Accessible.role: Accessible.List
        Accessible.name: sheet.title

        delegate: Item {
            id: line

            required property string staff_id
            required property string name
            required property string promises
            required property string tickets
            readonly property string promised: promises === "" ? qsTr("No promise was due") : qsTr("Promises: %1").arg(promises)
            readonly property string raised: tickets === "" ? qsTr("No ticket") : qsTr("Tickets: %1").arg(tickets)

            width: list.width
            implicitHeight: body.implicitHeight + 2 * Theme.s12
            Accessible.role: Accessible.ListItem
            Accessible.name: [name, promised, raised].join(", ")

            RowLayout {
                id: body

                anchors.left: parent.left
                anchors.right: parent.right
                anchors.verticalCenter: parent.verticalCenter
                spacing: Theme.s16

                Avatar {
                    visible: line.staff_id !== ""
                    name: line.name
                    personId: line.staff_id
                }
                Rectangle {
                    visible: line.staff_id === ""
                    implicitWidth: 48
                    implicitHeight: 48
                    radius: 24
                    color: Theme.soft("accent")

                    Icon {
                        anchors.centerIn: parent
                        name: "store"
                        tone: Theme.inkOf("accent")
                    }
                }
                GridLayout {
                    Layout.fillWidth: true
                    columns: sheet.portrait ? 1 : 3
                    columnSpacing: Theme.s16
                    rowSpacing: 2

                    Words {
                        Layout.fillWidth: true
                        Layout.preferredWidth: 8
                        text: line.name
                        size: Theme.strong
                        bold: true
                        wrapMode: Text.Wrap
                        Accessible.ignored: true
                    }
                    Words {
                        Layout.fillWidth: true
                        Layout.preferredWidth: 11
                        text: line.promised
                        color: Theme.ink2
                        wrapMode: Text.Wrap
                        Accessible.ignored: true
                    }
                    Words {
                        Layout.fillWidth: true
                        Layout.preferredWidth: 13
                        text: line.raised
                        color: Theme.ink2
                        wrapMode: Text.Wrap
                        Accessible.ignored: true
                    }
                }
            }
            Divider {
                anchors.bottom: parent.bottom
                width: parent.width
            }
        }
    }
}
