pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// Search from every page: members, products, orders, tickets, in groups. The arrows mark a row, Enter opens it.
BottomSheet {
    id: sheet

    required property FindViewModel model
    required property bool portrait

    shown: true
    title: qsTr("Search")
    onClosed: model.close()

    ColumnLayout {
        anchors.fill: parent
        anchors.leftMargin: Theme.s24
        anchors.rightMargin: Theme.s24
        anchors.topMargin: Theme.s16
        anchors.bottomMargin: Theme.s16
        spacing: Theme.s12

        RowLayout {
            Layout.fillWidth: true
            spacing: Theme.s12

            SearchField {
                objectName: "find-field"
                Layout.fillWidth: true
                focus: true
                hint: qsTr("Member, product, order or ticket: name, phone tail, number, or scan")
                text: sheet.model.text
                onSearched: text => sheet.model.search(text)
                onAccepted: sheet.model.accept()
                Keys.onUpPressed: sheet.model.move(-1)
                Keys.onDownPressed: sheet.model.move(1)
                Keys.onEscapePressed: sheet.model.close()
                Component.onCompleted: forceActiveFocus()
            }
            IconButton {
                objectName: "find-camera"
                framed: true
                symbol: "camera"
                name: qsTr("Scan with the camera")
                onClicked: sheet.model.openCamera()
            }
        }
        Rows {
            id: list

            Layout.fillWidth: true
            Layout.fillHeight: true
            visible: count > 0
            model: sheet.model.found
            currentIndex: sheet.model.marked
            delegate: FindRow {
                width: list.width
                onChosen: key => sheet.model.choose(key)
            }
        }
        Item {
            Layout.fillWidth: true
            Layout.fillHeight: true
            visible: list.count === 0

            EmptyState {
                anchors.centerIn: parent
                width: Math.min(parent.width, 520)
                symbol: "search"
                title: sheet.model.nothing ? qsTr("Nothing here is called so") : qsTr("Everything on this tablet, also with no network")
                text: sheet.model.numbered ? qsTr("Where it is on a receipt, HQ may know the order, and its goods can be taken back.") : sheet.model.nothing ? qsTr("Look for another part of the name or number, or sign them up.") : qsTr("Type the last digits of a phone, initials, part of a name, a product, the number of an order or ticket, or what the ticket says.")
                action: sheet.model.numbered ? qsTr("Look for the order at HQ") : sheet.model.nothing ? qsTr("Sign up") : ""
                actionSymbol: sheet.model.numbered ? "receipt-text" : "user-plus"
                onPressed: sheet.model.numbered ? sheet.model.seekOrder() : sheet.model.signUp()
            }
        }
    }
}
