pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// The money of an order: what is owed, how it is paid, and the code for the customer's phone.
BottomSheet {
    id: sheet

    required property PayViewModel model
    required property bool portrait

    shown: true
    tallest: portrait ? 1040 : 664
    title: qsTr("Take payment")
    detail: qsTr("Order %1").arg(model.number)
    onClosed: model.close()

    Flickable {
        id: whole

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: parent.top
        anchors.bottom: foot.top
        contentHeight: form.implicitHeight + 2 * Theme.s20
        clip: true
        boundsBehavior: Flickable.StopAtBounds

        ColumnLayout {
            id: form

            x: Theme.s24
            y: Theme.s20
            width: whole.width - 2 * x
            spacing: Theme.s16

            RowLayout {
                Layout.fillWidth: true
                spacing: Theme.s12

                Words {
                    Layout.fillWidth: true
                    text: sheet.model.paid ? qsTr("Nothing is owed any more") : qsTr("Still to pay")
                    color: Theme.ink2
                    wrapMode: Text.WordWrap
                }
                Words {
                    objectName: "pay-owed"
                    text: sheet.model.owed
                    size: Theme.figure
                    bold: true
                }
            }
            GridLayout {
                Layout.fillWidth: true
                visible: !sheet.model.paid
                columns: sheet.portrait ? 2 : 5
                columnSpacing: Theme.s8
                rowSpacing: Theme.s8
                uniformCellWidths: true

                Repeater {
                    model: sheet.model.methods

                    ChoiceTile {
                        required property string key
                        required property string label
                        required symbol
                        required property bool selected

                        objectName: "pay-" + key
                        Layout.fillWidth: true
                        Layout.fillHeight: true
                        text: label
                        chosen: selected
                        onClicked: sheet.model.choose(key)
                    }
                }
            }
            PayFromCard {
                Layout.fillWidth: true
                visible: !sheet.model.paid && sheet.model.method === "gift_card"
                model: sheet.model
                portrait: sheet.portrait
            }
            PayTill {
                Layout.fillWidth: true
                visible: !sheet.model.paid && !(sheet.model.method === "qr" && sheet.model.code !== "")
                model: sheet.model
            }
            PayCode {
                Layout.fillWidth: true
                visible: !sheet.model.paid && sheet.model.method === "qr"
                model: sheet.model
                portrait: sheet.portrait
            }
        }
    }
    SheetFoot {
        id: foot

        ActionButton {
            objectName: "pay-later"
            text: sheet.model.paid ? qsTr("Done") : qsTr("Pay later")
            onClicked: sheet.model.close()
        }
        ActionButton {
            objectName: "pay-take"
            visible: !sheet.model.paid && !(sheet.model.method === "qr" && sheet.model.code !== "")
            kind: "primary"
            enabled: sheet.model.ready
            symbol: sheet.model.method === "qr" ? "qr-code" : "check"
            text: sheet.model.takeWords
            onClicked: sheet.model.take()
        }
    }
}
