pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// What this guide must still read; gone when nothing is left.
Card {
    id: card

    required property MustReadsViewModel model
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
                text: qsTr("Must read")
                size: Theme.strong
                bold: true
                Accessible.role: Accessible.Heading
            }
            Tag {
                text: Number(card.model.count).toLocaleString(Qt.locale(), "f", 0)
                tone: "warn"
            }
            Item {
                Layout.fillWidth: true
            }
            ActionButton {
                objectName: "must-all"
                visible: card.model.count > card.most
                kind: "text"
                text: qsTr("Show everything")
                onClicked: card.model.everything()
            }
        }
        Rows {
            id: rows

            Layout.fillWidth: true
            Layout.preferredHeight: Math.min(contentHeight, card.most * Theme.grown(68))
            model: card.model.found
            Accessible.role: Accessible.List
            Accessible.name: qsTr("Must read")

            delegate: MustReadRow {
                id: row

                width: rows.width
                picture: card.model.pictureOf(row.thumb, card.model.turn)
                onClicked: card.model.look(row.key)
            }
        }
    }
}
