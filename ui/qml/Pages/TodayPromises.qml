pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// What the shop promised and has not settled, whoever promised it; gone when there is nothing open.
Card {
    id: card

    required property PromiseListViewModel model
    property bool narrow: false
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
                text: qsTr("Promises")
                size: Theme.strong
                bold: true
                Accessible.role: Accessible.Heading
            }
            Tag {
                text: Number(card.model.count).toLocaleString(Qt.locale(), "f", 0)
            }
            Tag {
                text: card.model.late > 0 ? qsTr("%n late", "", card.model.late) : ""
                tone: "clay"
                symbol: "clock"
            }
            Words {
                Layout.fillWidth: true
                horizontalAlignment: Text.AlignRight
                text: card.model.shopWord
                size: Theme.caption
                color: Theme.ink2
                wrapMode: Text.Wrap
            }
        }
        Rows {
            id: rows

            Layout.fillWidth: true
            Layout.preferredHeight: Math.min(contentHeight, card.most * Theme.grown(card.narrow ? 124 : 72))
            model: card.model.promises
            Accessible.role: Accessible.List
            Accessible.name: qsTr("Promises")

            delegate: PromiseRow {
                id: row

                width: rows.width
                narrow: card.narrow
                onOpened: card.model.person(row.key)
                onSettled: what => card.model.settle(row.key, what)
            }
        }
    }
}
