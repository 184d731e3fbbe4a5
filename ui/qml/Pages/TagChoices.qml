pragma ComponentBehavior: Bound
import QtQuick
import Theme
import Controls
import StoreGuide

// The tags that the list can be narrowed to, those of most members first; what does not fit is scrolled to.
Flickable {
    id: choices

    required property MemberListViewModel model

    visible: model.choosingTag
    implicitHeight: visible ? Math.min(all.height, Theme.grown(200)) : 0
    contentHeight: all.height
    clip: true
    boundsBehavior: Flickable.StopAtBounds

    Flow {
        id: all

        width: choices.width
        spacing: Theme.s8

        Words {
            visible: tags.count === 0
            text: qsTr("Nobody carries a tag yet.")
            size: Theme.caption
            color: Theme.ink2
        }
        Repeater {
            id: tags

            model: choices.model.tagChoices

            FilterChip {
                required property string key
                required property var model

                objectName: "tag-choice-" + key
                text: model.text
                onClicked: choices.model.showTag(key)
            }
        }
    }
}
