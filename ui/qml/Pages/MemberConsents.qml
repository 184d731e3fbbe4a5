pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// What they agreed to, item by item, with the words of each in both languages; and what that leaves for offers.
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
            required property string text_en
            required property string text_zh
            property bool read: false

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
                ActionButton {
                    objectName: "read-" + consent.key
                    kind: "text"
                    symbol: consent.read ? "chevron-up" : "file-text"
                    text: consent.read ? qsTr("Close the text") : qsTr("Read the text")
                    onClicked: consent.read = !consent.read
                }
                Words {
                    Layout.fillWidth: true
                    visible: consent.read
                    text: consent.text_zh + "\n\n" + consent.text_en
                    wrapMode: Text.WordWrap
                }
            }
            Toggle {
                objectName: "agrees-" + consent.key
                name: consent.title
                on: consent.granted
                onAsked: on => card.model.setConsent(consent.key, on)
            }
        }
    }
    Words {
        Layout.fillWidth: true
        text: qsTr("Offers may come by")
        size: Theme.caption
        color: Theme.ink2
    }
    Repeater {
        model: card.model.reach

        RowLayout {
            id: way

            required property string channel
            required property string why_not

            Layout.fillWidth: true
            spacing: Theme.s8

            Icon {
                name: way.why_not === "" ? "circle-check" : "circle-x"
                size: 20
                tone: way.why_not === "" ? Theme.good : Theme.ink3
            }
            Words {
                Layout.fillWidth: true
                text: way.why_not === "" ? way.channel : way.channel + ": " + way.why_not
                wrapMode: Text.WordWrap
            }
        }
    }
}
