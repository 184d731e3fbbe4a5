pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// Returns to finish: receipts whose orders are not on this tablet, and how far HQ is with them.
Rows {
    id: list

    required property MissingOrdersViewModel missing

    visible: count > 0
    implicitHeight: Math.min(contentHeight, 240)
    model: list.missing.rows

    delegate: Card {
        id: row

        required property string key
        required property string title
        required property string detail
        required property string tone
        required property string action
        required property string label

        width: list.width
        implicitHeight: parts.implicitHeight + 2 * Theme.s12

        GridLayout {
            id: parts

            readonly property bool narrow: list.width < 640

            anchors.left: parent.left
            anchors.right: parent.right
            anchors.verticalCenter: parent.verticalCenter
            anchors.margins: Theme.s12
            columnSpacing: Theme.s12
            rowSpacing: Theme.s8

            StateNote {
                Layout.fillWidth: true
                Layout.row: 0
                Layout.column: 0
                symbol: "receipt-text"
                tone: row.tone
                title: row.title
                text: row.detail
            }
            ActionButton {
                objectName: "missing-act"
                Layout.row: parts.narrow ? 1 : 0
                Layout.column: parts.narrow ? 0 : 1
                Layout.columnSpan: parts.narrow ? 2 : 1
                Layout.alignment: Qt.AlignRight
                visible: row.action !== ""
                kind: row.action === "finish" ? "primary" : "tonal"
                symbol: row.action === "finish" ? "undo-2" : "refresh-cw"
                text: row.label
                onClicked: list.missing.act(row.key)
            }
            IconButton {
                objectName: "missing-drop"
                Layout.row: 0
                Layout.column: parts.narrow ? 1 : 2
                Layout.alignment: Qt.AlignTop
                symbol: "x"
                name: qsTr("Do not look for it any more")
                onClicked: list.missing.drop(row.key)
            }
        }
    }
}
