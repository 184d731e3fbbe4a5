pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// The catalogue with the basket beside it, which stays open while browsing; over it in portrait.
Item {
    id: page

    required property OrderViewModel model
    required property bool portrait
    property bool choosing: false
    property bool basketOpen: false

    ColumnLayout {
        visible: !drawer.covers
        anchors.left: parent.left
        anchors.right: page.portrait ? parent.right : drawer.left
        anchors.top: parent.top
        anchors.bottom: page.portrait ? strip.top : parent.bottom
        anchors.leftMargin: Theme.s24
        anchors.rightMargin: page.portrait ? Theme.s24 : Theme.s16
        spacing: Theme.s8

        RowLayout {
            Layout.fillWidth: true
            spacing: Theme.s12

            SearchField {
                objectName: "product-search"
                Layout.fillWidth: true
                hint: qsTr("Product, brand or code, or scan")
                text: page.model.text
                onSearched: text => page.model.search(text)
            }
            IconButton {
                objectName: "order-camera"
                framed: true
                symbol: "camera"
                name: qsTr("Scan with the camera")
                onClicked: page.model.openCamera()
            }
            ActionButton {
                objectName: "to-orders"
                text: qsTr("Orders")
                symbol: "receipt-text"
                onClicked: page.model.go("Orders")
            }
        }
        Rows {
            Layout.fillWidth: true
            Layout.preferredHeight: Math.max(Theme.touch, Theme.grown(36))
            orientation: ListView.Horizontal
            spacing: Theme.s8
            model: page.model.categories

            delegate: FilterChip {
                required property string key
                required property string label
                required property string count
                required property bool selected

                objectName: "shelf"
                text: count === "" ? label : qsTr("%1 · %2").arg(label).arg(count)
                chosen: selected
                onClicked: page.model.choose(key)
            }
        }
        Rows {
            Layout.fillWidth: true
            Layout.preferredHeight: Math.max(Theme.touch, Theme.grown(36))
            visible: count > 1
            orientation: ListView.Horizontal
            model: page.model.trail
            Accessible.role: Accessible.List
            Accessible.name: qsTr("Where you are in the catalogue")

            delegate: ActionButton {
                required property int index
                required property string key
                required property string label

                objectName: "trail"
                kind: "text"
                symbol: index > 0 ? "chevron-right" : ""
                text: label
                onClicked: page.model.climb(key)
            }
        }
        Rows {
            Layout.fillWidth: true
            Layout.preferredHeight: Math.max(Theme.touch, Theme.grown(36))
            visible: count > 0
            orientation: ListView.Horizontal
            spacing: Theme.s8
            model: page.model.subcategories

            delegate: FilterChip {
                required property string key
                required property string label
                required property string count

                objectName: "subcategory"
                text: qsTr("%1 · %2").arg(label).arg(count)
                onClicked: page.model.chooseSub(key)
            }
        }
        GridView {
            id: grid

            readonly property int across: Math.max(2, Math.floor(width / Theme.grown(210)))

            Layout.fillWidth: true
            Layout.rightMargin: -Theme.s12
            Layout.fillHeight: true
            visible: !page.model.nothing
            cellWidth: width / across
            cellHeight: Theme.grown(218)
            cacheBuffer: 0 // as in Rows
            clip: true
            reuseItems: true
            model: page.model.products
            boundsBehavior: Flickable.StopAtBounds
            onAtYEndChanged: {
                if (atYEnd && count > 0)
                    page.model.more()
            }

            delegate: ProductCard {
                width: grid.cellWidth - Theme.s12
                height: grid.cellHeight - Theme.s12
                onTaken: key => page.model.take(key)
                onStarred: key => page.model.toggleFavourite(key)
                onLooked: key => page.model.look(key)
                onNearby: key => page.model.lookAround(key)
            }
        }
        Item { // a layout grows no further than what it holds: the rows above would be drawn apart
            Layout.fillWidth: true
            Layout.fillHeight: true
            visible: page.model.nothing

            EmptyState {
                anchors.centerIn: parent
                width: parent.width
                symbol: page.model.shelf === "favourites" ? "star" : "package-x"
                title: {
                    switch (page.model.shelf) {
                    case "favourites": return qsTr("No favourites yet")
                    case "recent": return qsTr("Nothing was sold here yet")
                    case "bought": return qsTr("They bought nothing in this shop yet")
                    default: return qsTr("Nothing found")
                    }
                }
                text: {
                    switch (page.model.shelf) {
                    case "favourites": return qsTr("Tap the star of a product to keep it at hand. Your favourites stay on this tablet.")
                    case "recent": return qsTr("What the shop sells stands here, the latest first.")
                    case "bought": return qsTr("What they buy here stands here, the latest first.")
                    default: return qsTr("Try fewer letters, the brand, or the code on the pack.")
                    }
                }
            }
        }
    }
    Rectangle {
        id: strip

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.bottom: parent.bottom
        height: page.portrait ? Theme.grown(88) : 0
        visible: page.portrait && !drawer.covers
        color: Theme.raised

        Divider {
            width: parent.width
        }
        RowLayout {
            anchors.fill: parent
            anchors.leftMargin: Theme.s24
            anchors.rightMargin: Theme.s24
            spacing: Theme.s12

            ColumnLayout {
                Layout.fillWidth: true
                spacing: 0

                Words {
                    Layout.fillWidth: true
                    text: page.model.piecesWords
                    color: Theme.ink2
                }
                Words {
                    Layout.fillWidth: true
                    text: page.model.total
                    size: Theme.amount
                    bold: true
                }
            }
            ActionButton {
                kind: "primary"
                text: qsTr("Show the basket")
                symbol: "shopping-basket"
                onClicked: page.basketOpen = true
            }
        }
    }
    BasketDrawer {
        id: drawer

        readonly property bool covers: page.portrait && page.basketOpen

        anchors.top: parent.top
        anchors.bottom: parent.bottom
        anchors.right: parent.right
        width: page.portrait ? parent.width : 440
        visible: !page.portrait || page.basketOpen
        model: page.model
        closable: page.portrait
        onClosed: page.basketOpen = false
        onMemberWanted: {
            page.model.people.open()
            page.choosing = true
        }
    }
    BottomSheet {
        shown: page.choosing
        tallest: 720
        title: qsTr("Who is this order for?")
        onClosed: page.choosing = false

        ColumnLayout {
            anchors.fill: parent
            anchors.margins: Theme.s24
            spacing: Theme.s12

            SearchField {
                objectName: "basket-member-search"
                Layout.fillWidth: true
                hint: qsTr("Name, pinyin, phone tail or number")
                onSearched: text => page.model.people.search(text)
            }
            Rows {
                id: people

                Layout.fillWidth: true
                Layout.fillHeight: true
                model: page.model.people.found

                delegate: PersonRow {
                    id: row

                    required property var model

                    objectName: "basket-member-row"
                    width: people.width
                    personId: row.model.key
                    title: row.model.name
                    detail: row.model.detail
                    level: row.model.level
                    tickets: row.model.tickets
                    trailing: row.model.when
                    onClicked: {
                        page.model.setMember(row.model.key)
                        page.choosing = false
                    }
                }
            }
        }
    }
}
