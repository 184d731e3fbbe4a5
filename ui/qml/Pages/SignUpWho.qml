pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// Who signs up, and who sent them.
GridLayout {
    id: form

    required property SignUpViewModel model
    property bool customer: false
    readonly property bool narrow: width < Theme.grown(440)

    columns: form.narrow ? 1 : 2
    columnSpacing: Theme.s16
    rowSpacing: Theme.s12
    uniformCellWidths: true

    InputField {
        objectName: "name"
        Layout.fillWidth: true
        Layout.alignment: Qt.AlignTop
        label: qsTr("Name")
        hint: form.customer ? "" : qsTr("As the customer says it")
        text: form.model.name
        problem: form.model.problems.name ?? ""
        maximumLength: 120
        onEdited: text => form.model.setField("name", text)
    }
    InputField {
        objectName: "birthday"
        Layout.fillWidth: true
        Layout.alignment: Qt.AlignTop
        label: qsTr("Birthday (optional)")
        hint: qsTr("Month-day, 05-20")
        text: form.model.birthday
        problem: form.model.problems.birthday ?? ""
        maximumLength: 10
        onEdited: text => form.model.setField("birthday", text)
    }
    ColumnLayout {
        Layout.fillWidth: true
        Layout.alignment: Qt.AlignTop
        spacing: 6

        Words {
            text: qsTr("Gender (optional)")
            size: Theme.caption
            color: Theme.ink2
        }
        Segmented {
            Layout.fillWidth: true
            name: qsTr("Gender (optional)")
            current: form.model.gender
            model: [
                {key: "", label: qsTr("Not told")},
                {key: "f", label: qsTr("Woman")},
                {key: "m", label: qsTr("Man")}
            ]
            onChosen: key => form.model.setField("gender", key)
        }
    }
    ColumnLayout {
        Layout.fillWidth: true
        Layout.alignment: Qt.AlignTop
        spacing: Theme.s4

        InputField {
            objectName: "referrer"
            Layout.fillWidth: true
            label: qsTr("Sent by (optional)")
            hint: form.customer ? qsTr("Their phone or number") : qsTr("A member's phone or number")
            text: form.model.referrer
            maximumLength: 120
            onEdited: text => form.model.setField("referrer", text)
        }
        Words {
            objectName: "referrer-found"
            Layout.fillWidth: true
            visible: text !== "" && !form.customer
            text: form.model.referrerFound
            size: Theme.caption
            color: form.model.referrerKnown ? Theme.good : Theme.ink2
            wrapMode: Text.WordWrap
        }
    }
}
