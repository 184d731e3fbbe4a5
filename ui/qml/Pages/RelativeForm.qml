pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls

// Somebody of the household: how they belong, name, birthday, gender.
ColumnLayout {
    id: form

    property var relations: []
    property string relation: ""
    property string person: ""
    property string birthday: ""
    property string gender: ""
    property bool known: false
    property string chosenRelation: relation
    property string chosenGender: gender
    signal saved(string relation, string person, string birthday, string gender)
    signal removed
    signal abandoned

    function save() {
        if (chosenRelation.trim() !== "")
            saved(chosenRelation, named.text, born.text, chosenGender)
    }

    spacing: Theme.s8
    Keys.onEscapePressed: abandoned()
    onVisibleChanged: {
        chosenRelation = relation
        chosenGender = gender
        named.text = person
        born.text = birthday
    }

    Flow {
        Layout.fillWidth: true
        spacing: Theme.s8

        Repeater {
            model: form.relations

            FilterChip {
                required property var modelData

                objectName: "relation-" + modelData.key
                text: modelData.label
                chosen: form.chosenRelation === modelData.key
                onClicked: form.chosenRelation = modelData.key
            }
        }
    }
    InputField {
        id: named

        objectName: "relative-name"
        Layout.fillWidth: true
        label: qsTr("Name")
        maximumLength: 120
        onAccepted: form.save()
    }
    InputField {
        id: born

        objectName: "relative-birthday"
        Layout.fillWidth: true
        label: qsTr("Birthday")
        hint: qsTr("MM-DD or YYYY-MM-DD")
        inputMethodHints: Qt.ImhPreferNumbers
        maximumLength: 10
        onAccepted: form.save()
    }
    Flow {
        Layout.fillWidth: true
        spacing: Theme.s8

        Repeater {
            model: [{key: "f", label: qsTr("female")}, {key: "m", label: qsTr("male")}]

            FilterChip {
                required property var modelData

                text: modelData.label
                chosen: form.chosenGender === modelData.key
                onClicked: form.chosenGender = chosen ? "" : modelData.key
            }
        }
    }
    FormFoot {
        Layout.fillWidth: true
        known: form.known
        ready: form.chosenRelation !== ""
        onSaved: form.save()
        onRemoved: form.removed()
        onAbandoned: form.abandoned()
    }
}
