pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// What HQ could not take as it was, each with its repair; beside it how this tablet stands.
Item {
    id: page

    required property AttentionViewModel model
    required property bool portrait

    GridLayout {
        anchors.fill: parent
        anchors.leftMargin: Theme.s24
        anchors.rightMargin: Theme.s24
        anchors.bottomMargin: Theme.s24
        columns: page.portrait ? 1 : 2
        columnSpacing: Theme.s16
        rowSpacing: Theme.s16

        ColumnLayout {
            Layout.fillWidth: true
            Layout.fillHeight: true
            spacing: Theme.s8

            Flow {
                Layout.fillWidth: true
                spacing: Theme.s8

                Repeater {
                    model: page.model.filters

                    FilterChip {
                        required property string key
                        required property string label
                        required property bool selected

                        objectName: "filter-" + key
                        text: label
                        chosen: selected
                        onClicked: page.model.setFilter(key)
                    }
                }
            }
            Rows {
                Layout.fillWidth: true
                Layout.fillHeight: true
                visible: !page.model.nothing && !page.model.loading
                spacing: Theme.s12
                model: page.model.lines
                Accessible.role: Accessible.List
                Accessible.name: qsTr("What needs you")

                delegate: AttentionItem {
                    id: thing

                    width: ListView.view.width
                    onAsked: repair => page.model.repair(thing.key, repair)
                }
            }
            Skeleton {
                Layout.fillWidth: true
                Layout.fillHeight: true
                visible: page.model.loading
            }
            Card {
                Layout.fillWidth: true
                Layout.fillHeight: true
                visible: page.model.nothing

                EmptyState {
                    anchors.centerIn: parent
                    width: Math.min(parent.width - 2 * Theme.s24, 420)
                    tone: "good"
                    symbol: "circle-check"
                    title: qsTr("Nothing needs you")
                    text: qsTr("What HQ cannot take as it is comes up here, with its repair as a button.")
                }
            }
        }
        ColumnLayout {
            Layout.fillWidth: page.portrait
            Layout.fillHeight: !page.portrait
            Layout.preferredWidth: page.portrait ? -1 : 340
            Layout.minimumWidth: page.portrait ? 0 : 340
            spacing: Theme.s12

            TabletState {
                Layout.fillWidth: true
                Layout.fillHeight: true
                Layout.preferredHeight: page.portrait ? Math.min(implicitHeight, page.height * 0.34) : -1
                Layout.maximumHeight: page.portrait ? Math.min(implicitHeight, page.height * 0.34) : Infinity
                columns: page.portrait ? 2 : 1
                model: page.model
            }
            ActionButton {
                objectName: "sync-now"
                Layout.fillWidth: true
                kind: "primary"
                symbol: "refresh-cw"
                text: qsTr("Sync now")
                onClicked: page.model.syncNow()
            }
        }
    }
}
