pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme

// A sheet over the page, from the bottom; the scrim and Escape close it.
FocusScope {
    id: sheet

    property string title: ""
    property string detail: ""
    property bool shown: false
    property int tallest: 1000
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
        width: Math.min(parent.width - 48, 1080)
        height: Math.min(sheet.tallest, parent.height - 64)
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
                Layout.fillWidth: true
                Layout.leftMargin: Theme.s24
                Layout.rightMargin: Theme.s16
                Layout.preferredHeight: Theme.grown(84)
                spacing: Theme.s16

                ColumnLayout {
                    Layout.fillWidth: true
                    spacing: 2

                    Words {
                        Layout.fillWidth: true
                        text: sheet.title
                        size: Theme.title
                        bold: true
                        elide: Text.ElideRight
                    }
                    Words {
                        Layout.fillWidth: true
                        visible: text !== ""
                        text: sheet.detail
                        color: Theme.ink2
                        wrapMode: Text.WordWrap
                    }
                }
                IconButton {
                    symbol: "x"
                    name: qsTr("Close")
                    framed: true
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
