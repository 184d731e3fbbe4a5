pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// Pages as large as there is room: a swipe, the arrow keys or the buttons lead on; two fingers, a double tap or + and - zoom.
FocusScope {
    id: viewer

    required property LibraryViewModel model
    property list<Item> tools
    readonly property real most: 5
    property real zoom: 1

    function turn(by: int) {
        strip.currentIndex = Math.max(0, Math.min(strip.count - 1, strip.currentIndex + by))
    }

    function magnify(to: real) {
        zoom = Math.max(1, Math.min(most, to))
    }

    function told() {
        if (strip.count > 0 && strip.currentIndex === strip.count - 1)
            viewer.model.sawEnd()
    }

    Keys.onLeftPressed: viewer.turn(-1)
    Keys.onRightPressed: viewer.turn(1)
    Keys.onPressed: event => {
        switch (event.key) {
        case Qt.Key_PageUp: viewer.turn(-1); break
        case Qt.Key_PageDown:
        case Qt.Key_Space: viewer.turn(1); break
        case Qt.Key_Home: viewer.turn(-strip.count); break
        case Qt.Key_End: viewer.turn(strip.count); break
        case Qt.Key_Plus:
        case Qt.Key_Equal: viewer.magnify(viewer.zoom * 1.5); break
        case Qt.Key_Minus: viewer.magnify(viewer.zoom / 1.5); break
        case Qt.Key_0: viewer.magnify(1); break
        default: return
        }
        event.accepted = true
    }

    ColumnLayout {
        anchors.fill: parent
        spacing: 0

        ListView {
            id: strip

            objectName: "material-pages"
            Layout.fillWidth: true
            Layout.fillHeight: true
            orientation: ListView.Horizontal
            snapMode: ListView.SnapOneItem
            highlightRangeMode: ListView.StrictlyEnforceRange
            highlightMoveDuration: Theme.motionIn
            boundsBehavior: Flickable.StopAtBounds
            interactive: viewer.zoom === 1
            cacheBuffer: Math.max(0, width) // the page after it is there before the swipe ends
            clip: true
            focus: true
            model: viewer.model.pages
            Accessible.role: Accessible.List
            Accessible.name: qsTr("Pages")
            onCurrentIndexChanged: {
                viewer.zoom = 1
                viewer.told()
            }
            onCountChanged: viewer.told()
            Component.onCompleted: {
                currentIndex = viewer.model.firstPage
                positionViewAtIndex(currentIndex, ListView.Beginning)
            }

            delegate: Flickable {
                id: pane

                required property int index
                required property var modelData
                readonly property bool current: ListView.isCurrentItem
                readonly property real zoom: current ? viewer.zoom : 1

                width: strip.width
                height: strip.height
                contentWidth: width * zoom
                contentHeight: height * zoom
                interactive: zoom > 1
                boundsBehavior: Flickable.StopAtBounds
                clip: true
                onZoomChanged: {
                    contentX = (contentWidth - width) / 2
                    contentY = (contentHeight - height) / 2
                }

                Item {
                    width: pane.contentWidth
                    height: pane.contentHeight
                    Accessible.role: Accessible.Graphic
                    Accessible.name: qsTr("Page %1 of %2: %3").arg(pane.index + 1).arg(strip.count).arg(viewer.model.title)

                    Image {
                        anchors.fill: parent
                        visible: !whole.ready
                        source: viewer.model.pictureOf(pane.modelData.before, viewer.model.turn)
                        asynchronous: true
                        fillMode: Image.PreserveAspectFit
                        Accessible.ignored: true
                    }
                    Image {
                        id: whole

                        readonly property bool ready: status === Image.Ready && implicitWidth > 1

                        objectName: "material-page"
                        anchors.fill: parent
                        source: viewer.model.pictureOf(pane.modelData.source, viewer.model.turn)
                        asynchronous: true
                        fillMode: Image.PreserveAspectFit
                        mipmap: true
                        Accessible.ignored: true
                    }
                    TapHandler {
                        onDoubleTapped: viewer.magnify(viewer.zoom > 1 ? 1 : 2.5)
                    }
                    PinchHandler {
                        property real begun: 1

                        target: null
                        onActiveChanged: {
                            if (active)
                                begun = viewer.zoom
                        }
                        onActiveScaleChanged: {
                            if (active)
                                viewer.magnify(begun * activeScale)
                        }
                    }
                }
            }
        }
        RowLayout {
            Layout.fillWidth: true
            Layout.leftMargin: Theme.s16
            Layout.rightMargin: Theme.s16
            Layout.topMargin: Theme.s8
            Layout.bottomMargin: Theme.s8
            spacing: Theme.s8

            IconButton {
                objectName: "page-before"
                visible: strip.count > 1
                enabled: strip.currentIndex > 0
                symbol: "chevron-left"
                name: qsTr("Page before")
                onClicked: viewer.turn(-1)
            }
            Words {
                objectName: "page-number"
                visible: strip.count > 1
                text: qsTr("%1 of %2").arg(strip.currentIndex + 1).arg(strip.count)
                color: Theme.ink2
            }
            IconButton {
                objectName: "page-after"
                visible: strip.count > 1
                enabled: strip.currentIndex < strip.count - 1
                symbol: "chevron-right"
                name: qsTr("Next page")
                onClicked: viewer.turn(1)
            }
            IconButton {
                objectName: "zoom-out"
                enabled: viewer.zoom > 1
                symbol: "minus"
                name: qsTr("Smaller")
                onClicked: viewer.magnify(viewer.zoom / 1.5)
            }
            IconButton {
                objectName: "zoom-in"
                enabled: viewer.zoom < viewer.most
                symbol: "plus"
                name: qsTr("Larger")
                onClicked: viewer.magnify(viewer.zoom * 1.5)
            }
            Item {
                Layout.fillWidth: true
            }
            Row {
                data: viewer.tools
                spacing: Theme.s8
            }
        }
    }
}
