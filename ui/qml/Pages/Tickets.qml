pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// The shop's tickets and one of them whole; one after the other in portrait.
Item {
    id: page

    required property TicketsViewModel model
    required property bool portrait
    readonly property bool both: !portrait

    RowLayout {
        anchors.fill: parent
        anchors.leftMargin: Theme.s24
        anchors.rightMargin: Theme.s24
        anchors.bottomMargin: Theme.s24
        spacing: Theme.s16

        ColumnLayout {
            Layout.preferredWidth: 480
            Layout.fillWidth: !page.both
            Layout.fillHeight: true
            visible: page.both || !page.model.chosen
            spacing: Theme.s8

            RowLayout {
                spacing: Theme.s12

                IconButton {
                    symbol: "arrow-left"
                    framed: true
                    name: qsTr("Back to Today")
                    onClicked: page.model.go("Today")
                }
                SearchField {
                    objectName: "ticket-search"
                    Layout.fillWidth: true
                    hint: qsTr("Number, member, or what was said")
                    text: page.model.text
                    onSearched: text => page.model.search(text)
                }
                IconButton {
                    objectName: "service-figures"
                    symbol: "chart-column"
                    framed: true
                    name: qsTr("How the shop keeps its word")
                    onClicked: page.model.figures()
                }
            }
            Flow {
                Layout.fillWidth: true
                spacing: Theme.s8

                Repeater {
                    model: page.model.filters

                    FilterChip {
                        required property string key
                        required property string label
                        required property bool selected

                        objectName: "tickets-" + key
                        text: label
                        chosen: selected
                        onClicked: page.model.setFilter(key)
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
                    Accessible.role: Accessible.List
                    Accessible.name: qsTr("Tickets")
                    onAtYEndChanged: {
                        if (atYEnd && count > 0)
                            page.model.more()
                    }

                    delegate: TicketRow {
                        id: row

                        width: list.width
                        onClicked: page.model.choose(row.key)
                    }
                }
                EmptyState {
                    anchors.centerIn: parent
                    width: parent.width - 48
                    visible: page.model.nothing
                    tone: "good"
                    symbol: "circle-check"
                    title: qsTr("No ticket here")
                    text: qsTr("Raise one from a member's page or from an order: what a customer told you is then nobody's to forget.")
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
                symbol: "flag"
                title: qsTr("Choose a ticket")
                text: qsTr("Everything that was said and done about it stands there.")
            }
            TicketDetail {
                anchors.fill: parent
                anchors.margins: Theme.s20
                visible: page.model.chosen
                model: page.model
                portrait: page.portrait
            }
        }
    }
}
