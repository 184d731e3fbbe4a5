pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// One material: its picture, how it stands, its words, and what can be done with it.
ColumnLayout {
    id: detail

    required property LibraryViewModel model
    required property bool portrait

    spacing: 0

    Flickable {
        id: view

        objectName: "material-detail"
        Layout.fillWidth: true
        Layout.fillHeight: true
        Layout.margins: 2
        contentHeight: column.implicitHeight
        boundsBehavior: Flickable.StopAtBounds
        clip: true

        // Words have been read once their end was on the screen.
        function read() {
            if (detail.visible && detail.model.kind === "text" && contentHeight > 0 && contentY + height >= contentHeight - 2)
                detail.model.sawEnd()
        }

        onContentYChanged: read()
        onMovementEnded: read()

        ColumnLayout {
            id: column

            width: view.width
            spacing: Theme.s12

            Pressable {
                id: hero

                objectName: "material-look"
                Layout.fillWidth: true
                implicitHeight: detail.portrait ? 320 : 200
                visible: detail.model.kind !== "text"
                enabled: detail.model.whyNot === ""
                name: qsTr("Look at it whole: %1").arg(detail.model.title)
                onClicked: detail.model.look()

                padding: Theme.s8
                contentItem: ProductPicture {
                    fills: true
                    drawing: 56
                    symbol: detail.model.kind === "video" ? "video" : "image"
                    picture: detail.model.pictureOf(detail.model.poster, detail.model.turn)

                    Rectangle {
                        anchors.centerIn: parent
                        visible: detail.model.kind === "video"
                        width: 56
                        height: 56
                        radius: 28
                        color: Theme.raised

                        Icon {
                            anchors.centerIn: parent
                            name: "play"
                            tone: Theme.ink
                        }
                    }
                }
            }
            RowLayout {
                Layout.fillWidth: true
                Layout.leftMargin: Theme.s20
                Layout.rightMargin: Theme.s12
                Layout.topMargin: detail.model.kind === "text" ? Theme.s12 : 0
                spacing: Theme.s4

                IconButton {
                    visible: detail.portrait
                    symbol: "arrow-left"
                    name: qsTr("Back to the library")
                    onClicked: detail.model.close()
                }
                Words {
                    objectName: "material-title"
                    Layout.fillWidth: true
                    text: detail.model.title
                    size: Theme.title
                    bold: true
                    wrapMode: Text.Wrap
                    Accessible.role: Accessible.Heading
                }
                IconButton {
                    objectName: "material-keep"
                    symbol: "heart"
                    tonal: detail.model.favourite
                    name: detail.model.favourite ? qsTr("No favourite any more") : qsTr("Keep as a favourite")
                    Accessible.checkable: true
                    Accessible.checked: detail.model.favourite
                    onClicked: detail.model.keep()
                }
            }
            Flow {
                Layout.fillWidth: true
                Layout.leftMargin: Theme.s20
                Layout.rightMargin: Theme.s20
                spacing: Theme.s8

                Tag {
                    text: detail.model.must
                    tone: detail.model.read ? "good" : "warn"
                    symbol: detail.model.read ? "circle-check" : "book-open"
                }
                Tag {
                    objectName: "material-state"
                    text: detail.model.state
                    tone: detail.model.stateTone
                    symbol: detail.model.stateMark
                }
                Tag {
                    text: detail.model.until
                }
                Tag {
                    text: detail.model.length
                }
                Tag {
                    text: detail.model.topic
                }
            }
            Banner {
                Layout.fillWidth: true
                Layout.leftMargin: Theme.s20
                Layout.rightMargin: Theme.s20
                visible: detail.model.whyNot !== ""
                tone: "bad"
                symbol: "ban"
                lead: detail.model.whyNot
                text: qsTr("It cannot be shown or sent.")
            }
            Words {
                objectName: "material-text"
                Layout.fillWidth: true
                Layout.leftMargin: Theme.s20
                Layout.rightMargin: Theme.s20
                visible: text !== "" && detail.model.whyNot === ""
                text: detail.model.letter
                wrapMode: Text.Wrap
            }
            Words {
                objectName: "material-text-problem"
                Layout.fillWidth: true
                Layout.leftMargin: Theme.s20
                Layout.rightMargin: Theme.s20
                visible: text !== "" && detail.model.letter !== "" && detail.model.whyNot === ""
                text: detail.model.letterProblem
                size: Theme.caption
                color: Theme.warn
                wrapMode: Text.Wrap
            }
            Flow {
                Layout.fillWidth: true
                Layout.leftMargin: Theme.s20
                Layout.rightMargin: Theme.s20
                visible: detail.model.copyable
                spacing: Theme.s8

                ActionButton {
                    objectName: "material-copy"
                    text: qsTr("Copy the words")
                    symbol: "copy"
                    onClicked: detail.model.copyLetter()
                }
                ActionButton {
                    objectName: "material-sent"
                    visible: detail.model.memberName !== ""
                    text: qsTr("Sent to %1").arg(detail.model.memberName)
                    symbol: "send"
                    onClicked: detail.model.sent()
                }
            }
            Rows {
                id: strip

                objectName: "material-strip"
                Layout.fillWidth: true
                Layout.leftMargin: Theme.s20
                Layout.rightMargin: Theme.s20
                Layout.preferredHeight: 76
                visible: count > 1
                orientation: ListView.Horizontal
                spacing: Theme.s8
                model: detail.model.pages
                Accessible.role: Accessible.List
                Accessible.name: qsTr("Pages")

                delegate: Pressable {
                    id: leaf

                    required property int index
                    required property var modelData

                    width: 66
                    height: strip.height
                    name: qsTr("Page %1 of %2: %3").arg(leaf.index + 1).arg(strip.count).arg(detail.model.title)
                    onClicked: detail.model.lookAt(leaf.index)

                    contentItem: ProductPicture {
                        fills: true
                        symbol: "image"
                        picture: detail.model.pictureOf(leaf.modelData.before, detail.model.turn)
                    }
                }
            }
            Item {
                Layout.preferredHeight: Theme.s8
            }
        }
    }
    Divider {
        Layout.fillWidth: true
    }
    Words {
        objectName: "material-to-read"
        Layout.fillWidth: true
        Layout.leftMargin: Theme.s20
        Layout.rightMargin: Theme.s20
        Layout.topMargin: Theme.s12
        visible: detail.model.confirmable && !detail.model.endSeen
        text: detail.model.kind === "text" ? qsTr("Read it to its end, then confirm it.") : qsTr("Look at it to its end, then confirm it.")
        size: Theme.caption
        color: Theme.ink2
        wrapMode: Text.Wrap
    }
    GridLayout {
        id: foot

        // What it is for stands last: on the right, or across where the others leave it no room.
        readonly property real others: (detail.model.shareable ? share.implicitWidth + Theme.s12 : 0) + (detail.model.away ? bring.implicitWidth + Theme.s12 : 0) + (detail.model.confirmable ? confirm.implicitWidth + Theme.s12 : 0)
        readonly property bool roomy: detail.width - 2 * Theme.s20 >= others + (detail.model.kind !== "text" ? show.implicitWidth : 0)

        Layout.fillWidth: true
        Layout.margins: Theme.s20
        Layout.topMargin: Theme.s12
        columns: foot.roomy ? 2 : 1
        columnSpacing: Theme.s12
        rowSpacing: Theme.s12

        Flow {
            Layout.fillWidth: true
            visible: foot.roomy || foot.others > 0
            layoutDirection: Qt.RightToLeft
            spacing: Theme.s12

            ActionButton {
                id: share

                objectName: "material-share"
                visible: detail.model.shareable
                text: qsTr("Share")
                symbol: "share-2"
                implicitHeight: Theme.grown(Theme.primary)
                onClicked: detail.model.share()
            }
            ActionButton {
                id: bring

                objectName: "material-bring"
                visible: detail.model.away
                text: qsTr("Bring it here")
                symbol: "download"
                implicitHeight: Theme.grown(Theme.primary)
                onClicked: detail.model.bring()
            }
            ActionButton {
                id: confirm

                objectName: "material-confirm"
                visible: detail.model.confirmable
                text: qsTr("I have read it")
                symbol: "circle-check"
                enabled: detail.model.endSeen
                implicitHeight: Theme.grown(Theme.primary)
                onClicked: detail.model.confirm()
            }
        }
        ActionButton {
            id: show

            objectName: "material-show"
            Layout.fillWidth: !foot.roomy
            visible: detail.model.kind !== "text"
            kind: "primary"
            symbol: "maximize"
            text: qsTr("Show the customer")
            enabled: detail.model.showable
            onClicked: detail.model.show()
        }
    }
    Connections {
        target: detail.model

        function onChanged() {
            Qt.callLater(view.read)
        }
    }
}
