pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// The receipt of an order as it comes out of the printer: printed, printed again as a copy, or saved as a PDF.
PaperSheet {
    id: sheet

    required property ReceiptViewModel model

    title: model.title
    detail: model.standing
    rows: model.paper
    paperName: model.title
    onClosed: model.close()

    PrintNote {
        objectName: "print-note"
        Layout.fillWidth: true
        printing: sheet.model.printing
        onChoosePrinter: sheet.model.choosePrinter()
    }
    Flow {
        Layout.fillWidth: true
        visible: sheet.model.choosing
        spacing: Theme.s8

        Repeater {
            model: sheet.model.places

            ActionButton {
                required property string key
                required property string label
                required symbol
                required property int index

                objectName: "place-" + index
                text: label
                onClicked: sheet.model.savePdf(key)
            }
        }
    }
    actions: [
        ActionButton {
            objectName: "receipt-pdf"
            visible: sheet.model.savable
            symbol: "file-text"
            text: qsTr("Save as PDF")
            onClicked: sheet.model.choosePlace()
        },
        ActionButton {
            objectName: "receipt-print"
            kind: "primary"
            enabled: !sheet.model.printing.busy
            symbol: "printer"
            text: sheet.model.copy ? qsTr("Print a copy") : qsTr("Print")
            onClicked: sheet.model.print()
        }
    ]
}
