pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme

// A sheet over the page, from the bottom; the scrim and Escape close it. `personName`: whom it is about, with their open tickets; `tools` stand
// beside the cross. Never higher than `tallest`, nor than its content where `fits` says how high that is.
FocusScope {
    id: sheet

    property string title: ""
    property string detail: ""
    property string personName: ""
    property string personId: ""
    property int personTickets: 0
    property bool shown: false
    property int tallest: 1000
    property real fits: -1
    property alias tools: tools.data
    default property alias content: body.data
    signal closed

    anchors.fill: parent
    visible: shown
    focus: shown
    Keys.onEscapePressed: sheet.closed()
    onShownChanged: {
        if (shown)
            forceActiveFocus()
    }
    Component.onCompleted: {
        if (shown)
            forceActiveFocus()
    }

    Rectangle {
        anchors.fill: parent
        color: Theme.scrim

        MouseArea {
            anchors.fill: parent
            onClicked: sheet.closed()
        }
    }
    Rectangle {
        id: panel

        anchors.horizontalCenter: parent.horizontalCenter
        anchors.bottom: parent.bottom
        width: parent.width - 2 * Theme.s24
        height: Math.min(sheet.tallest, parent.height - 64, sheet.fits < 0 ? sheet.tallest : head.height + 1 + sheet.fits)
        topLeftRadius: Theme.radiusPill
        topRightRadius: Theme.radiusPill
        color: Theme.raised
        Accessible.role: Accessible.Dialog
        Accessible.name: sheet.title

        MouseArea {
            anchors.fill: parent
        }
        ColumnLayout {
            anchors.fill: parent
            spacing: 0

            RowLayout {
                id: head

                Layout.fillWidth: true
                Layout.leftMargin: Theme.s24
                Layout.rightMargin: Theme.s16
                Layout.minimumHeight: Theme.grown(84)
                spacing: Theme.s16

                Avatar {
                    visible: sheet.personName !== ""
                    name: sheet.personName
                    personId: sheet.personId
                    size: 52
                }
                ColumnLayout {
                    Layout.fillWidth: true
                    spacing: 2

                    Words {
                        Layout.fillWidth: true
                        text: sheet.title
                        size: Theme.title
                        bold: true
                        wrapMode: Text.Wrap
                    }
                    Words {
                        Layout.fillWidth: true
                        visible: text !== ""
                        text: sheet.detail
                        color: Theme.ink2
                        wrapMode: Text.WordWrap
                    }
                    TicketMark {
                        objectName: "sheet-tickets"
                        count: sheet.personTickets
                    }
                }
                Row {
                    id: tools
                }
                IconButton {
                    symbol: "x"
                    name: qsTr("Close")
                    onClicked: sheet.closed()
                }
            }
            Divider {
                Layout.fillWidth: true
            }
            Item {
                id: body

                Layout.fillWidth: true
                Layout.fillHeight: true
            }
        }
    }
}
