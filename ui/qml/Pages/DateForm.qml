pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls

// A day that matters: what it is, and when.
ColumnLayout {
    id: form

    property string label: ""
    property string day: ""
    property bool known: false
    signal saved(string label, string day)
    signal removed
    signal abandoned

    function save() {
        if (what.text.trim() !== "" && when.text.trim() !== "")
            saved(what.text, when.text)
    }

    spacing: Theme.s8
    Keys.onEscapePressed: abandoned()
    onVisibleChanged: {
        what.text = label
        when.text = day
    }

    InputField {
        id: what

        objectName: "date-label"
        Layout.fillWidth: true
        label: qsTr("Occasion")
        hint: qsTr("Wedding day, name day")
        maximumLength: 120
        onAccepted: form.save()
    }
    InputField {
        id: when

        objectName: "date-day"
        Layout.fillWidth: true
        label: qsTr("Day")
        hint: qsTr("MM-DD or YYYY-MM-DD")
        inputMethodHints: Qt.ImhPreferNumbers
        maximumLength: 10
        onAccepted: form.save()
    }
    FormFoot {
        Layout.fillWidth: true
        known: form.known
        ready: what.text.trim() !== "" && when.text.trim() !== ""
        onSaved: form.save()
        onRemoved: form.removed()
        onAbandoned: form.abandoned()
    }
}
