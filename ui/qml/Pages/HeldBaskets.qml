pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// The baskets beside the open one: the guide's own, then those that colleagues put aside or left open.
BottomSheet {
    id: sheet

    required property OrderViewModel model
    required property bool portrait

    shown: true
    tallest: portrait ? 1000 : 640
    onClosed: model.closeSheet()
    title: qsTr("Baskets put aside")
    detail: qsTr("Tap one to go on with it; the basket that is open is put aside for it")

    Rows {
        id: rows

        anchors.fill: parent
        anchors.margins: Theme.s24
        visible: count > 0
        spacing: Theme.s12
        model: sheet.model.held

        delegate: RowLayout {
            id: held

            required property var model

            width: rows.width
            spacing: Theme.s8

            PersonRow {
                objectName: "held-row"
                Layout.fillWidth: true
                personId: held.model.person_id
                title: held.model.title
                detail: [held.model.detail, held.model.note].filter(part => part !== "").join("\n")
                tags: held.model.whose === "" ? [] : [{text: held.model.whose, rule: false}]
                trailing: held.model.amount
                onClicked: {
                    sheet.model.takeUp(held.model.key)
                    sheet.closed()
                }
            }
            IconButton {
                objectName: "held-away"
                symbol: "trash-2"
                name: qsTr("Throw away the basket of %1").arg(held.model.title)
                onClicked: sheet.model.throwAway(held.model.key)
            }
        }
    }
    EmptyState {
        anchors.centerIn: parent
        width: Math.min(parent.width - 2 * Theme.s24, 480)
        visible: sheet.model.heldCount === 0
        symbol: "shopping-bag"
        title: qsTr("No basket is put aside")
        text: qsTr("When a customer is not sure yet, put the basket aside and go on with the next one. It waits here, also when you lock the tablet.")
    }
}
