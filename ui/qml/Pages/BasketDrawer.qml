pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// The order in the making: for whom, what, how it reaches them, what it comes to.
Rectangle {
    id: drawer

    required property OrderViewModel model
    property bool closable: false
    property bool noting: false
    readonly property bool tight: height < Theme.grown(640)
    signal closed
    signal memberWanted

    color: Theme.raised

    Divider {
        width: 1
        height: parent.height
    }
    Divider {
        width: parent.width
    }
    ColumnLayout {
        anchors.fill: parent
        anchors.leftMargin: Theme.s20
        anchors.rightMargin: Theme.s20
        anchors.topMargin: Theme.s12
        anchors.bottomMargin: drawer.tight ? Theme.s12 : Theme.s20
        spacing: drawer.tight ? Theme.s8 : Theme.s12

        RowLayout {
            Layout.fillWidth: true
            spacing: Theme.s12

            IconButton {
                visible: drawer.closable
                symbol: "arrow-left"
                name: qsTr("Back to the catalogue")
                onClicked: drawer.closed()
            }
            Avatar {
                visible: drawer.model.hasMember && !drawer.tight
                name: drawer.model.memberName
                personId: drawer.model.memberId
            }
            ColumnLayout {
                Layout.fillWidth: true
                spacing: 0

                Words {
                    Layout.fillWidth: true
                    text: drawer.model.hasMember ? drawer.model.memberName : drawer.model.staffWords || qsTr("No member chosen")
                    size: Theme.strong
                    bold: true
                    wrapMode: Text.Wrap
                }
                Words {
                    Layout.fillWidth: true
                    text: {
                        if (drawer.model.hasMember)
                            return drawer.model.memberDetail
                        return drawer.model.staffWords !== "" ? qsTr("It counts against their limit of this month") : qsTr("The order can be placed without one")
                    }
                    size: Theme.caption
                    color: Theme.ink2
                    wrapMode: Text.WordWrap
                }
                TicketMark {
                    objectName: "basket-tickets"
                    count: drawer.model.memberTickets
                }
            }
            IconButton {
                visible: drawer.model.hasMember
                symbol: "user-x"
                name: qsTr("Order without a member")
                onClicked: drawer.model.setMember("")
            }
            ActionButton {
                objectName: "choose-member"
                kind: drawer.model.hasMember ? "text" : "tonal"
                text: drawer.model.hasMember ? qsTr("Change") : qsTr("Choose")
                onClicked: drawer.memberWanted()
            }
        }
        Divider {
            Layout.fillWidth: true
        }
        GridLayout {
            Layout.fillWidth: true
            visible: !drawer.model.empty || drawer.model.heldCount > 0
            columns: held.implicitWidth + tools.implicitWidth + columnSpacing <= width ? 2 : 1
            columnSpacing: Theme.s8
            rowSpacing: Theme.s8

            ActionButton {
                id: held

                objectName: "held-baskets"
                visible: drawer.model.heldCount > 0
                Layout.fillWidth: true
                Layout.maximumWidth: Math.ceil(implicitWidth)
                kind: "tonal"
                symbol: "shopping-bag"
                text: drawer.model.heldWords
                onClicked: drawer.model.openHeld()
            }
            RowLayout {
                id: tools

                Layout.fillWidth: true
                Layout.alignment: Qt.AlignRight
                spacing: Theme.s8

                Item {
                    Layout.fillWidth: true
                }
                IconButton {
                    objectName: "basket-note-shown"
                    visible: !drawer.model.empty
                    tonal: noteField.visible
                    symbol: "sticky-note"
                    name: qsTr("A note for this order")
                    onClicked: {
                        drawer.noting = !noteField.visible
                        if (drawer.noting)
                            noteField.input.forceActiveFocus()
                    }
                }
                IconButton {
                    objectName: "basket-quote"
                    visible: !drawer.model.empty && drawer.model.credit === ""
                    symbol: "file-text"
                    name: qsTr("Make a quotation")
                    onClicked: {
                        noteField.keep()
                        drawer.model.makeQuotation()
                    }
                }
                IconButton {
                    objectName: "basket-staff"
                    visible: !drawer.model.empty && drawer.model.staffOffered
                    tonal: drawer.model.staffWords !== ""
                    symbol: "id-card"
                    name: qsTr("Staff purchase")
                    onClicked: drawer.model.showStaff()
                }
                IconButton {
                    objectName: "basket-shares"
                    visible: !drawer.model.empty
                    tonal: drawer.model.shared
                    symbol: "users"
                    name: qsTr("Whose sale it is")
                    onClicked: drawer.model.showShares()
                }
                IconButton {
                    visible: !drawer.model.empty
                    symbol: "trash-2"
                    name: qsTr("Empty the basket")
                    onClicked: {
                        noteField.keep()
                        drawer.model.clearBasket()
                    }
                }
            }
        }
        InputField {
            id: noteField

            objectName: "basket-note"
            Layout.fillWidth: true
            visible: !drawer.model.empty && (drawer.noting || drawer.model.note !== "")
            hint: qsTr("Note, for instance a wish or a colour")
            maximumLength: 2000

            property string kept: drawer.model.note

            function keep() {
                if (typing.running) {
                    typing.stop()
                    drawer.model.setNote(text)
                }
            }

            onEdited: typing.restart()
            onAccepted: keep()
            onDeparted: keep()
            onKeptChanged: { // what is being typed is newer
                if (!typing.running)
                    text = kept
            }
            onVisibleChanged: { // nothing of it stays for the next basket, or the next guide
                if (!visible) {
                    keep()
                    text = kept
                }
            }

            Timer {
                id: typing

                interval: 300
                onTriggered: drawer.model.setNote(noteField.text)
            }
        }
        Rows {
            id: lines

            Layout.fillWidth: true
            Layout.fillHeight: true
            visible: !drawer.model.empty
            spacing: Theme.s12
            model: drawer.model.lines

            delegate: BasketLine {
                width: lines.width
                onStepped: by => by < 0 && qty === 1 ? drawer.model.remove(key) : drawer.model.add(key, by)
                onAsked: drawer.model.showWhy(key)
                onTakenOff: drawer.model.takeOff(key)
            }
            footer: ColumnLayout {
                width: lines.width
                spacing: Theme.s12

                ActionButton {
                    objectName: "order-why"
                    Layout.leftMargin: -12
                    kind: "text"
                    text: qsTr("Why this price")
                    onClicked: drawer.model.openWhy()
                }
                KeyValueRow {
                    objectName: "basket-reach"
                    Layout.fillWidth: true
                    label: drawer.model.fulfilment
                    action: qsTr("Change the way")
                    onPressed: drawer.model.showReach()
                }
                Words {
                    objectName: "basket-reach-lacks"
                    Layout.fillWidth: true
                    visible: text !== ""
                    text: drawer.model.fulfilmentLacks
                    color: Theme.bad
                    wrapMode: Text.WordWrap
                }
                PricePromise {
                    Layout.fillWidth: true
                    model: drawer.model
                }
            }
        }
        EmptyState {
            Layout.fillWidth: true
            Layout.fillHeight: true
            visible: drawer.model.empty
            symbol: "shopping-basket"
            title: qsTr("The basket is empty")
            text: qsTr("Scan a product or tap one in the catalogue. The basket stays when you lock the tablet.")
        }
        Divider {
            Layout.fillWidth: true
        }
        RowLayout {
            Layout.fillWidth: true
            visible: drawer.model.hint !== "" && drawer.model.priceNews.length === 0
            spacing: Theme.s8

            Icon {
                name: "ticket-percent"
                size: 20
                tone: Theme.gold
            }
            Words {
                objectName: "price-hint"
                Layout.fillWidth: true
                text: drawer.model.hint
                wrapMode: Text.WordWrap
            }
        }
        Flow {
            Layout.fillWidth: true
            visible: drawer.model.value.offered && !drawer.model.empty
            spacing: Theme.s8

            ActionButton {
                objectName: "basket-value"
                width: Math.min(Math.ceil(implicitWidth), parent.width)
                kind: drawer.model.value.using ? "tonal" : "text"
                symbol: "ticket"
                text: drawer.model.value.summary
                onClicked: drawer.model.value.show()
            }
            ActionButton {
                objectName: "basket-best"
                width: Math.min(Math.ceil(implicitWidth), parent.width)
                visible: drawer.model.value.bestShort !== ""
                enabled: !drawer.model.value.asking
                kind: "tonal"
                text: drawer.model.value.bestShort
                name: drawer.model.value.bestWords
                onClicked: drawer.model.value.takeBest()
            }
        }
        Words {
            objectName: "basket-value-problem"
            Layout.fillWidth: true
            visible: text !== "" && !drawer.model.empty
            text: drawer.model.value.problem
            color: Theme.warn
            wrapMode: Text.WordWrap
        }
        RowLayout {
            Layout.fillWidth: true
            visible: drawer.model.chargesWords !== ""
            spacing: Theme.s12

            Words {
                objectName: "basket-charges"
                Layout.fillWidth: true
                text: drawer.model.chargesWords
                color: Theme.ink2
                wrapMode: Text.WordWrap
            }
            IconButton {
                objectName: "charge-nothing"
                symbol: "x"
                name: qsTr("Not for that order")
                onClicked: drawer.model.chargeNothing()
            }
        }
        RowLayout {
            Layout.fillWidth: true
            visible: drawer.model.credit !== ""
            spacing: Theme.s12

            Words {
                Layout.fillWidth: true
                text: qsTr("Goods that come back")
                color: Theme.ink2
                wrapMode: Text.WordWrap
            }
            Words {
                objectName: "basket-credit"
                text: drawer.model.credit
                color: Theme.good
            }
            IconButton {
                objectName: "keep-goods"
                symbol: "x"
                name: qsTr("Keep the goods")
                onClicked: drawer.model.keepGoods()
            }
        }
        RowLayout {
            Layout.fillWidth: true
            spacing: Theme.s12

            Words {
                objectName: "basket-saved"
                Layout.fillWidth: true
                text: [drawer.model.piecesWords, drawer.model.savedWords, drawer.model.value.earnsWords].filter(part => part !== "").join(" · ")
                color: drawer.model.savedWords !== "" ? Theme.good : Theme.ink2
                wrapMode: Text.WordWrap
            }
            Words {
                text: qsTr("To pay")
                color: Theme.ink2
            }
            Words {
                objectName: "basket-total"
                text: drawer.model.total
                size: Theme.amount
                bold: true
            }
        }
        PriceNews {
            objectName: "price-news"
            Layout.fillWidth: true
            news: drawer.model.priceNews
        }
        RowLayout {
            Layout.fillWidth: true
            spacing: Theme.s12

            ActionButton {
                objectName: "put-aside"
                implicitHeight: Theme.grown(Theme.primary)
                enabled: drawer.model.holds
                text: qsTr("Put aside")
                onClicked: {
                    noteField.keep()
                    drawer.model.putAside()
                }
            }
            ActionButton {
                objectName: "place-order"
                Layout.fillWidth: true
                kind: "primary"
                enabled: drawer.model.ready
                text: drawer.model.priceNews.length > 0 ? qsTr("Take the new price") : qsTr("Place the order")
                onClicked: {
                    noteField.keep()
                    drawer.model.place()
                }
            }
        }
        PricePromise {
            Layout.fillWidth: true
            visible: drawer.model.empty
            model: drawer.model
        }
    }
}
