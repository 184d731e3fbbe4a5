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

        RowLayout {
            id: parts

            anchors.left: parent.left
            anchors.right: parent.right
            anchors.verticalCenter: parent.verticalCenter
            anchors.margins: Theme.s12
            spacing: Theme.s12

            StateNote {
                Layout.fillWidth: true
                symbol: "receipt-text"
                tone: row.tone
                title: row.title
                text: row.detail
            }
            ActionButton {
                objectName: "missing-act"
                visible: row.action !== ""
                kind: row.action === "finish" ? "primary" : "tonal"
                symbol: row.action === "finish" ? "undo-2" : "refresh-cw"
                text: row.label
                onClicked: list.missing.act(row.key)
            }
            IconButton {
                objectName: "missing-drop"
                symbol: "x"
                name: qsTr("Do not look for it any more")
                onClicked: list.missing.drop(row.key)
            }
        }
    }
}
