pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// One quotation: for whom, what at which price and until when, its paper, and the order that comes of it.
ColumnLayout {
    id: detail

    required property QuotationsViewModel model
    required property bool portrait

    spacing: Theme.s12

    RowLayout {
        spacing: Theme.s12

        IconButton {
            visible: detail.portrait
            symbol: "arrow-left"
            name: qsTr("Back to the list")
            onClicked: detail.model.close()
        }
        ColumnLayout {
            Layout.fillWidth: true
            spacing: 2

            Words {
                objectName: "quotation-title"
                Layout.fillWidth: true
                text: detail.model.memberName
                size: Theme.title
                bold: true
                wrapMode: Text.Wrap
                Accessible.role: Accessible.Heading
            }
            Words {
                Layout.fillWidth: true
                text: [detail.model.number, detail.model.made].filter(part => part !== "").join(" · ")
                size: Theme.caption
                color: Theme.ink2
                wrapMode: Text.Wrap
            }
            Flow {
                Layout.fillWidth: true
                spacing: Theme.s8

                Tag {
                    objectName: "quotation-standing"
                    text: detail.model.standing
                    tone: detail.model.tone
                    symbol: "calendar-clock"
                }
                Tag {
                    text: detail.model.waiting ? qsTr("Waits for the network") : ""
                    tone: "warn"
                    symbol: "cloud-upload"
                }
            }
        }
        IconButton {
            objectName: "quotation-member"
            visible: detail.model.memberId !== ""
            symbol: "user"
            framed: true
            name: qsTr("Open the member")
            onClicked: detail.model.openMember()
        }
        QrCode {
            id: code

            objectName: "quotation-code"
            implicitWidth: 3 * code.side
            implicitHeight: code.implicitWidth
            text: detail.model.code
            Accessible.role: Accessible.Graphic
            Accessible.name: qsTr("QR code of the quotation's number")
        }
    }
    Words {
        Layout.fillWidth: true
        visible: text !== ""
        text: detail.model.note
        wrapMode: Text.Wrap
    }
    Words {
        objectName: "quotation-reach"
        Layout.fillWidth: true
        visible: text !== ""
        text: [detail.model.reach, detail.model.recipient].filter(part => part !== "").join(" · ")
        color: Theme.ink2
        wrapMode: Text.Wrap
    }
    Divider {
        Layout.fillWidth: true
    }
    Rows {
        id: lines

        Layout.fillWidth: true
        Layout.fillHeight: true
        spacing: Theme.s8
        model: detail.model.lines
        Accessible.role: Accessible.List
        Accessible.name: qsTr("Goods")

        delegate: RowLayout {
            id: line

            required property string name
            required property string detail
            required property string amount
            required property string was

            width: lines.width
            spacing: Theme.s12
            Accessible.role: Accessible.ListItem
            Accessible.name: [line.name, line.detail, line.amount].join(", ")

            ColumnLayout {
                Layout.fillWidth: true
                spacing: 0

                Words {
                    Layout.fillWidth: true
                    text: line.name
                    wrapMode: Text.Wrap
                }
                Words {
                    Layout.fillWidth: true
                    text: line.detail
                    size: Theme.caption
                    color: Theme.ink2
                    wrapMode: Text.Wrap
                }
            }
            Words {
                visible: text !== ""
                text: line.was
                size: Theme.caption
                color: Theme.ink3
                font.strikeout: true
            }
            Words {
                text: line.amount
                bold: true
            }
        }
    }
    Divider {
        Layout.fillWidth: true
    }
    RowLayout {
        Layout.fillWidth: true
        spacing: Theme.s12

        Words {
            Layout.fillWidth: true
            text: detail.model.ended ? qsTr("Was promised") : qsTr("Promised")
            color: Theme.ink2
            wrapMode: Text.WordWrap
        }
        Words {
            objectName: "quotation-total"
            text: detail.model.total
            size: Theme.amount
            bold: true
        }
    }
    Words {
        Layout.fillWidth: true
        visible: detail.model.ended
        text: qsTr("The prices hold no more. An order is priced by today; what changed is said before it is placed.")
        color: Theme.ink2
        wrapMode: Text.WordWrap
    }
    Flow {
        Layout.fillWidth: true
        visible: detail.model.takingBack
        spacing: Theme.s8

        Repeater {
            model: detail.model.reasons

            FilterChip {
                required property string key
                required property string label
                required property int index

                objectName: "void-reason-" + index
                tall: true
                text: label
                onClicked: detail.model.takeBack(key)
            }
        }
    }
    RowLayout {
        Layout.fillWidth: true
        spacing: Theme.s12

        Flow {
            Layout.fillWidth: true
            Layout.alignment: Qt.AlignVCenter
            spacing: Theme.s12

            ActionButton {
                objectName: "quotation-paper"
                symbol: "printer"
                text: qsTr("Paper")
                onClicked: detail.model.showPaper()
            }
            ActionButton {
                objectName: "quotation-void"
                visible: detail.model.isOpen
                symbol: "undo-2"
                text: qsTr("Take it back")
                onClicked: detail.model.askBack()
            }
            ActionButton {
                objectName: "quotation-opened-order"
                visible: detail.model.orderId !== ""
                symbol: "receipt-text"
                text: qsTr("Open the order")
                onClicked: detail.model.openOrder()
            }
        }
        ActionButton {
            objectName: "quotation-order"
            visible: detail.model.isOpen
            enabled: detail.model.ready
            kind: "primary"
            symbol: "shopping-bag"
            text: detail.model.ended ? qsTr("Price it anew") : qsTr("Make it an order")
            onClicked: detail.model.makeOrder()
        }
    }
}
