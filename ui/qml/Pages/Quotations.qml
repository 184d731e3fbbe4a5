pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// The shop's quotations and one of them whole; one after the other in portrait.
Item {
    id: page

    required property QuotationsViewModel model
    required property bool portrait
    readonly property bool both: !portrait

    RowLayout {
        anchors.fill: parent
        anchors.leftMargin: Theme.s24
        anchors.rightMargin: Theme.s24
        anchors.bottomMargin: Theme.s24
        spacing: Theme.s16

        ColumnLayout {
            Layout.preferredWidth: 520
            Layout.fillWidth: !page.both
            Layout.fillHeight: true
            visible: page.both || !page.model.chosen
            spacing: Theme.s8

            RowLayout {
                spacing: Theme.s12

                IconButton {
                    symbol: "arrow-left"
                    framed: true
                    name: qsTr("Back to the orders")
                    onClicked: page.model.go("Orders")
                }
                SearchField {
                    objectName: "quotation-search"
                    Layout.fillWidth: true
                    hint: qsTr("Number or member")
                    text: page.model.text
                    onSearched: text => page.model.search(text)
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

                        objectName: "quotations-" + key
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
                    Accessible.name: qsTr("Quotations")
                    onAtYEndChanged: {
                        if (atYEnd && count > 0)
                            page.model.more()
                    }

                    delegate: QuotationRow {
                        id: row

                        width: list.width
                        onClicked: page.model.choose(row.key)
                    }
                }
                EmptyState {
                    anchors.centerIn: parent
                    width: parent.width - 48
                    visible: page.model.nothing
                    symbol: "file-text"
                    title: qsTr("No quotation here")
                    text: qsTr("Fill a basket and make a quotation of it: the customer has its price in hand while they think it over.")
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
                symbol: "file-text"
                title: qsTr("Choose a quotation")
                text: qsTr("Its goods, its price and how long it holds stand there.")
            }
            QuotationDetail {
                anchors.fill: parent
                anchors.margins: Theme.s20
                visible: page.model.chosen
                model: page.model
                portrait: page.portrait
            }
        }
    }
}
