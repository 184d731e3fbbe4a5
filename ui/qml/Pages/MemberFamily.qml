pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// The household and the days that matter. A tap on a line opens it in its place.
ProfileCard {
    id: card

    required property MembersViewModel model
    readonly property MemberDetails details: model.details
    property string open: ""

    title: qsTr("Household and dates")
    symbol: "baby"

    Connections {
        target: card.model

        function onFieldsChanged() {
            card.open = ""
        }
    }
    Repeater {
        model: card.details.household

        ColumnLayout {
            id: relative

            required property string key
            required property string relation
            required property string name
            required property string birthday
            required property string gender
            required property string title
            required property string detail

            Layout.fillWidth: true
            spacing: 0

            ElementRow {
                Layout.fillWidth: true
                symbol: relative.relation === "pet" ? "footprints" : "user-round"
                title: relative.title
                detail: relative.detail
                visible: card.open !== relative.key
                onClicked: card.open = relative.key
            }
            RelativeForm {
                Layout.fillWidth: true
                visible: card.open === relative.key
                relations: card.details.relations
                relation: relative.relation
                person: relative.name
                birthday: relative.birthday
                gender: relative.gender
                known: true
                onSaved: (relation, person, birthday, gender) => {
                    card.open = ""
                    card.details.setRelative(relative.key, relation, person, birthday, gender)
                }
                onRemoved: card.details.remove("household", relative.key)
                onAbandoned: card.open = ""
            }
        }
    }
    Repeater {
        model: card.details.dates

        ColumnLayout {
            id: date

            required property string key
            required property string label
            required property string day
            required property string shown
            required property string soon

            Layout.fillWidth: true
            spacing: 0

            ElementRow {
                Layout.fillWidth: true
                symbol: "calendar-days"
                title: date.label
                detail: date.shown + " · " + date.soon
                visible: card.open !== date.key
                onClicked: card.open = date.key
            }
            DateForm {
                Layout.fillWidth: true
                visible: card.open === date.key
                label: date.label
                day: date.day
                known: true
                onSaved: (label, day) => {
                    card.open = ""
                    card.details.setDate(date.key, label, day)
                }
                onRemoved: card.details.remove("dates", date.key)
                onAbandoned: card.open = ""
            }
        }
    }
    RelativeForm {
        Layout.fillWidth: true
        visible: card.open === "new-relative"
        relations: card.details.relations
        onSaved: (relation, person, birthday, gender) => {
            card.open = ""
            card.details.setRelative("", relation, person, birthday, gender)
        }
        onAbandoned: card.open = ""
    }
    DateForm {
        Layout.fillWidth: true
        visible: card.open === "new-date"
        onSaved: (label, day) => {
            card.open = ""
            card.details.setDate("", label, day)
        }
        onAbandoned: card.open = ""
    }
    Flow {
        Layout.fillWidth: true
        spacing: Theme.s8
        visible: card.open === ""

        ActionButton {
            objectName: "add-relative"
            kind: "tonal"
            symbol: "plus"
            text: qsTr("Somebody")
            onClicked: card.open = "new-relative"
        }
        ActionButton {
            objectName: "add-date"
            kind: "tonal"
            symbol: "calendar-plus"
            text: qsTr("A date")
            onClicked: card.open = "new-date"
        }
    }
}
