pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls

// One of the three taps.
ColumnLayout {
    id: step

    required property string title
    required property var choices
    property bool open: true
    property int columns: 2
    signal chosen(string key)

    spacing: Theme.s8

    Words {
        text: step.title
        bold: true
    }
    GridLayout {
        Layout.fillWidth: true
        columns: step.columns
        columnSpacing: Theme.s8
        rowSpacing: Theme.s8
        uniformCellWidths: true

        Repeater {
            model: step.choices

            ChoiceTile {
                required property string key
                required property string label
                required symbol
                required property bool selected

                objectName: "talk-" + key
                Layout.fillWidth: true
                text: label
                chosen: selected
                enabled: step.open
                onClicked: step.chosen(key)
            }
        }
    }
}
