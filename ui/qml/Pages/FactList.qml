pragma ComponentBehavior: Bound
import QtQuick
import Theme
import Controls

// Lines of a picture, a label and a value, in one column or more. model: FactLine rows.
Grid {
    id: list

    required property var model

    columns: 1
    columnSpacing: Theme.s32

    Repeater {
        model: list.model

        Item {
            id: line

            required property string label
            required property string value
            required property string icon
            required property string tone

            width: (list.width - (list.columns - 1) * list.columnSpacing) / list.columns
            implicitHeight: Math.max(Theme.grown(44), said.implicitHeight + Theme.s8, told.implicitHeight + Theme.s8)
            Accessible.role: Accessible.StaticText
            Accessible.name: label + ": " + value

            TextMetrics {
                id: natural

                font: told.font
                text: line.value
            }
            Icon {
                id: picture

                anchors.verticalCenter: parent.verticalCenter
                name: line.icon
                size: 20
                tone: Theme.ink3
            }
            Words {
                id: said

                anchors.left: picture.right
                anchors.leftMargin: Theme.s12
                anchors.right: told.left
                anchors.rightMargin: Theme.s12
                anchors.verticalCenter: parent.verticalCenter
                text: line.label
                color: Theme.ink2
                wrapMode: Text.WordWrap
            }
            Words {
                id: told

                anchors.right: parent.right
                anchors.verticalCenter: parent.verticalCenter
                width: Math.min(Math.ceil(natural.advanceWidth) + 2, line.width * 0.55)
                text: line.value
                bold: true
                color: line.tone === "" ? Theme.ink : Theme.inkOf(line.tone)
                horizontalAlignment: Text.AlignRight
                wrapMode: Text.Wrap
            }
        }
    }
}
