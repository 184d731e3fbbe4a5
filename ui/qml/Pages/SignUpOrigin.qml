pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// How they came, and what brought them.
ColumnLayout {
    id: form

    required property SignUpViewModel model

    spacing: Theme.s16

    ColumnLayout {
        Layout.fillWidth: true
        spacing: 6

        Words {
            text: qsTr("How they came")
            size: Theme.caption
            color: Theme.ink2
        }
        Flow {
            Layout.fillWidth: true
            spacing: Theme.s8

            Repeater {
                model: form.model.sources

                FilterChip {
                    required property string key
                    required property string label
                    required property bool selected

                    text: label
                    chosen: selected
                    onClicked: form.model.setField("source", key)
                }
            }
        }
    }
    ColumnLayout {
        Layout.fillWidth: true
        visible: touchPoints.count > 0
        spacing: 6

        Words {
            text: qsTr("What brought them")
            size: Theme.caption
            color: Theme.ink2
        }
        Flow {
            Layout.fillWidth: true
            spacing: Theme.s8

            Repeater {
                id: touchPoints

                model: form.model.touchPoints

                FilterChip {
                    required property string key
                    required property string label
                    required property bool selected

                    objectName: "touch-" + key
                    text: label
                    chosen: selected
                    onClicked: form.model.setField("touch_point", selected ? "" : key)
                }
            }
        }
    }
}
