pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// What of an order is owed or to be given back, and how; and what a payment service has been asked to give back.
ColumnLayout {
    id: part

    required property OrdersViewModel model

    visible: part.model.moneyLeft !== "" || part.model.cardsWanting || ways.count > 0
    spacing: Theme.s8

    Repeater {
        id: ways

        model: part.model.onItsWay

        Words {
            required property string modelData

            objectName: "order-on-its-way"
            Layout.fillWidth: true
            text: modelData
            size: Theme.caption
            color: Theme.ink2
            wrapMode: Text.WordWrap
        }
    }
    RowLayout {
        Layout.fillWidth: true
        visible: part.model.cardsWanting
        spacing: Theme.s12

        Words {
            Layout.fillWidth: true
            text: qsTr("A gift card of this order was not handed over yet")
            wrapMode: Text.WordWrap
        }
        ActionButton {
            objectName: "order-hand-card"
            symbol: "gift"
            text: qsTr("Hand over the card")
            onClicked: part.model.handCard()
        }
    }
    RowLayout {
        Layout.fillWidth: true
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
            objectName: "order-refund-cash"
            visible: part.model.refundableInCash
            symbol: "banknote"
            text: qsTr("In cash")
            onClicked: part.model.refundInCash()
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
}
