pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// One line of an order that may come back: how many pieces; once there are some, why and in what state.
ColumnLayout {
    id: line

    required property TakeBackViewModel view
    required property string key
    required property string name
    required property string detail
    required property int qty
    required property string reason
    required property bool sellable

    spacing: Theme.s8

    RowLayout {
        Layout.fillWidth: true
        spacing: Theme.s12

        ColumnLayout {
            Layout.fillWidth: true
            spacing: 0

            Words {
                Layout.fillWidth: true
                text: line.name
                bold: line.qty > 0
                wrapMode: Text.WordWrap
            }
            Words {
                Layout.fillWidth: true
                text: line.detail
                size: Theme.caption
                color: Theme.ink2
                wrapMode: Text.WordWrap
            }
        }
        Stepper {
            visible: line.qty > 0
            value: line.qty
            what: line.name
            onStepped: by => line.view.step(line.key, by)
        }
        ActionButton {
            objectName: "back-line"
            visible: line.qty === 0
            symbol: "plus"
            text: qsTr("Comes back")
            onClicked: line.view.step(line.key, 1)
        }
    }
    RowLayout {
        Layout.fillWidth: true
        visible: line.qty > 0
        spacing: Theme.s16

        Flow {
            Layout.fillWidth: true
            Layout.alignment: Qt.AlignTop
            spacing: Theme.s8

            Repeater {
                model: line.view.reasons

                FilterChip {
                    required property var modelData

                    objectName: "back-" + modelData.key
                    tall: true
                    text: modelData.label
                    chosen: line.reason === modelData.key
                    onClicked: line.view.setReason(line.key, modelData.key)
                }
            }
        }
        FilterChip {
            objectName: "back-sellable"
            Layout.alignment: Qt.AlignTop
            tall: true
            text: line.sellable ? qsTr("Can be sold again") : qsTr("Not to be sold again")
            chosen: line.sellable
            onClicked: line.view.setSellable(line.key, !line.sellable)
        }
    }
}
