pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// The shop's orders and one of them whole; one after the other in portrait.
Item {
    id: page

    required property OrdersViewModel model
    required property bool portrait
    readonly property bool both: !portrait
    property bool cancelling: false

    RowLayout {
        anchors.fill: parent
        anchors.leftMargin: Theme.s24
        anchors.rightMargin: Theme.s24
        anchors.bottomMargin: Theme.s24
        spacing: Theme.s16

        ColumnLayout {
            Layout.preferredWidth: 560
            Layout.fillWidth: !page.both
            Layout.fillHeight: true
            visible: page.both || !page.model.chosen
            spacing: Theme.s8

            RowLayout {
                spacing: Theme.s12

                IconButton {
                    symbol: "arrow-left"
                    framed: true
                    name: qsTr("Back to the catalogue")
                    onClicked: page.model.go("Order")
                }
                SearchField {
                    objectName: "order-search"
                    Layout.fillWidth: true
                    hint: qsTr("Order number or member")
                    text: page.model.text
                    onSearched: text => page.model.search(text)
                }
                IconButton {
                    objectName: "day-close-open"
                    symbol: "calendar-check"
                    framed: true
                    name: qsTr("Day's close")
                    onClicked: page.model.showDay()
                }
            }
            Flow {
                Layout.fillWidth: true
                spacing: Theme.s8

                Repeater {
                    model: [
                        {key: "", label: qsTr("All")},
                        {key: "mine", label: qsTr("Mine")},
                        {key: "owed", label: qsTr("Waits for payment")},
                        {key: "waiting", label: qsTr("Waiting")},
                        {key: "refund", label: qsTr("To give back")},
                        {key: "cancelled", label: qsTr("Cancelled")}
                    ]

                    FilterChip {
                        required property var modelData

                        text: modelData.label
                        chosen: page.model.filter === modelData.key
                        onClicked: page.model.setFilter(modelData.key)
                    }
                }
            }
            Card {
                Layout.fillWidth: true
                Layout.fillHeight: true

                Rows {
                    id: list

                    anchors.fill: parent
                    anchors.margins: 6
                    visible: !page.model.nothing
                    model: page.model.found
                    onAtYEndChanged: {
                        if (atYEnd && count > 0)
                            page.model.more()
                    }

                    delegate: OrderRow {
                        width: list.width
                        onClicked: page.model.choose(key)
                    }
                }
                EmptyState {
                    anchors.centerIn: parent
                    width: parent.width - 48
                    visible: page.model.nothing
                    symbol: "receipt-text"
                    title: qsTr("No orders here")
                    text: qsTr("Orders appear the moment they are placed, also with no network.")
                }
            }
        }
        Card {
            Layout.fillWidth: true
            Layout.fillHeight: true
            visible: page.both || page.model.chosen

            EmptyState {
                anchors.centerIn: parent
                width: Math.min(parent.width - 64, 400)
                visible: !page.model.chosen
                symbol: "receipt-text"
                title: qsTr("Choose an order")
                text: qsTr("Or scan the code on a receipt.")
            }
            ColumnLayout {
                anchors.fill: parent
                anchors.margins: Theme.s20
                visible: page.model.chosen
                spacing: Theme.s12

                RowLayout {
                    spacing: Theme.s12

                    IconButton {
                        visible: page.portrait
                        symbol: "arrow-left"
                        name: qsTr("Back to the list")
                        onClicked: page.model.close()
                    }
                    ColumnLayout {
                        Layout.fillWidth: true
                        spacing: 2

                        Words {
                            objectName: "order-number"
                            Layout.fillWidth: true
                            text: page.model.number
                            size: Theme.title
                            bold: true
                            wrapMode: Text.WordWrap
                            Accessible.role: Accessible.Heading
                        }
                        Words {
                            Layout.fillWidth: true
                            text: page.model.placedWords
                            size: Theme.caption
                            color: Theme.ink2
                            wrapMode: Text.WordWrap
                        }
                    }
                }
                Flow {
                    Layout.fillWidth: true
                    spacing: Theme.s8

                    Tag {
                        text: page.model.standing
                        tone: page.model.tone
                        symbol: page.model.tone === "good" ? "circle-check" : page.model.tone === "plain" ? "" : "clock"
                    }
                    Tag {
                        text: page.model.fulfilment
                        symbol: "shopping-bag"
                    }
                }
                Flow {
                    Layout.fillWidth: true
                    spacing: Theme.s8

                    ActionButton {
                        objectName: "order-receipt"
                        width: Math.min(implicitWidth, parent.width)
                        symbol: "printer"
                        text: qsTr("Receipt")
                        onClicked: page.model.showReceipt()
                    }
                    ActionButton {
                        objectName: "order-shares"
                        width: Math.min(implicitWidth, parent.width)
                        symbol: "users"
                        text: qsTr("Whose sale")
                        onClicked: page.model.showShares()
                    }
                    ActionButton {
                        visible: page.model.memberName !== ""
                        width: Math.min(implicitWidth, parent.width)
                        kind: "tonal"
                        symbol: "user"
                        text: page.model.memberName
                        onClicked: page.model.openMember()
                    }
                    ActionButton {
                        objectName: "order-ticket"
                        visible: page.model.memberName !== ""
                        width: Math.min(implicitWidth, parent.width)
                        symbol: "flag"
                        text: qsTr("Ticket about this order")
                        onClicked: page.model.raiseTicket()
                    }
                }
                TicketMark {
                    objectName: "order-tickets"
                    count: page.model.memberTickets
                }
                Words {
                    Layout.fillWidth: true
                    visible: text !== ""
                    text: page.model.note
                    color: Theme.ink2
                    wrapMode: Text.WordWrap
                }
                Divider {
                    Layout.fillWidth: true
                }
                Rows {
                    id: lines

                    Layout.fillWidth: true
                    Layout.fillHeight: true
                    spacing: Theme.s8
                    model: page.model.lines

                    footer: Column {
                        objectName: "order-history"
                        width: lines.width
                        topPadding: Theme.s16
                        spacing: 2

                        Repeater {
                            model: page.model.history

                            Words {
                                required property string modelData

                                width: lines.width
                                text: modelData
                                size: Theme.caption
                                color: Theme.ink2
                                wrapMode: Text.WordWrap
                            }
                        }
                    }

                    delegate: ColumnLayout {
                        id: line

                        required property string name
                        required property string detail
                        required property string amount
                        required property var discounts

                        width: lines.width
                        spacing: Theme.s4

                        RowLayout {
                            Layout.fillWidth: true
                            spacing: Theme.s12

                            ColumnLayout {
                                Layout.fillWidth: true
                                spacing: 0

                                Words {
                                    Layout.fillWidth: true
                                    text: line.name
                                    wrapMode: Text.WordWrap
                                }
                                Words {
                                    text: line.detail
                                    size: Theme.caption
                                    color: Theme.ink2
                                }
                            }
                            Words {
                                text: line.amount
                                bold: true
                            }
                        }
                        ReasonRows {
                            Layout.fillWidth: true
                            reasons: line.discounts
                        }
                    }
                }
                Divider {
                    Layout.fillWidth: true
                }
                RowLayout {
                    Layout.fillWidth: true
                    visible: page.model.discounts !== ""

                    Words {
                        Layout.fillWidth: true
                        text: qsTr("Discounts")
                        color: Theme.ink2
                    }
                    Words {
                        text: page.model.discounts
                        color: Theme.good
                    }
                }
                RowLayout {
                    Layout.fillWidth: true

                    Words {
                        Layout.fillWidth: true
                        text: qsTr("To pay")
                        color: Theme.ink2
                    }
                    Words {
                        text: page.model.total
                        size: Theme.amount
                        bold: true
                    }
                }
                OrderMoney {
                    Layout.fillWidth: true
                    model: page.model
                }
                RowLayout {
                    Layout.fillWidth: true
                    visible: page.model.comesTo !== ""

                    Words {
                        Layout.fillWidth: true
                        text: qsTr("After what came back")
                        color: Theme.ink2
                        wrapMode: Text.WordWrap
                    }
                    Words {
                        objectName: "order-comes-to"
                        text: page.model.comesTo
                        bold: true
                    }
                }
                RowLayout {
                    Layout.fillWidth: true
                    spacing: Theme.s12

                    Words {
                        Layout.fillWidth: true
                        text: page.model.whyNot
                        size: Theme.caption
                        color: Theme.ink2
                        wrapMode: Text.WordWrap
                    }
                    ActionButton {
                        objectName: "take-back"
                        visible: page.model.returnable
                        symbol: "undo-2"
                        text: qsTr("Take goods back")
                        onClicked: page.model.takeBack()
                    }
                    ActionButton {
                        objectName: "cancel-order"
                        visible: page.model.cancellable
                        kind: "danger"
                        text: qsTr("Cancel the order")
                        symbol: "ban"
                        onClicked: page.cancelling = true
                    }
                }
            }
        }
    }
    BottomSheet {
        shown: page.cancelling
        tallest: 360
        title: qsTr("Why is it cancelled?")
        detail: qsTr("The goods go back to this shop's stock, the amount off the member's figures.")
        onClosed: page.cancelling = false

        Flow {
            anchors.fill: parent
            anchors.margins: Theme.s24
            spacing: Theme.s12

            Repeater {
                model: page.model.reasons

                ActionButton {
                    required property string modelData

                    objectName: "reason-" + modelData
                    text: page.model.reasonWords(modelData)
                    onClicked: {
                        page.cancelling = false
                        page.model.cancel(modelData)
                    }
                }
            }
        }
    }
}
