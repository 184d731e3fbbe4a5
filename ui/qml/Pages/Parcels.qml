pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// What other shops' orders ask of this one, and one of them whole; one after the other in portrait.
Item {
    id: page

    required property ParcelsViewModel model
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
                    objectName: "parcel-search"
                    Layout.fillWidth: true
                    hint: qsTr("Number on the receipt, or name")
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

                        objectName: "parcels-" + key
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
                    Accessible.name: qsTr("Orders of other shops")
                    onAtYEndChanged: {
                        if (atYEnd && count > 0)
                            page.model.more()
                    }

                    delegate: ParcelRow {
                        id: row

                        width: list.width
                        onClicked: page.model.choose(row.key)
                    }
                }
                EmptyState {
                    anchors.centerIn: parent
                    width: parent.width - 48
                    visible: page.model.nothing
                    symbol: "package-open"
                    title: page.model.text === "" ? qsTr("Nothing here") : qsTr("No such order here")
                    text: page.model.text === "" ? qsTr("Where another shop sold goods that are fetched here or sent from here, its order appears by itself.") : qsTr("Only orders that are fetched here or sent from here are listed. Ask the shop that sold it.")
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
                symbol: "package-open"
                title: qsTr("Choose an order")
                text: qsTr("Its goods, who gets them and what to do stand there. A scan of the receipt opens it too.")
            }
            ParcelDetail {
                anchors.fill: parent
                anchors.margins: Theme.s20
                visible: page.model.chosen
                model: page.model
                portrait: page.portrait
            }
        }
    }
}
