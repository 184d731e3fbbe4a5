import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// A gift card that was sold goes over the counter: its number, scanned or typed; one card after the other.
BottomSheet {
    id: sheet

    required property HandCardViewModel model
    required property bool portrait

    shown: true
    tallest: (portrait ? 560 : 440) + 2 * (Theme.grown(100) - 100)
    fits: form.implicitHeight + 2 * Theme.s20 + foot.height
    title: qsTr("Hand over a gift card")
    detail: model.orderWords
    onClosed: model.close()

    Flickable {
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
            width: parent.width - 2 * x
            spacing: Theme.s16

            Words {
                objectName: "hand-card-title"
                Layout.fillWidth: true
                text: sheet.model.title
                bold: true
                wrapMode: Text.Wrap
            }
            InputField {
                objectName: "hand-card-number"
                Layout.fillWidth: true
                label: qsTr("Number of the gift card")
                problem: sheet.model.problem
                big: true
                text: sheet.model.number
                inputMethodHints: Qt.ImhDigitsOnly
                maximumLength: 24
                onEdited: text => sheet.model.setNumber(text)
                onAccepted: sheet.model.save()
            }
            Words {
                Layout.fillWidth: true
                text: qsTr("The card has its value once the order is paid and HQ has heard of it.")
                size: Theme.caption
                color: Theme.ink2
                wrapMode: Text.WordWrap
            }
        }
    }
    SheetFoot {
        id: foot

        ActionButton {
            objectName: "hand-card-later"
            text: qsTr("Later")
            onClicked: sheet.model.close()
        }
        ActionButton {
            objectName: "hand-card-save"
            kind: "primary"
            symbol: "gift"
            enabled: sheet.model.ready
            text: qsTr("The customer has it")
            onClicked: sheet.model.save()
        }
    }
}
