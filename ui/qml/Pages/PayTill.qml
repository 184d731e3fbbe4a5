pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// How much of what is owed, and of cash what was handed over and what goes back.
ColumnLayout {
    id: till

    required property PayViewModel model

    spacing: Theme.s12

    InputField {
        objectName: "pay-amount"
        Layout.fillWidth: true
        label: qsTr("Amount")
        problem: till.model.problem
        big: true
        text: till.model.amountText
        inputMethodHints: Qt.ImhFormattedNumbersOnly
        maximumLength: 16
        onEdited: text => till.model.setAmount(text)
        onAccepted: till.model.take()
    }
    ColumnLayout {
        Layout.fillWidth: true
        visible: till.model.method === "cash"
        spacing: Theme.s8

        InputField {
            objectName: "pay-given"
            Layout.fillWidth: true
            label: qsTr("Cash handed over (optional)")
            problem: till.model.givenProblem
            text: till.model.givenText
            inputMethodHints: Qt.ImhFormattedNumbersOnly
            maximumLength: 16
            onEdited: text => till.model.setGiven(text)
            onAccepted: till.model.take()
        }
        Flow {
            Layout.fillWidth: true
            spacing: Theme.s8

            Repeater {
                model: till.model.handed

                FilterChip {
                    required property string key
                    required property string label
                    required property bool selected

                    tall: true
                    text: label
                    chosen: selected
                    onClicked: till.model.setGiven(key)
                }
            }
        }
        RowLayout {
            Layout.fillWidth: true
            visible: till.model.change !== ""

            Words {
                Layout.fillWidth: true
                text: qsTr("Change to give back")
                color: Theme.ink2
                wrapMode: Text.WordWrap
            }
            Words {
                objectName: "pay-change"
                text: till.model.change
                size: Theme.amount
                bold: true
            }
        }
    }
}
