pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls

// Lines of a picture, a label and a value. model: FactLine rows.
ColumnLayout {
    id: list

    required property var model

    spacing: 0

    Repeater {
        model: list.model

        RowLayout {
            id: line

            required property string label
            required property string value
            required property string icon
            required property string tone

            Layout.fillWidth: true
            Layout.minimumHeight: Theme.grown(44)
            spacing: Theme.s12
            Accessible.role: Accessible.StaticText
            Accessible.name: label + ": " + value

            Icon {
                name: line.icon
                size: 20
                tone: Theme.ink3
            }
            Words {
                Layout.fillWidth: true
                Layout.minimumWidth: 80
                text: line.label
                color: Theme.ink2
                wrapMode: Text.WordWrap
            }
            Words {
                Layout.maximumWidth: line.width * 0.6
                text: line.value
                bold: true
                color: line.tone === "" ? Theme.ink : Theme.inkOf(line.tone)
                horizontalAlignment: Text.AlignRight
                wrapMode: Text.WrapAnywhere
            }
        }
    }
}
