import QtQuick
import Controls
import StoreGuide

// How printing goes: what is wrong with the printer and what to do, as long as it is.
Banner {
    id: note

    required property Printing printing
    signal choosePrinter

    visible: printing.problem !== "" || printing.busy
    tone: printing.busy ? "neutral" : "bad"
    symbol: "printer"
    lead: printing.busy ? qsTr("Printing") : qsTr("Not printed")
    text: printing.busy ? qsTr("You can go on working; the sheet need not stay open.") : printing.problem
    action: printing.busy ? qsTr("Cancel") : printing.needsPrinter ? qsTr("Choose a printer") : ""
    onPressed: {
        if (printing.busy)
            printing.cancel()
        else
            choosePrinter()
    }
}
