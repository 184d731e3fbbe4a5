pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// The whole order's price: before, what was taken off, what is to pay; and every promotion that did not apply, with its reason.
BottomSheet {
    id: sheet

    required property OrderViewModel model
    required property bool portrait

    shown: true
    onClosed: model.closeSheet()
    tallest: Theme.grown(640)
    fits: body.implicitHeight + 2 * Theme.s20 + foot.height
    title: qsTr("Why this price")
    detail: model.savedWords

    Flickable {
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: parent.top
        anchors.bottom: foot.top
        contentHeight: body.implicitHeight + 2 * Theme.s20
        clip: true
        boundsBehavior: Flickable.StopAtBounds

        ColumnLayout {
            id: body

            x: Theme.s24
            y: Theme.s20
            width: parent.width - 2 * x
            spacing: Theme.s12

            ReasonRows {
                objectName: "order-reasons"
                Layout.fillWidth: true
                reasons: sheet.model.orderReasons
            }
            Divider {
                Layout.fillWidth: true
                visible: others.reasons.length > 0
            }
            Words {
                Layout.fillWidth: true
                visible: others.reasons.length > 0
                text: qsTr("What did not apply")
                bold: true
                wrapMode: Text.WordWrap
                Accessible.role: Accessible.Heading
            }
            ReasonRows {
                id: others

                objectName: "order-not-applied"
                Layout.fillWidth: true
                reasons: sheet.model.notApplied
            }
        }
    }
    SheetFoot {
        id: foot

        ActionButton {
            objectName: "order-take-off"
            symbol: "percent"
            text: qsTr("Take something off the order")
            onClicked: sheet.model.takeOff("")
        }
    }
}
