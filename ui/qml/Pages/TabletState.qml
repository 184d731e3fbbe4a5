import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// How this tablet stands: with HQ, what waits, what it holds.
Card {
    id: card

    required property AttentionViewModel model
    property int columns: 1

    implicitHeight: column.implicitHeight + 2 * Theme.s20

    Flickable {
        anchors.fill: parent
        anchors.margins: Theme.s20
        contentHeight: column.implicitHeight
        boundsBehavior: Flickable.StopAtBounds
        clip: true

        ColumnLayout {
            id: column

            width: parent.width
            spacing: Theme.s12

            StateNote {
                Layout.fillWidth: true
                title: card.model.stateTitle
                text: card.model.stateDetail
                tone: card.model.stateTone
                symbol: card.model.stateIcon
            }
            Divider {
                Layout.fillWidth: true
            }
            FactList {
                Layout.fillWidth: true
                columns: card.columns
                model: card.model.facts
            }
            Divider {
                Layout.fillWidth: true
            }
            Words {
                Layout.fillWidth: true
                text: qsTr("On this tablet")
                size: Theme.caption
                color: Theme.ink2
                wrapMode: Text.WordWrap
            }
            FactList {
                Layout.fillWidth: true
                columns: card.columns
                model: card.model.held
            }
            Banner {
                Layout.fillWidth: true
                visible: card.model.keyWarning !== ""
                text: card.model.keyWarning
                symbol: "key-round"
            }
            Banner {
                Layout.fillWidth: true
                tone: "neutral"
                symbol: "shield-check"
                text: qsTr("What is on the list stays there until somebody settles it. Nothing vanishes by itself.")
            }
        }
    }
}
