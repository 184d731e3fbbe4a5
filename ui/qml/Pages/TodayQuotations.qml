pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// Members' quotations that end soon; gone when there is none.
Card {
    id: card

    required property EndingQuotationsViewModel model
    property int most: 2

    visible: model.count > 0
    implicitHeight: body.implicitHeight + Theme.s12

    ColumnLayout {
        id: body

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.leftMargin: Theme.s20
        anchors.rightMargin: Theme.s16
        spacing: 0

        RowLayout {
            Layout.fillWidth: true
            Layout.minimumHeight: Theme.grown(52)
            spacing: Theme.s12

            Words {
                text: qsTr("Quotations that end soon")
                size: Theme.strong
                bold: true
                Accessible.role: Accessible.Heading
            }
            Tag {
                text: Number(card.model.count).toLocaleString(Qt.locale(), "f", 0)
            }
            Item {
                Layout.fillWidth: true
            }
        }
        Rows {
            id: rows

            Layout.fillWidth: true
            Layout.preferredHeight: Math.min(contentHeight, card.most * Theme.grown(76))
            model: card.model.found
            Accessible.role: Accessible.List
            Accessible.name: qsTr("Quotations that end soon")

            delegate: QuotationRow {
                id: row

                width: rows.width
                onClicked: card.model.show(row.key)
            }
        }
    }
}
