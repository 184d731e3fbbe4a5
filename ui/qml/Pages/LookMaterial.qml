pragma ComponentBehavior: Bound
import QtQuick
import Theme
import Controls
import StoreGuide

// A material whole, for the guide: its pages or its film, and from its end the way to confirm what must be read.
BottomSheet {
    id: sheet

    required property LibraryViewModel model
    required property bool portrait

    shown: true
    tallest: 1200
    title: model.title
    detail: model.length
    onClosed: model.closeSheet()

    MaterialViewer {
        anchors.fill: parent
        model: sheet.model
        Component.onCompleted: forceActiveFocus()

        tools: [
            ActionButton {
                objectName: "look-confirm"
                visible: sheet.model.confirmable
                enabled: sheet.model.endSeen
                text: qsTr("I have read it")
                symbol: "circle-check"
                onClicked: sheet.model.confirm()
            },
            ActionButton {
                objectName: "look-share"
                visible: sheet.model.shareable
                text: qsTr("Share")
                symbol: "share-2"
                onClicked: sheet.model.share()
            },
            ActionButton {
                objectName: "look-show"
                kind: "primary"
                enabled: sheet.model.showable
                text: sheet.portrait ? qsTr("Show") : qsTr("Show the customer")
                symbol: "maximize"
                onClicked: sheet.model.show()
            }
        ]
    }
}
