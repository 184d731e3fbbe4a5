pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// Everything that happened, newest first, with filters.
ProfileCard {
    id: card

    required property MembersViewModel model

    title: qsTr("What happened")
    symbol: "history"

    Flow {
        Layout.fillWidth: true
        spacing: Theme.s8

        Repeater {
            model: card.model.groups

            FilterChip {
                required property string key
                required property string label
                required property bool selected

                objectName: "story-" + key
                text: label
                chosen: selected
                onClicked: card.model.showGroup(key)
            }
        }
    }
    Words {
        Layout.fillWidth: true
        visible: entries.count === 0
        text: qsTr("Nothing of this kind yet.")
        color: Theme.ink2
        wrapMode: Text.WordWrap
    }
    ColumnLayout {
        Layout.fillWidth: true
        spacing: 0

        Repeater {
            id: entries

            model: card.model.timeline

            TimelineItem {
                required property string kind

                Layout.fillWidth: true
                count: entries.count
                onOpened: kind === "quotation" ? card.model.openQuotation(opens) : card.model.openOrder(opens)
            }
        }
    }
    ActionButton {
        visible: card.model.earlier
        kind: "text"
        symbol: "chevron-down"
        text: qsTr("Show what was earlier")
        onClicked: card.model.showEarlier()
    }
}
