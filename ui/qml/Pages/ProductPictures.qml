pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// A product's pictures as large as the tablet has room for: a swipe, the arrow keys or the buttons lead from one to the next.
BottomSheet {
    id: sheet

    required property OrderViewModel model
    required property bool portrait

    shown: true
    tallest: 1200
    title: model.lookedName
    detail: model.lookedWords
    onClosed: model.closeSheet()
    Component.onCompleted: strip.forceActiveFocus()

    ColumnLayout {
        anchors.fill: parent
        anchors.margins: Theme.s24
        spacing: Theme.s12

        ListView {
            id: strip

            objectName: "product-pictures"
            Layout.fillWidth: true
            Layout.fillHeight: true
            orientation: ListView.Horizontal
            snapMode: ListView.SnapOneItem
            highlightRangeMode: ListView.StrictlyEnforceRange
            highlightMoveDuration: Theme.motionIn
            keyNavigationEnabled: true
            boundsBehavior: Flickable.StopAtBounds
            cacheBuffer: Math.max(0, width)
            clip: true
            model: sheet.model.lookedPictures
            Accessible.role: Accessible.List
            Accessible.name: qsTr("Pictures")

            delegate: Item {
                id: shown

                required property int index
                required property var modelData

                width: strip.width
                height: strip.height
                Accessible.role: Accessible.Graphic
                Accessible.name: qsTr("Picture %1 of %2: %3").arg(index + 1).arg(strip.count).arg(sheet.title)

                ProductPicture {
                    anchors.fill: parent
                    color: Theme.sunken
                    tint: sheet.model.lookedTint
                    drawing: 96
                    picture: large.ready ? "" : shown.modelData.before
                }
                Image {
                    id: large

                    readonly property bool ready: status === Image.Ready && implicitWidth > 1

                    anchors.fill: parent
                    anchors.margins: Theme.s4
                    source: shown.modelData.source
                    asynchronous: true
                    fillMode: Image.PreserveAspectFit
                    mipmap: true
                    Accessible.ignored: true
                }
                Rectangle {
                    z: -1
                    anchors.fill: parent
                    visible: large.ready
                    color: Theme.sunken
                }
            }
        }
        RowLayout {
            Layout.fillWidth: true
            spacing: Theme.s12

            IconButton {
                objectName: "picture-before"
                visible: strip.count > 1
                enabled: strip.currentIndex > 0
                symbol: "chevron-left"
                name: qsTr("Picture before")
                onClicked: strip.decrementCurrentIndex()
            }
            Words {
                visible: strip.count > 1
                text: qsTr("%1 of %2").arg(strip.currentIndex + 1).arg(strip.count)
                color: Theme.ink2
                Accessible.ignored: true
            }
            IconButton {
                objectName: "picture-after"
                visible: strip.count > 1
                enabled: strip.currentIndex < strip.count - 1
                symbol: "chevron-right"
                name: qsTr("Next picture")
                onClicked: strip.incrementCurrentIndex()
            }
            Item {
                Layout.fillWidth: true
            }
            IconButton {
                objectName: "looked-material"
                symbol: "images"
                framed: true
                name: qsTr("Material that goes with %1").arg(sheet.title)
                onClicked: sheet.model.lookedMaterial()
            }
            Words {
                text: sheet.model.lookedPrice
                size: Theme.strong
                bold: true
            }
            ActionButton {
                objectName: "take-looked"
                kind: "primary"
                symbol: sheet.model.lookedChoices ? "list" : "plus"
                text: sheet.model.lookedChoices ? qsTr("Choose a variant") : qsTr("Into the basket")
                enabled: sheet.model.lookedSellable
                onClicked: sheet.model.takeLooked()
            }
        }
    }
}
