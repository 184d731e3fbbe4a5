pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// Who they are: name, gender, birthday, how they came; each changed by a tap on it.
ProfileCard {
    id: card

    required property MembersViewModel model

    title: qsTr("About them")
    symbol: "user-round"

    EditableValue {
        Layout.fillWidth: true
        objectName: "member-name"
        label: qsTr("Name")
        value: card.model.name
        onSaved: text => card.model.edit("name", text)
    }
    EditableValue {
        Layout.fillWidth: true
        objectName: "member-birthday"
        label: qsTr("Birthday")
        value: card.model.birthday
        typed: card.model.birthdayTyped
        hint: qsTr("MM-DD or YYYY-MM-DD")
        inputMethodHints: Qt.ImhPreferNumbers
        maximumLength: 10
        onSaved: text => card.model.edit("birthday", text)
    }
    RowLayout {
        Layout.fillWidth: true
        spacing: Theme.s12

        Words {
            text: qsTr("Gender")
            color: Theme.ink2
        }
        Flow {
            Layout.fillWidth: true
            layoutDirection: Qt.RightToLeft
            spacing: Theme.s8

            Repeater {
                model: [{key: "x", label: qsTr("other")}, {key: "m", label: qsTr("male")}, {key: "f", label: qsTr("female")}]

                FilterChip {
                    required property var modelData

                    text: modelData.label
                    chosen: card.model.gender === modelData.key
                    onClicked: card.model.edit("gender", chosen ? "" : modelData.key)
                }
            }
        }
    }
    KeyValueRow {
        Layout.fillWidth: true
        visible: card.model.source !== ""
        label: qsTr("How they came")
        value: card.model.source
    }
    KeyValueRow {
        Layout.fillWidth: true
        label: qsTr("Since joining")
        value: card.model.spentAll + " · " + card.model.ordersAll
    }
    KeyValueRow {
        Layout.fillWidth: true
        label: qsTr("Member since")
        value: card.model.joined
    }
}
