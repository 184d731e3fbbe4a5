pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// A day of the shop: its figures as they are printed, what HQ does not have yet, and closing it.
PaperSheet {
    id: sheet

    required property DayCloseViewModel model

    title: qsTr("Day's close")
    detail: model.dayWords
    rows: model.paper
    paperName: qsTr("Day's close")
    paperAside: model.closing
    onClosed: model.close()

    RowLayout {
        Layout.fillWidth: true
        spacing: Theme.s12

        IconButton {
            objectName: "day-earlier"
            symbol: "chevron-left"
            framed: true
            name: qsTr("The day before")
            enabled: sheet.model.earlier
            onClicked: sheet.model.step(1)
        }
        IconButton {
            symbol: "chevron-right"
            framed: true
            name: qsTr("The day after")
            enabled: sheet.model.later
            onClicked: sheet.model.step(-1)
        }
        Item { Layout.fillWidth: true }
        Segmented {
            visible: sheet.model.manager
            name: qsTr("Whose figures")
            model: [{ key: "shop", label: qsTr("The shop") }, { key: "mine", label: qsTr("Mine") }]
            current: sheet.model.mine ? "mine" : "shop"
            onChosen: key => sheet.model.setWhose(key)
        }
    }
    Flow {
        Layout.fillWidth: true
        visible: closes.count > 0
        spacing: Theme.s8

        Repeater {
            id: closes

            model: sheet.model.closes

            FilterChip {
                required property string key
                required property string label
                required property bool selected

                objectName: "close-" + key
                tall: true
                text: label
                chosen: selected
                onClicked: sheet.model.choose(key)
            }
        }
    }
    Banner {
        objectName: "day-waiting"
        Layout.fillWidth: true
        visible: text !== ""
        symbol: "cloud-upload"
        text: sheet.model.waiting
    }
    Banner {
        objectName: "day-after"
        Layout.fillWidth: true
        visible: text !== ""
        symbol: "history"
        text: sheet.model.after
    }
    PrintNote {
        Layout.fillWidth: true
        printing: sheet.model.printing
        onChoosePrinter: sheet.model.choosePrinter()
    }
    ColumnLayout {
        Layout.fillWidth: true
        visible: sheet.model.closing
        spacing: Theme.s12

        InputField {
            objectName: "day-cash"
            Layout.fillWidth: true
            label: qsTr("Cash counted (may be left out)")
            problem: sheet.model.cashProblem
            hint: "0.00"
            big: true
            text: sheet.model.cash
            maximumLength: 16
            inputMethodHints: Qt.ImhFormattedNumbersOnly
            onEdited: text => sheet.model.setCash(text)
        }
        Words {
            Layout.fillWidth: true
            visible: text !== ""
            text: sheet.model.difference
            wrapMode: Text.WordWrap
        }
        Flow {
            Layout.fillWidth: true
            visible: sheet.model.differs
            spacing: Theme.s8

            Repeater {
                model: sheet.model.reasons

                FilterChip {
                    required property string key
                    required property string label
                    required property bool selected

                    objectName: "reason-" + key
                    tall: true
                    text: label
                    chosen: selected
                    onClicked: sheet.model.chooseReason(key)
                }
            }
        }
    }
    actions: [
        ActionButton {
            visible: sheet.model.closing
            text: qsTr("Not yet")
            onClicked: sheet.model.cancel()
        },
        ActionButton {
            objectName: "day-print"
            visible: !sheet.model.closing
            enabled: !sheet.model.printing.busy
            symbol: "printer"
            text: qsTr("Print")
            onClicked: sheet.model.print()
        },
        ActionButton {
            objectName: "day-close"
            visible: sheet.model.closable
            kind: "primary"
            enabled: !sheet.model.closing || sheet.model.ready
            symbol: "calendar-check"
            text: qsTr("Close the day")
            onClicked: {
                if (sheet.model.closing)
                    sheet.model.save()
                else
                    sheet.model.ask()
            }
        }
    ]
}
