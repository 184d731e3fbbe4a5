pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// What of an order was paid and given back, leg by leg, and what is owed or to be given back.
ColumnLayout {
    id: part

    required property OrdersViewModel model

    spacing: Theme.s4

    Repeater {
        model: part.model.legs

        RowLayout {
            id: leg

            required property string label
            required property string amount

            Layout.fillWidth: true

            Words {
                Layout.fillWidth: true
                text: leg.label
                size: Theme.caption
                color: Theme.ink2
                wrapMode: Text.WordWrap
            }
            Words {
                text: leg.amount
                size: Theme.caption
            }
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
