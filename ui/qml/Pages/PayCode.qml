pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// The code for the customer's phone: what it is for, how long it counts, what became of the one before.
GridLayout {
    id: part

    required property PayViewModel model
    required property bool portrait

    columns: portrait ? 1 : 2
    columnSpacing: Theme.s32
    rowSpacing: Theme.s16

    QrCode {
        id: code
        objectName: "pay-qr"
        Layout.alignment: Qt.AlignHCenter | Qt.AlignTop
        visible: part.model.code !== ""
        implicitWidth: Math.max(280, 6 * code.side)
        implicitHeight: code.implicitWidth
        text: part.model.code
        Accessible.role: Accessible.Graphic
        Accessible.name: qsTr("QR code by which the customer pays")
    }
    ColumnLayout {
        Layout.fillWidth: true
        Layout.alignment: Qt.AlignTop
        spacing: Theme.s12

        StateNote {
            objectName: "pay-offline"
            Layout.fillWidth: true
            visible: part.model.offline
            title: part.model.code !== "" ? qsTr("The code still counts") : qsTr("HQ cannot be reached for a code")
            text: part.model.code !== "" ? qsTr("HQ cannot be reached to end it, and the customer can still pay by it. Let them, try again, or wait until it has run out.") : qsTr("The order is safe and waits for payment: take the money at the till, or try again later from the orders' page.")
            symbol: "wifi-off"
            tone: "warn"
        }
        StateNote {
            objectName: "pay-became"
            Layout.fillWidth: true
            visible: part.model.became !== "" && !part.model.offline
            title: qsTr("Not paid")
            text: part.model.became
            symbol: "hourglass"
            tone: "warn"
        }
        Words {
            Layout.fillWidth: true
            visible: part.model.asking
            text: qsTr("Asking HQ …")
            color: Theme.ink2
        }
        Words {
            objectName: "pay-code-amount"
            Layout.fillWidth: true
            visible: part.model.code !== ""
            text: part.model.codeAmount
            size: Theme.figure
            bold: true
        }
        Words {
            Layout.fillWidth: true
            visible: part.model.code !== ""
            text: qsTr("The customer reads the code with their phone and pays there. What becomes of it shows here by itself.")
            wrapMode: Text.WordWrap
        }
        Words {
            objectName: "pay-countdown"
            Layout.fillWidth: true
            visible: text !== ""
            text: part.model.countdown === "" ? "" : qsTr("Counts for %1").arg(part.model.countdown)
            color: Theme.ink2
        }
        ActionButton {
            objectName: "pay-give-up"
            visible: part.model.code !== ""
            enabled: !part.model.asking
            text: qsTr("Pay another way")
            symbol: "undo-2"
            onClicked: part.model.giveUp()
        }
    }
}
