pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls

// One of the three taps.
ColumnLayout {
    id: step

    required property int number
    required property string title
    required property var choices
    property bool open: true
    property int columns: 2
    signal chosen(string key)

    spacing: Theme.s12

    RowLayout {
        Layout.fillWidth: true
        spacing: Theme.s8

        Rectangle {
            implicitWidth: Theme.grown(26)
            implicitHeight: implicitWidth
            radius: width / 2
            color: Theme.accent

            Words {
                anchors.centerIn: parent
                text: Number(step.number).toLocaleString(Qt.locale(), "f", 0)
                bold: true
                color: Theme.overAccent
                Accessible.ignored: true
            }
        }
        Words {
            Layout.fillWidth: true
            text: step.title
            size: Theme.strong
            bold: true
            wrapMode: Text.WordWrap
            Accessible.role: Accessible.Heading
        }
    }
    GridLayout {
        Layout.fillWidth: true
        Layout.fillHeight: false
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
                Layout.fillHeight: true
                text: label
                chosen: selected
                enabled: step.open
                opacity: step.open || selected ? 1 : Theme.disabled
                onClicked: step.chosen(key)
            }
        }
    }
}
