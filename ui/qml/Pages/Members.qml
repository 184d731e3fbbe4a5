pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// The list that answers while typing, and the profile beside it; one after the other in portrait.
Item {
    id: page

    required property MembersViewModel model
    required property bool portrait
    readonly property bool both: !portrait
    readonly property bool detail: model.chosen || model.missing || model.loading

    RowLayout {
        anchors.fill: parent
        anchors.leftMargin: Theme.s24
        anchors.rightMargin: Theme.s24
        anchors.bottomMargin: Theme.s24
        spacing: Theme.s16

        ColumnLayout {
            Layout.preferredWidth: page.both ? 352 : 0
            Layout.fillWidth: !page.both
            Layout.fillHeight: true
            visible: page.both || !page.detail
            spacing: Theme.s8

            SearchField {
                id: search

                objectName: "member-search"
                Layout.fillWidth: true
                hint: qsTr("Name, pinyin, phone tail or number")
                text: page.model.text
                onSearched: text => page.model.search(text)
                Component.onCompleted: forceActiveFocus()
            }
            Flow {
                Layout.fillWidth: true
                spacing: Theme.s8

                FilterChip {
                    text: qsTr("The whole shop")
                    chosen: !page.model.mine
                    onClicked: page.model.showMine(false)
                }
                FilterChip {
                    text: qsTr("My members")
                    chosen: page.model.mine
                    onClicked: page.model.showMine(true)
                }
                FilterChip {
                    objectName: "by-tag"
                    text: page.model.tag === "" ? qsTr("By tag") : page.model.tag
                    chosen: page.model.tag !== "" || page.model.choosingTag
                    onClicked: page.model.askTag()
                }
            }
            TagChoices {
                Layout.fillWidth: true
                model: page.model
            }
            Flow {
                Layout.fillWidth: true
                spacing: Theme.s8

                Words {
                    text: page.model.foundWords
                    size: Theme.caption
                    color: Theme.ink2
                }
                Words {
                    width: Math.min(implicitWidth, parent.width)
                    text: page.model.totalWords
                    size: Theme.caption
                    color: Theme.ink3
                    wrapMode: Text.WordWrap
                }
            }
            Card {
                Layout.fillWidth: true
                Layout.fillHeight: true

                Rows {
                    id: list

                    anchors.fill: parent
                    anchors.margins: 6
                    anchors.bottomMargin: foot.height + Theme.s12
                    model: page.model.found
                    visible: !page.model.nothing
                    onAtYEndChanged: {
                        if (atYEnd && count > 0)
                            page.model.more()
                    }
                    Accessible.role: Accessible.List
                    Accessible.name: qsTr("Members")

                    delegate: PersonRow {
                        id: row

                        required property var model

                        objectName: "member-row"
                        width: list.width
                        personId: row.model.key
                        title: row.model.name
                        detail: row.model.detail
                        level: row.model.level
                        waiting: row.model.waiting
                        tags: row.model.tags
                        tickets: row.model.tickets
                        trailing: row.model.when
                        chosen: row.model.selected
                        onClicked: page.model.choose(row.model.key)
                    }
                }
                EmptyState {
                    anchors.centerIn: parent
                    anchors.verticalCenterOffset: -(foot.height + Theme.s12) / 2
                    width: parent.width - 48
                    visible: page.model.nothing
                    symbol: "user-search"
                    title: qsTr("Nobody like that here")
                    text: page.model.hq.likely ? qsTr("Probably already a member in another shop") : qsTr("Check the spelling or the digits. A new customer is signed up in seconds, also with no network.")
                }
                ColumnLayout {
                    id: foot

                    anchors.left: parent.left
                    anchors.right: parent.right
                    anchors.bottom: parent.bottom
                    anchors.margins: Theme.s12
                    spacing: Theme.s8

                    Words {
                        Layout.fillWidth: true
                        visible: text !== ""
                        text: page.model.hq.asking ? qsTr("Asking HQ …") : page.model.hq.words
                        size: Theme.caption
                        color: Theme.ink2
                        wrapMode: Text.WordWrap
                    }
                    ActionButton {
                        objectName: "ask-hq"
                        Layout.fillWidth: true
                        visible: page.model.hq.offered
                        kind: "secondary"
                        text: qsTr("Ask HQ for this number")
                        symbol: "store"
                        onClicked: page.model.hq.ask()
                    }
                    Divider {
                        Layout.fillWidth: true
                    }
                    RowLayout {
                        Words {
                            Layout.fillWidth: true
                            text: qsTr("Not in the list?")
                            size: Theme.caption
                            color: Theme.ink2
                            wrapMode: Text.WordWrap
                        }
                        ActionButton {
                            objectName: "sign-up-new"
                            kind: "tonal"
                            text: qsTr("New member")
                            symbol: "user-plus"
                            onClicked: page.model.signUp()
                        }
                    }
                }
            }
        }
        Loader {
            Layout.fillWidth: true
            Layout.fillHeight: true
            visible: page.both || page.detail
            active: visible
            sourceComponent: page.model.chosen ? profile : page.model.missing ? gone : page.model.loading ? awaited : nobody
        }
    }

    Component {
        id: profile

        MemberProfile {
            model: page.model
            portrait: page.portrait
        }
    }
    Component {
        id: awaited

        Card {
            Skeleton {
                anchors.fill: parent
                anchors.margins: Theme.s20
            }
        }
    }
    Component {
        id: gone

        Card {
            EmptyState {
                anchors.centerIn: parent
                width: Math.min(parent.width - 96, 440)
                symbol: "user-x"
                title: qsTr("This member is not on this tablet any more")
                text: qsTr("They moved to another store, or their data was erased.")
                action: qsTr("Back to the list")
                onPressed: page.model.close()
            }
        }
    }
    Component {
        id: nobody

        Card {
            EmptyState {
                anchors.centerIn: parent
                width: Math.min(parent.width - 96, 440)
                symbol: "users"
                title: qsTr("Who is in front of you?")
                text: qsTr("Type the last digits of the phone, a name or its first letters, or scan the member's card.")
            }
        }
    }
}
