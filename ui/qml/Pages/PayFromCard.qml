pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// By which gift card it is paid: what each has at HQ's last word, and what of it this tablet can spend with no network.
ColumnLayout {
    id: part

    required property PayViewModel model
    required property bool portrait

    spacing: Theme.s12

    StateNote {
        objectName: "pay-card-offline"
        Layout.fillWidth: true
        visible: part.model.offline
        title: qsTr("HQ cannot be reached for the card")
        text: part.model.cardHere
        symbol: "wifi-off"
        tone: "warn"
    }
    Words {
        objectName: "pay-no-card"
        Layout.fillWidth: true
        visible: part.model.cards.none
        text: qsTr("Type or scan the card that the customer has in hand.")
        color: Theme.ink2
        wrapMode: Text.WordWrap
    }
    Repeater {
        model: part.model.cards.rows

        Pressable {
            id: tile

            required property string key
            required property string title
            required property string balance
            required property string here
            required property bool selected

            objectName: "pay-card-" + tile.key
            Layout.fillWidth: true
            implicitHeight: Math.max(Theme.grown(56), said.implicitHeight + 2 * Theme.s12)
            Accessible.role: Accessible.RadioButton
            Accessible.name: tile.title + " " + tile.balance
            Accessible.checkable: true
            Accessible.checked: tile.selected
            onClicked: part.model.cards.choose(tile.key)

            background: Rectangle {
                radius: Theme.radiusControl
                color: tile.selected ? Theme.accentSoft : tile.down ? Theme.sunken : Theme.raised
                border.width: tile.selected ? 2 : 1
                border.color: tile.selected ? Theme.accent : Theme.line
            }
            contentItem: RowLayout {
                id: said

                spacing: Theme.s12

                Icon {
                    Layout.leftMargin: Theme.s16
                    name: tile.selected ? "check" : "gift"
                    size: 22
                    tone: tile.selected ? Theme.accentInk : Theme.ink2
                }
                ColumnLayout {
                    Layout.fillWidth: true
                    spacing: 2

                    Words {
                        Layout.fillWidth: true
                        text: tile.title
                        wrapMode: Text.Wrap
                    }
                    Words {
                        Layout.fillWidth: true
                        visible: tile.here !== ""
                        text: tile.here
                        size: Theme.caption
                        color: Theme.ink2
                        wrapMode: Text.WordWrap
                    }
                }
                Words {
                    Layout.rightMargin: Theme.s16
                    text: tile.balance
                    bold: true
                }
            }
        }
    }
    GridLayout {
        Layout.fillWidth: true
        columns: part.portrait ? 1 : 3
        columnSpacing: Theme.s12
        rowSpacing: Theme.s8

        InputField {
            objectName: "pay-card-number"
            Layout.fillWidth: true
            Layout.alignment: Qt.AlignTop
            label: qsTr("Number of a gift card")
            problem: part.model.cards.said
            text: part.model.cards.number
            inputMethodHints: Qt.ImhDigitsOnly
            maximumLength: 24
            onEdited: text => part.model.cards.setNumber(text)
        }
        InputField {
            objectName: "pay-card-pin"
            Layout.fillWidth: true
            Layout.alignment: Qt.AlignTop
            label: qsTr("Its PIN")
            text: part.model.cards.pin
            inputMethodHints: Qt.ImhDigitsOnly
            maximumLength: 12
            onEdited: text => part.model.cards.setPin(text)
            onAccepted: part.model.cards.find()
        }
        ActionButton {
            objectName: "pay-card-find"
            Layout.alignment: Qt.AlignBottom
            enabled: part.model.cards.findable
            symbol: "search"
            text: part.model.cards.looking ? qsTr("Asking HQ …") : qsTr("Find the card")
            onClicked: part.model.cards.find()
        }
    }
}
