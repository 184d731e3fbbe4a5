pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// One order whole: what was sold, what of it was paid and came back. All of it scrolls as one between its number and what can be done.
ColumnLayout {
    id: part

    required property OrdersViewModel model
    required property bool portrait
    signal cancelWanted

    spacing: Theme.s12

    RowLayout {
        spacing: Theme.s12

        IconButton {
            visible: part.portrait
            symbol: "arrow-left"
            name: qsTr("Back to the list")
            onClicked: part.model.close()
        }
        ColumnLayout {
            Layout.fillWidth: true
            spacing: 2

            Words {
                objectName: "order-number"
                Layout.fillWidth: true
                text: part.model.number
                size: Theme.title
                bold: true
                wrapMode: Text.WordWrap
                Accessible.role: Accessible.Heading
            }
            Words {
                Layout.fillWidth: true
                text: part.model.placedWords
                size: Theme.caption
                color: Theme.ink2
                wrapMode: Text.WordWrap
            }
        }
    }
    Flickable {
        id: whole

        readonly property string number: part.model.number

        Layout.fillWidth: true
        Layout.fillHeight: true
        contentHeight: parts.implicitHeight
        clip: true
        boundsBehavior: Flickable.StopAtBounds
        onNumberChanged: contentY = 0

        ColumnLayout {
            id: parts

            width: whole.width
            spacing: Theme.s12

            Flow {
                Layout.fillWidth: true
                spacing: Theme.s8

                Tag {
                    text: part.model.standing
                    tone: part.model.tone
                    symbol: part.model.tone === "good" ? "circle-check" : part.model.tone === "plain" ? "" : "clock"
                }
                Tag {
                    text: part.model.fulfilment
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
                    onClicked: part.model.showReceipt()
                }
                ActionButton {
                    objectName: "order-label"
                    visible: part.model.labelled
                    width: Math.min(implicitWidth, parent.width)
                    symbol: "tag"
                    text: qsTr("Label")
                    onClicked: part.model.showLabel()
                }
                ActionButton {
                    objectName: "order-shares"
                    width: Math.min(implicitWidth, parent.width)
                    symbol: "users"
                    text: qsTr("Whose sale")
                    onClicked: part.model.showShares()
                }
                ActionButton {
                    visible: part.model.memberName !== ""
                    width: Math.min(implicitWidth, parent.width)
                    kind: "tonal"
                    symbol: "user"
                    text: part.model.memberName
                    onClicked: part.model.openMember()
                }
                ActionButton {
                    objectName: "order-ticket"
                    visible: part.model.memberName !== ""
                    width: Math.min(implicitWidth, parent.width)
                    symbol: "flag"
                    text: qsTr("Ticket about this order")
                    onClicked: part.model.raiseTicket()
                }
            }
            TicketMark {
                objectName: "order-tickets"
                count: part.model.memberTickets
            }
            Flow {
                objectName: "order-goods"
                Layout.fillWidth: true
                visible: part.model.goodsSteps.length > 0 || part.model.reroutable
                spacing: Theme.s8

                Repeater {
                    model: part.model.goodsSteps

                    ActionButton {
                        required property var modelData
                        required property int index

                        objectName: "goods-" + modelData.what
                        width: Math.min(implicitWidth, parent.width)
                        kind: index === 0 ? "tonal" : "secondary"
                        symbol: modelData.symbol
                        text: modelData.label
                        onClicked: part.model.step(modelData.what)
                    }
                }
                ActionButton {
                    objectName: "order-reroute"
                    visible: part.model.reroutable
                    width: Math.min(implicitWidth, parent.width)
                    symbol: "arrow-left-right"
                    text: qsTr("Another way")
                    onClicked: part.model.reroute()
                }
            }
            Words {
                objectName: "order-recipient"
                Layout.fillWidth: true
                visible: text !== ""
                text: part.model.recipient
                wrapMode: Text.WordWrap
            }
            Words {
                Layout.fillWidth: true
                visible: text !== ""
                text: part.model.note
                color: Theme.ink2
                wrapMode: Text.WordWrap
            }
            Divider {
                Layout.fillWidth: true
            }
            Repeater {
                model: part.model.lines

                ColumnLayout {
                    id: line

                    required property string name
                    required property string detail
                    required property string amount
                    required property var discounts
                    required property int tint
                    required property string picture

                    Layout.fillWidth: true
                    spacing: Theme.s4

                    RowLayout {
                        Layout.fillWidth: true
                        spacing: Theme.s12

                        ProductPicture {
                            implicitWidth: 40
                            implicitHeight: 40
                            tint: line.tint
                            picture: line.picture
                            drawing: 20
                        }

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
                visible: part.model.discounts !== ""

                Words {
                    Layout.fillWidth: true
                    text: qsTr("Discounts")
                    color: Theme.ink2
                }
                Words {
                    text: part.model.discounts
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
                    text: part.model.total
                    size: Theme.amount
                    bold: true
                }
            }
            Words {
                objectName: "order-earns"
                Layout.fillWidth: true
                visible: text !== ""
                text: part.model.earnsWords
                color: Theme.ink2
                wrapMode: Text.WordWrap
            }
            OrderLegs {
                Layout.fillWidth: true
                model: part.model
            }
            RowLayout {
                Layout.fillWidth: true
                visible: part.model.comesTo !== ""

                Words {
                    Layout.fillWidth: true
                    text: qsTr("After what came back")
                    color: Theme.ink2
                    wrapMode: Text.WordWrap
                }
                Words {
                    objectName: "order-comes-to"
                    text: part.model.comesTo
                    bold: true
                }
            }
            Column {
                objectName: "order-history"
                Layout.fillWidth: true
                spacing: 2

                Repeater {
                    model: part.model.history

                    Words {
                        required property string modelData

                        width: parts.width
                        text: modelData
                        size: Theme.caption
                        color: Theme.ink2
                        wrapMode: Text.WordWrap
                    }
                }
            }
        }
    }
    Divider {
        Layout.fillWidth: true
    }
    OrderMoney {
        Layout.fillWidth: true
        model: part.model
    }
    Words {
        Layout.fillWidth: true
        visible: text !== ""
        text: part.model.whyNot
        size: Theme.caption
        color: Theme.ink2
        wrapMode: Text.WordWrap
    }
    Flow {
        Layout.fillWidth: true
        layoutDirection: Qt.RightToLeft
        spacing: Theme.s12

        ActionButton {
            objectName: "cancel-order"
            width: Math.min(implicitWidth, parent.width)
            visible: part.model.cancellable
            kind: "danger"
            text: qsTr("Cancel the order")
            symbol: "ban"
            onClicked: part.cancelWanted()
        }
        ActionButton {
            objectName: "take-back"
            width: Math.min(implicitWidth, parent.width)
            visible: part.model.returnable
            symbol: "undo-2"
            text: qsTr("Take goods back")
            onClicked: part.model.takeBack()
        }
        ActionButton {
            objectName: "undo-back"
            width: Math.min(implicitWidth, parent.width)
            visible: part.model.undoWords !== ""
            symbol: "redo-2"
            text: part.model.undoWords
            onClicked: part.model.undoBack()
        }
    }
}
