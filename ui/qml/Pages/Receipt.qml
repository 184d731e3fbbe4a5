pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// The receipt of an order as it comes out of the printer: printed, printed again as a copy, or saved as a PDF.
BottomSheet {
    id: sheet

    required property ReceiptViewModel model
    required property bool portrait

    shown: true
    tallest: portrait ? 1200 : 760
    title: model.title
    detail: model.standing
    onClosed: model.close()

    ColumnLayout {
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: parent.top
        anchors.bottom: foot.top
        anchors.leftMargin: Theme.s24
        anchors.rightMargin: Theme.s24
        anchors.topMargin: Theme.s12
        spacing: Theme.s12

        PrintNote {
            objectName: "print-note"
            Layout.fillWidth: true
            printing: sheet.model.printing
            onChoosePrinter: sheet.model.choosePrinter()
        }
        Card {
            Layout.alignment: Qt.AlignHCenter
            Layout.preferredWidth: Math.min(sheet.width - 2 * Theme.s48, Theme.grown(460))
            Layout.fillHeight: true

            Paper {
                anchors.fill: parent
                name: sheet.model.title
                rows: sheet.model.paper
            }
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
    }
    SheetFoot {
        id: foot

        ActionButton {
            objectName: "receipt-pdf"
            visible: sheet.model.savable
            symbol: "file-text"
            text: qsTr("Save as PDF")
            onClicked: sheet.model.choosePlace()
        }
        ActionButton {
            objectName: "receipt-print"
            kind: "primary"
            enabled: !sheet.model.printing.busy
            symbol: "printer"
            text: sheet.model.copy ? qsTr("Print a copy") : qsTr("Print")
            onClicked: sheet.model.print()
        }
    }
}
