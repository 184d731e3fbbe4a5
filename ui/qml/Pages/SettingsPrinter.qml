import QtQuick
import Theme
import Controls

// The receipt printer among the settings.
Card {
    id: card

    signal opened

    implicitHeight: row.implicitHeight + 2 * Theme.s20

    SettingRow {
        id: row

        anchors.fill: parent
        anchors.margins: Theme.s20
        title: qsTr("Receipt printer")
        detail: qsTr("Which one, its paper, and a test page")

        ActionButton {
            objectName: "choose-printer"
            symbol: "printer"
            text: qsTr("Set up")
            onClicked: card.opened()
        }
    }
}
