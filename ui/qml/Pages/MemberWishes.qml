pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// What they wish for, with today's price and what this shop has of it; a product is added by searching or scanning it.
ProfileCard {
    id: card

    required property MembersViewModel model
    readonly property MemberDetails details: model.details

    title: qsTr("Wish list")
    symbol: "heart"

    Words {
        Layout.fillWidth: true
        visible: wishes.count === 0
        text: qsTr("Nothing yet. Search a product, and it stands here for every guide.")
        color: Theme.ink2
        wrapMode: Text.WordWrap
    }
    Repeater {
        id: wishes

        model: card.details.wishes

        WishRow {
            id: wish

            Layout.fillWidth: true

            IconButton {
                symbol: "x"
                name: qsTr("Take out: %1").arg(wish.name)
                onClicked: card.details.remove("wishes", wish.key)
            }
            ActionButton {
                kind: "tonal"
                text: qsTr("Order")
                onClicked: card.model.orderWish(wish.key)
            }
        }
    }
    SearchField {
        id: search

        objectName: "wish-search"
        Layout.fillWidth: true
        hint: qsTr("Add a product: name or barcode")
        onSearched: text => card.model.searchWish(text)
    }
    Repeater {
        model: card.model.offers

        WishRow {
            id: offer

            Layout.fillWidth: true

            ActionButton {
                objectName: "wish-add"
                kind: "tonal"
                symbol: "heart"
                text: qsTr("Add")
                onClicked: {
                    search.clear()
                    card.model.wish(offer.key)
                }
            }
        }
    }
}
