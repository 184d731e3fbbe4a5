pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// Goods come back: pieces of each line, why and in what state; what the customer gets and why; or on to the basket.
BottomSheet {
    id: sheet

    required property TakeBackViewModel model
    required property bool portrait

    shown: true
    tallest: (portrait ? 900 : 660) + 4 * (Theme.grown(100) - 100)
    // As high as with every line chosen: nothing moves under the finger.
    fits: (note.visible ? note.implicitHeight : 0) + model.lines.count * Theme.grown(portrait ? 190 : 130) + all.height + 2 * Theme.s24 + sum.implicitHeight + foot.height
    title: qsTr("What comes back?")
    detail: qsTr("Order %1").arg(model.number)
    onClosed: model.close()

    Flickable {
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: parent.top
        anchors.bottom: sum.top
        contentHeight: form.implicitHeight + 2 * Theme.s16
        clip: true
        boundsBehavior: Flickable.StopAtBounds

        ColumnLayout {
            id: form

            x: Theme.s24
            y: Theme.s16
            width: parent.width - 2 * x
            spacing: Theme.s12

            StateNote {
                id: note

                Layout.fillWidth: true
                objectName: "back-sold-at"
                visible: sheet.model.soldAt !== ""
                symbol: "store"
                tone: "warn"
                title: qsTr("Bought in another shop: %1").arg(sheet.model.soldAt)
                text: qsTr("The goods come into this shop's stock. For an exchange take them back, then sell what the customer takes instead.")
            }
            Words {
                Layout.fillWidth: true
                objectName: "back-gone"
                visible: sheet.model.gone
                text: qsTr("Nothing of this order is with the customer any more.")
                color: Theme.ink2
                wrapMode: Text.WordWrap
            }
            Repeater {
                model: sheet.model.lines

                TakeBackLine {
                    Layout.fillWidth: true
                    view: sheet.model
                }
            }
            ActionButton {
                id: all

                objectName: "back-all"
                visible: !sheet.model.gone
                kind: "tonal"
                symbol: "undo-2"
                text: qsTr("Everything comes back")
                onClicked: sheet.model.all()
            }
        }
    }
    ColumnLayout {
        id: sum

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.bottom: foot.top
        anchors.leftMargin: Theme.s24
        anchors.rightMargin: Theme.s24
        spacing: Theme.s8

        Divider {
            Layout.fillWidth: true
        }
        RowLayout {
            Layout.fillWidth: true
            visible: sheet.model.goods !== ""

            Words {
                Layout.fillWidth: true
                text: qsTr("Paid for these goods")
                color: Theme.ink2
                wrapMode: Text.WordWrap
            }
            Words {
                text: sheet.model.goods
            }
        }
        Repeater {
            model: sheet.model.why

            Words {
                required property string modelData

                Layout.fillWidth: true
                text: modelData
                size: Theme.caption
                color: Theme.ink2
                wrapMode: Text.WordWrap
            }
        }
        RowLayout {
            Layout.fillWidth: true

            Words {
                Layout.fillWidth: true
                text: qsTr("Back to the customer")
                wrapMode: Text.WordWrap
            }
            Words {
                objectName: "back-refund"
                text: sheet.model.refund
                size: Theme.amount
                bold: true
            }
        }
    }
    SheetFoot {
        id: foot

        ActionButton {
            objectName: "back-exchange"
            visible: sheet.model.soldAt === ""
            enabled: sheet.model.ready
            symbol: "shopping-bag"
            text: qsTr("Exchange")
            onClicked: sheet.model.exchange()
        }
        ActionButton {
            objectName: "back-save"
            kind: "primary"
            enabled: sheet.model.ready
            symbol: "undo-2"
            text: qsTr("Take the goods back")
            onClicked: sheet.model.save()
        }
    }
}
