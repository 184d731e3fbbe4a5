pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// Who sold it: lines to choose from, guides to tap in and out, and how much each has.
ColumnLayout {
    id: form

    required property SharesViewModel model
    property bool editable: true

    spacing: Theme.s16

    Flow {
        Layout.fillWidth: true
        visible: form.editable && lines.count > 0
        spacing: Theme.s8

        Repeater {
            id: lines

            model: form.model.lines

            FilterChip {
                required property string key
                required property string label
                required property bool selected

                objectName: "reshare-line"
                text: label
                chosen: selected
                onClicked: form.model.chooseLine(key)
            }
        }
    }
    Words {
        visible: form.editable
        text: qsTr("Who sold it")
        color: Theme.ink2
    }
    Flow {
        Layout.fillWidth: true
        visible: form.editable
        spacing: Theme.s8

        Repeater {
            model: form.model.guides

            FilterChip {
                required property string key
                required property string label
                required property bool selected

                objectName: "reshare-guide"
                tall: true
                text: label
                chosen: selected
                onClicked: form.model.toggle(key)
            }
        }
    }
    Repeater {
        id: parts

        model: form.model.parts

        RowLayout {
            id: part

            required property string key
            required property string name
            required property string percent

            Layout.fillWidth: true
            spacing: Theme.s12

            Words {
                Layout.fillWidth: true
                text: part.name
                wrapMode: Text.WordWrap
            }
            IconButton {
                visible: form.editable && parts.count > 1
                symbol: "minus"
                name: qsTr("Less for %1").arg(part.name)
                onClicked: form.model.step(part.key, -1)
            }
            Words {
                objectName: "reshare-percent"
                Layout.minimumWidth: Theme.grown(80)
                horizontalAlignment: Text.AlignHCenter
                text: part.percent
                size: Theme.strong
                bold: true
            }
            IconButton {
                visible: form.editable && parts.count > 1
                symbol: "plus"
                name: qsTr("More for %1").arg(part.name)
                onClicked: form.model.step(part.key, 1)
            }
        }
    }
}
