pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// What is good to know: tags, preferences, sizes, a note. A tap changes or takes away, and the toast gives back.
ProfileCard {
    id: card

    required property MembersViewModel model
    readonly property MemberDetails details: model.details

    title: qsTr("Good to know")
    symbol: "sparkles"

    Flow {
        Layout.fillWidth: true
        spacing: Theme.s8

        Repeater {
            model: card.details.tags

            EditChip {
                required property string key
                required property var model

                objectName: "tag-" + model.text
                text: model.text
                fixed: model.fixed
                tone: model.fixed ? "accent" : "clay"
                symbol: model.fixed ? "zap" : "tag"
                onClicked: card.details.remove("tags", key)
            }
        }
        AddWord {
            id: tag

            objectName: "add-tag"
            text: qsTr("Tag")
            hint: qsTr("A tag")
            onAdded: text => card.details.addTag(text)
        }
        Repeater {
            model: tag.open ? card.details.knownTags : []

            FilterChip {
                required property string modelData

                text: modelData
                onClicked: card.details.addTag(modelData)
            }
        }
    }
    Flow {
        Layout.fillWidth: true
        spacing: Theme.s8

        Repeater {
            model: card.details.likes

            EditChip {
                required property string key
                required property var model

                text: model.text
                symbol: "heart"
                onClicked: card.details.remove("likes", key)
            }
        }
        AddWord {
            objectName: "add-like"
            text: qsTr("Preference")
            hint: qsTr("What they like or avoid")
            onAdded: text => card.details.addLike(text)
        }
    }
    Divider {
        Layout.fillWidth: true
    }
    Flow {
        Layout.fillWidth: true
        spacing: Theme.s8

        Repeater {
            model: card.details.sizes

            EditTile {
                required property string key
                required property var model

                objectName: "size-" + key
                label: model.label
                value: model.value
                onSaved: text => card.details.setSize(key, text)
            }
        }
        Repeater {
            model: card.details.knownSizes

            AddWord {
                required property var modelData

                objectName: "add-size-" + modelData.key
                text: modelData.label
                hint: qsTr("Size")
                fieldWidth: 120
                onAdded: text => card.details.setSize(modelData.key, text)
            }
        }
        AddWord {
            text: qsTr("Another size")
            hint: qsTr("What and how big: hat 58")
            onAdded: text => card.details.addSize(text)
        }
    }
    Divider {
        Layout.fillWidth: true
    }
    EditableValue {
        Layout.fillWidth: true
        objectName: "member-note"
        label: qsTr("Note")
        hint: qsTr("What matters to them")
        value: card.model.note
        maximumLength: 2000
        onSaved: text => card.model.edit("note", text)
    }
}
