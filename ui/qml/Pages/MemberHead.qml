pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// Who they are, in one card: name, level, phone, owner; and four figures.
Card {
    id: card

    required property MembersViewModel model
    required property bool portrait
    readonly property MemberDetails details: model.details

    implicitHeight: head.implicitHeight + 40

    ColumnLayout {
        id: head

        anchors.fill: parent
        anchors.margins: Theme.s20
        spacing: Theme.s16

        RowLayout {
            spacing: Theme.s16

            IconButton {
                visible: card.portrait
                symbol: "arrow-left"
                name: qsTr("Back to the list")
                onClicked: card.model.close()
            }
            Avatar {
                name: card.model.name
                personId: card.model.memberId
                size: 64
            }
            ColumnLayout {
                Layout.fillWidth: true
                spacing: 2

                Flow {
                    Layout.fillWidth: true
                    spacing: Theme.s8

                    Words {
                        text: card.model.name
                        size: Theme.title
                        bold: true
                        width: Math.min(implicitWidth, parent.width)
                        wrapMode: Text.Wrap
                        Accessible.role: Accessible.Heading
                    }
                    Tag {
                        text: card.details.level
                        tone: "gold"
                        symbol: "crown"
                    }
                    Tag {
                        objectName: "visitor"
                        text: card.model.home === "" ? "" : qsTr("Member of %1").arg(card.model.home)
                        symbol: "store"
                    }
                    TicketMark {
                        objectName: "member-tickets"
                        count: card.model.tickets
                    }
                    Tag {
                        text: card.model.waiting ? qsTr("Waits for the network") : ""
                        tone: "warn"
                        symbol: "cloud-upload"
                    }
                }
                RowLayout {
                    spacing: Theme.s4

                    Words {
                        text: card.model.phone
                        bold: true
                    }
                    ActionButton {
                        kind: "text"
                        symbol: card.model.phoneShown ? "eye-off" : "eye"
                        text: card.model.phoneShown ? qsTr("Hide the number") : qsTr("Show the number")
                        onClicked: card.model.showPhone()
                    }
                }
                Words {
                    Layout.fillWidth: true
                    text: card.model.identity
                    size: Theme.caption
                    color: Theme.ink2
                    wrapMode: Text.WordWrap
                }
            }
            IconButton {
                objectName: "member-material"
                symbol: "images"
                framed: true
                name: qsTr("Material that goes with %1").arg(card.model.name)
                onClicked: card.model.material()
            }
            ActionButton {
                objectName: "log-talk"
                text: qsTr("Log a talk")
                symbol: "notebook-pen"
                visible: !card.portrait
                onClicked: card.model.talk()
            }
        }
        Divider {
            Layout.fillWidth: true
        }
        GridLayout {
            Layout.fillWidth: true
            columns: card.portrait ? 2 : 4
            columnSpacing: Theme.s20
            rowSpacing: Theme.s16
            uniformCellWidths: true

            Repeater {
                model: [
                    card.details.walletKnown
                        ? {label: qsTr("Points"), value: card.details.points, note: card.details.levelWords}
                        : {label: qsTr("Since joining"), value: card.model.spentAll, note: card.model.ordersAll},
                    card.details.walletKnown
                        ? {label: qsTr("Coupons"), value: card.details.coupons, note: card.details.couponDetail}
                        : {label: qsTr("Birthday"), value: card.model.birthday === "" ? qsTr("not told") : card.model.birthday,
                            note: qsTr("member since %1").arg(card.model.joined)},
                    {label: qsTr("Last 90 days"), value: card.model.spent90, note: card.model.orders90},
                    {label: qsTr("Last contact"), value: card.model.lastContact, note: card.model.rhythm}
                ]

                RowLayout {
                    id: figure

                    required property var modelData
                    required property int index

                    Layout.fillWidth: true
                    Layout.fillHeight: true
                    Layout.alignment: Qt.AlignTop
                    spacing: Theme.s16

                    Divider {
                        Layout.fillHeight: true
                        Layout.preferredWidth: 1
                        visible: !card.portrait && figure.index > 0
                    }
                    ColumnLayout {
                        Layout.fillWidth: true
                        Layout.alignment: Qt.AlignTop
                        spacing: 2

                        Words {
                            Layout.fillWidth: true
                            text: figure.modelData.label
                            size: Theme.caption
                            color: Theme.ink2
                            wrapMode: Text.WordWrap
                        }
                        Words {
                            Layout.fillWidth: true
                            text: figure.modelData.value
                            size: Theme.title
                            bold: true
                            wrapMode: Text.WordWrap
                        }
                        Words {
                            Layout.fillWidth: true
                            text: figure.modelData.note
                            size: Theme.caption
                            color: Theme.ink2
                            wrapMode: Text.WordWrap
                        }
                    }
                }
            }
        }
        ProgressTrack {
            Layout.fillWidth: true
            visible: card.details.levelWords !== ""
            value: card.details.levelShare
            tone: Theme.gold
            name: card.details.levelWords
        }
        Words {
            Layout.fillWidth: true
            visible: card.details.levelWords !== "" && !card.details.walletKnown
            text: card.details.levelWords
            size: Theme.caption
            color: Theme.ink2
            wrapMode: Text.WordWrap
        }
        Repeater {
            id: cards

            model: card.details.cards

            RowLayout {
                id: money

                required property string title
                required property string balance
                required property string detail
                required property string blocked

                objectName: "wallet-card"
                Layout.fillWidth: true
                spacing: Theme.s8

                Icon {
                    Layout.alignment: Qt.AlignTop
                    name: money.blocked === "" ? "gift" : "lock"
                    size: 20
                    tone: money.blocked === "" ? Theme.ink2 : Theme.bad
                }
                ColumnLayout {
                    Layout.fillWidth: true
                    spacing: 2

                    Words {
                        Layout.fillWidth: true
                        text: money.title
                        wrapMode: Text.Wrap
                    }
                    Words {
                        Layout.fillWidth: true
                        visible: text !== ""
                        text: money.blocked
                        size: Theme.caption
                        color: Theme.bad
                        wrapMode: Text.WordWrap
                    }
                    Words {
                        Layout.fillWidth: true
                        visible: text !== ""
                        text: money.detail
                        size: Theme.caption
                        color: Theme.ink2
                        wrapMode: Text.WordWrap
                    }
                }
                Words {
                    Layout.alignment: Qt.AlignTop
                    text: money.balance
                    bold: true
                }
            }
        }
        RowLayout {
            objectName: "no-wallet-cards"
            Layout.fillWidth: true
            visible: card.details.walletKnown && cards.count === 0
            spacing: Theme.s8

            Icon {
                name: "gift"
                size: 20
                tone: Theme.ink2
            }
            Words {
                Layout.fillWidth: true
                text: qsTr("No gift card yet: one that is sold to them stands here once it is paid.")
                size: Theme.caption
                color: Theme.ink2
                wrapMode: Text.WordWrap
            }
        }
    }
}
