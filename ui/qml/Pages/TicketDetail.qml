pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// One ticket: about whom and what, in whose hand, the next step, and everything that was done.
ColumnLayout {
    id: detail

    required property TicketsViewModel model
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
        Avatar {
            name: detail.model.memberName
            personId: detail.model.memberId
            size: 52
        }
        ColumnLayout {
            Layout.fillWidth: true
            spacing: 2

            Words {
                objectName: "ticket-title"
                Layout.fillWidth: true
                text: qsTr("%1: %2").arg(detail.model.memberName).arg(detail.model.kindWords)
                size: Theme.title
                bold: true
                wrapMode: Text.Wrap
                Accessible.role: Accessible.Heading
            }
            Words {
                Layout.fillWidth: true
                text: [detail.model.number, detail.model.about].filter(part => part !== "").join(" · ")
                size: Theme.caption
                color: Theme.ink2
                wrapMode: Text.Wrap
            }
        }
        IconButton {
            objectName: "ticket-member"
            symbol: "user"
            framed: true
            name: qsTr("Open the member")
            onClicked: detail.model.openMember()
        }
        IconButton {
            objectName: "ticket-order"
            visible: detail.model.orderId !== ""
            symbol: "receipt-text"
            framed: true
            name: qsTr("Open the order")
            onClicked: detail.model.openOrder()
        }
        QrCode {
            id: code

            objectName: "ticket-code"
            implicitWidth: 3 * code.side
            implicitHeight: code.implicitWidth
            text: detail.model.code
            Accessible.role: Accessible.Graphic
            Accessible.name: qsTr("QR code of the ticket's number")
        }
    }
    Flow {
        Layout.fillWidth: true
        spacing: Theme.s8

        Tag {
            text: detail.model.standing
            tone: detail.model.solved ? "good" : "clay"
            symbol: detail.model.solved ? "circle-check" : "flag"
        }
        Tag {
            text: detail.model.rating > 0 ? qsTr("%1 of 5").arg(detail.model.rating) : ""
            tone: "gold"
            symbol: "star"
        }
        Tag {
            text: detail.model.waiting ? qsTr("Waits for the network") : ""
            tone: "warn"
            symbol: "cloud-upload"
        }
    }
    Words {
        Layout.fillWidth: true
        visible: text !== ""
        text: detail.model.words
        size: Theme.strong
        wrapMode: Text.Wrap
    }
    Divider {
        Layout.fillWidth: true
    }
    Words {
        visible: !detail.model.solved
        text: qsTr("In whose hand")
        color: Theme.ink2
    }
    Flow {
        Layout.fillWidth: true
        visible: !detail.model.solved
        spacing: Theme.s8

        Repeater {
            model: detail.model.hands

            FilterChip {
                required property string key
                required property string label
                required property bool selected

                tall: true
                text: label
                chosen: selected
                onClicked: detail.model.give(key)
            }
        }
    }
    Words {
        visible: detail.model.solved
        text: qsTr("What does the customer say?")
        color: Theme.ink2
    }
    Row {
        visible: detail.model.solved
        spacing: Theme.s4

        Repeater {
            model: 5

            IconButton {
                required property int index

                objectName: "rate-" + (index + 1)
                symbol: "star"
                framed: true
                tonal: index < detail.model.rating
                name: qsTr("%1 of 5").arg(index + 1)
                onClicked: detail.model.rate(index + 1)
            }
        }
    }
    InputField {
        id: said

        Layout.fillWidth: true
        objectName: "ticket-words"
        label: qsTr("Note")
        hint: qsTr("What was said or done")
        maximumLength: 2000
        onAccepted: {
            detail.model.note(text)
            text = ""
        }
    }
    RowLayout {
        Layout.fillWidth: true
        spacing: Theme.s8

        ActionButton {
            objectName: "ticket-note"
            enabled: said.text.trim() !== ""
            symbol: "sticky-note"
            text: qsTr("Note it")
            onClicked: {
                detail.model.note(said.text)
                said.text = ""
            }
        }
        Item {
            Layout.fillWidth: true
        }
        ActionButton {
            objectName: "ticket-reopen"
            visible: detail.model.solved
            symbol: "rotate-ccw"
            text: qsTr("Open it again")
            onClicked: detail.model.reopen()
        }
        ActionButton {
            objectName: "ticket-solve"
            visible: !detail.model.solved
            kind: "primary"
            symbol: "check"
            text: qsTr("Solved")
            onClicked: {
                detail.model.solve(said.text)
                said.text = ""
            }
        }
    }
    Divider {
        Layout.fillWidth: true
    }
    Rows {
        id: history

        Layout.fillWidth: true
        Layout.fillHeight: true
        spacing: Theme.s12
        model: detail.model.steps
        Accessible.role: Accessible.List
        Accessible.name: qsTr("What happened")

        delegate: RowLayout {
            id: step

            required property string title
            required property string detail
            required property string when
            required property string icon
            required property bool undone

            width: history.width
            spacing: Theme.s12
            Accessible.role: Accessible.ListItem
            Accessible.name: [title, detail, when].filter(part => part !== "").join(", ")

            Icon {
                Layout.alignment: Qt.AlignTop
                name: step.icon
                size: 20
                tone: Theme.ink2
            }
            ColumnLayout {
                Layout.fillWidth: true
                spacing: 0

                Words {
                    Layout.fillWidth: true
                    text: step.title
                    font.strikeout: step.undone
                    color: step.undone ? Theme.ink3 : Theme.ink
                    wrapMode: Text.Wrap
                    Accessible.ignored: true
                }
                Words {
                    Layout.fillWidth: true
                    visible: text !== ""
                    text: step.detail
                    size: Theme.caption
                    color: Theme.ink2
                    wrapMode: Text.Wrap
                    Accessible.ignored: true
                }
            }
            Words {
                Layout.alignment: Qt.AlignTop
                text: step.undone ? qsTr("taken back") : step.when
                size: Theme.caption
                color: Theme.ink2
                Accessible.ignored: true
            }
        }
    }
}
