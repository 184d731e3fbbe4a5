pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// What of an order is owed or to be given back, and how.
RowLayout {
    id: part

    required property OrdersViewModel model

    visible: part.model.moneyLeft !== ""
    spacing: Theme.s12

    Words {
        objectName: "order-money-left"
        Layout.fillWidth: true
        text: part.model.moneyLeft
        color: Theme.warn
        bold: true
        wrapMode: Text.WordWrap
    }
    ActionButton {
        objectName: "order-pay"
        visible: part.model.payable
        kind: "primary"
        symbol: "hand-coins"
        text: qsTr("Take payment")
        onClicked: part.model.pay()
    }
    ActionButton {
        objectName: "order-refund"
        visible: part.model.refundable
        kind: "primary"
        symbol: "undo-2"
        text: qsTr("Give it back")
        onClicked: part.model.refund()
    }
}
