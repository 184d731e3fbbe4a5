pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// How many of a product are here and in the shops nearby, each with how old that is.
BottomSheet {
    id: sheet

    required property OrderViewModel model
    required property bool portrait

    shown: true
    tallest: 520 + 3 * (Theme.grown(100) - 100)
    fits: sheet.model.lookedStock.length * Theme.grown(64) + 2 * Theme.s16 + foot.implicitHeight + Theme.s24
    title: sheet.model.lookedName
    detail: sheet.model.lookedWords
    onClosed: sheet.model.closeSheet()
    Component.onCompleted: rows.forceActiveFocus()

    Rows {
        id: rows

        objectName: "near-stock"
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: parent.top
        anchors.bottom: foot.top
        anchors.margins: Theme.s16
        model: sheet.model.lookedStock

        delegate: Item {
            id: row

            required property int index
            required property var modelData

            width: rows.width
            implicitHeight: Math.max(Theme.grown(56), body.implicitHeight + Theme.s16)
            Accessible.role: Accessible.ListItem
            Accessible.name: [row.modelData.shop, row.modelData.pieces, row.modelData.age].filter(part => part !== "").join(", ")

            RowLayout {
                id: body

                anchors.left: parent.left
                anchors.right: parent.right
                anchors.verticalCenter: parent.verticalCenter
                anchors.leftMargin: Theme.s12
                anchors.rightMargin: Theme.s12
                spacing: Theme.s12

                Icon {
                    name: row.index === 0 ? "map-pin" : "store"
                    tone: Theme.ink2
                }
                ColumnLayout {
                    Layout.fillWidth: true
                    spacing: 0

                    Words {
                        Layout.fillWidth: true
                        text: row.modelData.shop
                        bold: true
                        wrapMode: Text.Wrap
                        Accessible.ignored: true
                    }
                    Words {
                        Layout.fillWidth: true
                        visible: text !== ""
                        text: row.modelData.age !== "" ? qsTr("as of %1").arg(row.modelData.age) : ""
                        size: Theme.caption
                        color: Theme.ink2
                        wrapMode: Text.Wrap
                        Accessible.ignored: true
                    }
                }
                Words {
                    text: row.modelData.pieces
                    size: Theme.strong
                    bold: true
                    Accessible.ignored: true
                }
            }
            Divider {
                anchors.left: parent.left
                anchors.right: parent.right
                anchors.bottom: parent.bottom
            }
        }
    }
    ColumnLayout {
        id: foot

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.bottom: parent.bottom
        anchors.margins: Theme.s24
        spacing: Theme.s12

        Words {
            Layout.fillWidth: true
            text: qsTr("HQ told the tablet; call the shop before you send a customer there.")
            size: Theme.caption
            color: Theme.ink2
            wrapMode: Text.Wrap
        }
    }
}
