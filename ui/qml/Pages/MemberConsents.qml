pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// What they agreed to, item by item.
ProfileCard {
    id: card

    required property MembersViewModel model

    title: qsTr("What they agreed to")
    symbol: "shield-check"

    Repeater {
        model: card.model.consents

        RowLayout {
            id: consent

            required property string key
            required property string title
            required property string detail
            required property bool granted

            Layout.fillWidth: true
            spacing: Theme.s12

            ColumnLayout {
                Layout.fillWidth: true
                spacing: 0

                Words {
                    Layout.fillWidth: true
                    text: consent.title
                    wrapMode: Text.WordWrap
                }
                Words {
                    Layout.fillWidth: true
                    text: consent.detail
                    size: Theme.caption
                    color: Theme.ink2
                    wrapMode: Text.WordWrap
                }
            }
            Toggle {
                name: consent.title
                on: consent.granted
                onAsked: on => card.model.setConsent(consent.key, on)
            }
        }
    }
}
