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
                    objectName: "parcels-open"
                    symbol: "package-open"
                    framed: true
                    name: qsTr("Orders of other shops")
                    onClicked: page.model.showParcels()
                }
                IconButton {
                    objectName: "quotations-open"
                    symbol: "file-text"
                    framed: true
                    name: qsTr("Quotations")
                    onClicked: page.model.showQuotations()
                }
                IconButton {
                    objectName: "day-close-open"
                    symbol: "calendar-check"
                    framed: true
                    name: qsTr("Day's close")
                    onClicked: page.model.showDay()
                }
            }
            Banner {
                objectName: "parcels-wait"
                Layout.fillWidth: true
                visible: text !== ""
                tone: "accent"
                symbol: "package-open"
                text: page.model.parcels.openWords
                action: qsTr("See them")
                onPressed: page.model.showParcels()
            }
            MissingOrders {
                Layout.fillWidth: true
                missing: page.model.missing
            }
            Flow {
                Layout.fillWidth: true
                spacing: Theme.s8

                Repeater {
                    model: [
                        {key: "", label: qsTr("All")},
                        {key: "mine", label: qsTr("Mine")},
                        {key: "owed", label: qsTr("Waits for payment")},
                        {key: "to_hand", label: qsTr("To hand over")},
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
            OrderDetail {
                anchors.fill: parent
                anchors.margins: Theme.s20
                visible: page.model.chosen
                model: page.model
                portrait: page.portrait
                onCancelWanted: page.cancelling = true
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
