pragma ComponentBehavior: Bound
import QtQuick
import Theme
import Controls

// Save, leave, take out.
Flow {
    id: foot

    property bool known: false
    property bool ready: true
    signal saved
    signal removed
    signal abandoned

    spacing: Theme.s8

    ActionButton {
        objectName: "form-save"
        kind: "tonal"
        symbol: "check"
        text: qsTr("Save")
        enabled: foot.ready
        onClicked: foot.saved()
    }
    ActionButton {
        kind: "text"
        text: qsTr("Leave as it was")
        onClicked: foot.abandoned()
    }
    ActionButton {
        visible: foot.known
        kind: "text"
        symbol: "trash-2"
        text: qsTr("Take out")
        onClicked: foot.removed()
    }
}
