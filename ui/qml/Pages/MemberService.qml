pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// What is open between the shop and a member: unsolved tickets, promises; and the two buttons that make one.
Card {
    id: card

    required property MemberServiceViewModel model
    required property string memberId

    implicitHeight: body.implicitHeight + 40
    onMemberIdChanged: card.model.show(card.memberId)
    Component.onCompleted: card.model.show(card.memberId)

    ColumnLayout {
        id: body

        anchors.fill: parent
        anchors.margins: Theme.s20
        spacing: Theme.s12

        Words {
            Layout.fillWidth: true
            text: qsTr("Promises and tickets")
            size: Theme.strong
            bold: true
            wrapMode: Text.WordWrap
            Accessible.role: Accessible.Heading
        }
        Repeater {
            model: card.model.tickets

            TicketRow {
                id: ticket

                Layout.fillWidth: true
                named: false
                onClicked: card.model.openTicket(ticket.key)
            }
        }
        Repeater {
            model: card.model.promises.promises

            PromiseRow {
                id: promise

                Layout.fillWidth: true
                named: false
                narrow: true
                onSettled: what => card.model.promises.settle(promise.key, what)
            }
        }
        Words {
            Layout.fillWidth: true
            visible: card.model.nothing
            text: qsTr("Nothing is open: no promise, no ticket.")
            color: Theme.ink2
            wrapMode: Text.WordWrap
        }
        Flow {
            Layout.fillWidth: true
            spacing: Theme.s8

            ActionButton {
                objectName: "make-promise"
                kind: "tonal"
                symbol: "handshake"
                text: qsTr("Promise")
                onClicked: card.model.promises.make()
            }
            ActionButton {
                objectName: "raise-ticket"
                symbol: "flag"
                text: qsTr("Ticket")
                onClicked: card.model.raiseTicket()
            }
        }
    }
}
