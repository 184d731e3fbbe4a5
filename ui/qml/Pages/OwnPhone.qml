pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// The customer signs up on their own phone: a code to read, how long it counts, and the other way.
BottomSheet {
    id: sheet

    required property OwnPhoneViewModel model
    required property bool portrait

    shown: true
    tallest: portrait ? 1000 : 660
    title: qsTr("Sign up on their phone")
    onClosed: model.close()

    Flickable {
        id: whole

        anchors.fill: parent
        contentHeight: columns.implicitHeight + 2 * Theme.s24
        clip: true
        boundsBehavior: Flickable.StopAtBounds

        GridLayout {
            id: columns

            x: Theme.s24
            y: Theme.s24
            width: whole.width - 2 * x
            columns: sheet.portrait ? 1 : 2
            columnSpacing: Theme.s32
            rowSpacing: Theme.s20

            QrCode {
                id: code
                objectName: "join-qr"
                Layout.alignment: Qt.AlignHCenter | Qt.AlignTop
                visible: sheet.model.link !== ""
                implicitWidth: Math.max(360, 6 * code.side)
                implicitHeight: code.implicitWidth
                text: sheet.model.link
                Accessible.role: Accessible.Graphic
                Accessible.name: qsTr("QR code of the form for the customer's phone")
            }
            ColumnLayout {
                Layout.fillWidth: true
                Layout.alignment: Qt.AlignTop
                spacing: Theme.s16

                StateNote {
                    objectName: "join-offline"
                    Layout.fillWidth: true
                    visible: sheet.model.offline
                    title: qsTr("No network here")
                    text: qsTr("The customer's phone may have one, but this tablet hears of them only later.")
                    symbol: "wifi-off"
                    tone: "warn"
                }
                StateNote {
                    Layout.fillWidth: true
                    visible: sheet.model.problem !== ""
                    title: qsTr("Not on a phone")
                    text: sheet.model.problem
                    symbol: "pencil"
                    tone: "warn"
                }
                StateNote {
                    objectName: "join-over"
                    Layout.fillWidth: true
                    visible: sheet.model.over
                    title: qsTr("This code has run out")
                    text: qsTr("Nobody has signed up by it here. Who sent the form in time comes all the same.")
                    symbol: "hourglass"
                    tone: "warn"
                }
                Words {
                    Layout.fillWidth: true
                    visible: sheet.model.link !== ""
                    text: qsTr("The customer reads the code with their phone's camera and fills in the form there.")
                    size: Theme.strong
                    wrapMode: Text.WordWrap
                }
                Words {
                    Layout.fillWidth: true
                    visible: sheet.model.link !== ""
                    text: qsTr("Their page opens here by itself as soon as they have sent it.")
                    color: Theme.ink2
                    wrapMode: Text.WordWrap
                }
                Words {
                    objectName: "join-good-for"
                    Layout.fillWidth: true
                    visible: text !== ""
                    text: sheet.model.goodFor
                    color: Theme.ink2
                    wrapMode: Text.WordWrap
                }
                Flow {
                    Layout.fillWidth: true
                    spacing: Theme.s12

                    ActionButton {
                        objectName: "join-hand-over"
                        kind: sheet.model.offline || sheet.model.problem !== "" ? "primary" : "secondary"
                        text: qsTr("Hand over the tablet instead")
                        symbol: "tablet"
                        onClicked: sheet.model.hand()
                    }
                    ActionButton {
                        objectName: "join-renew"
                        visible: sheet.model.over
                        kind: "primary"
                        text: qsTr("Show a new code")
                        symbol: "qr-code"
                        onClicked: sheet.model.renew()
                    }
                }
            }
        }
    }
}
