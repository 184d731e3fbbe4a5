pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// The library: a grid with a filter row, and one material beside it; one after the other in portrait.
Item {
    id: page

    required property LibraryViewModel model
    required property bool portrait
    readonly property bool both: !portrait

    Timer {
        interval: 30000
        running: true
        repeat: true
        onTriggered: page.model.refresh()
    }
    RowLayout {
        anchors.fill: parent
        anchors.leftMargin: Theme.s24
        anchors.rightMargin: Theme.s24
        anchors.bottomMargin: Theme.s24
        spacing: Theme.s16

        ColumnLayout {
            Layout.fillWidth: true
            Layout.fillHeight: true
            visible: page.both || !page.model.chosen
            spacing: Theme.s8

            RowLayout {
                Layout.fillWidth: true
                spacing: Theme.s12

                SearchField {
                    objectName: "library-search"
                    Layout.fillWidth: true
                    scans: false
                    hint: qsTr("Title, topic, campaign")
                    text: page.model.text
                    onSearched: text => page.model.search(text)
                }
                ActionButton {
                    objectName: "library-filters"
                    text: page.model.narrowed > 0 ? qsTr("Filter %1").arg(page.model.narrowed) : qsTr("Filter")
                    kind: page.model.narrowed > 0 ? "tonal" : "secondary"
                    symbol: "sliders-horizontal"
                    onClicked: page.model.askFilters()
                }
            }
            Rows {
                objectName: "library-chips"
                Layout.fillWidth: true
                Layout.preferredHeight: Math.max(Theme.touch, Theme.grown(36))
                orientation: ListView.Horizontal
                spacing: Theme.s8
                model: page.model.chips
                Accessible.role: Accessible.List
                Accessible.name: qsTr("What is shown")

                delegate: FilterChip {
                    required property string key
                    required property string group
                    required property string value
                    required property string label
                    required property bool selected

                    objectName: "library-" + (group === "only" ? value : group)
                    text: label
                    chosen: selected
                    onClicked: page.model.narrow(group, value)
                }
            }
            RowLayout {
                Layout.fillWidth: true
                visible: page.model.goesWith !== ""
                spacing: Theme.s8

                Icon {
                    name: "sparkles"
                    tone: Theme.clay
                    size: 20
                }
                Words {
                    Layout.fillWidth: true
                    text: qsTr("Goes with %1").arg(page.model.goesWith)
                    wrapMode: Text.Wrap
                }
                ActionButton {
                    objectName: "library-everything"
                    kind: "text"
                    text: qsTr("Show everything")
                    onClicked: page.model.everything()
                }
            }
            GridView {
                id: grid

                readonly property int across: Math.max(2, Math.floor(width / Theme.grown(220)))

                objectName: "library-grid"
                Layout.fillWidth: true
                Layout.rightMargin: -Theme.s12
                Layout.fillHeight: true
                visible: !page.model.nothing
                cellWidth: width / across
                cellHeight: Theme.grown(236)
                cacheBuffer: 0 // as in Rows: what is not seen asks for no picture
                clip: true
                reuseItems: true
                keyNavigationEnabled: true
                model: page.model.found
                boundsBehavior: Flickable.StopAtBounds
                Accessible.role: Accessible.List
                Accessible.name: qsTr("Material")
                onAtYEndChanged: {
                    if (atYEnd && count > 0)
                        page.model.more()
                }

                delegate: MaterialTile {
                    id: one

                    objectName: "material"
                    width: grid.cellWidth - Theme.s12
                    height: grid.cellHeight - Theme.s12
                    picture: page.model.pictureOf(one.thumb, page.model.turn)
                    onClicked: page.model.choose(one.key)
                }
            }
            Item { // as in Order
                Layout.fillWidth: true
                Layout.fillHeight: true
                visible: page.model.nothing

                EmptyState {
                    anchors.centerIn: parent
                    width: Math.min(parent.width, 440)
                    symbol: "images"
                    title: page.model.empty ? qsTr("HQ has sent no material yet") : qsTr("Nothing found")
                    text: page.model.empty ? qsTr("What HQ publishes for this shop stands here within seconds, and opens with no network.") : qsTr("Try fewer letters or fewer filters.")
                    action: page.model.empty ? "" : qsTr("Show everything")
                    onPressed: {
                        page.model.search("")
                        page.model.everything()
                    }
                }
            }
            Words {
                objectName: "library-counts"
                Layout.fillWidth: true
                visible: !page.model.empty
                text: page.model.counts
                size: Theme.caption
                color: Theme.ink2
                wrapMode: Text.Wrap
            }
        }
        Card {
            Layout.fillWidth: !page.both
            Layout.preferredWidth: page.both ? Theme.grown(388) : -1
            Layout.fillHeight: true
            visible: page.both || page.model.chosen

            EmptyState {
                anchors.centerIn: parent
                width: Math.min(parent.width - 64, 400)
                visible: !page.model.chosen
                symbol: "images"
                title: qsTr("Choose something")
                text: qsTr("Look at it first, then show it to the customer on the whole screen.")
            }
            MaterialDetail {
                anchors.fill: parent
                visible: page.model.chosen
                model: page.model
                portrait: page.portrait
            }
        }
    }
}
