import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// How the app looks and speaks. Every choice holds at once.
Card {
    id: card

    required property SettingsViewModel model
    readonly property bool narrow: width < Theme.grown(500)

    implicitHeight: column.implicitHeight + 2 * Theme.s20

    ColumnLayout {
        id: column

        anchors.fill: parent
        anchors.margins: Theme.s20
        spacing: Theme.s12

        Words {
            Layout.fillWidth: true
            text: qsTr("Look and language")
            size: Theme.strong
            bold: true
            wrapMode: Text.WordWrap
            Accessible.role: Accessible.Heading
        }
        Divider { Layout.fillWidth: true }
        SettingRow {
            Layout.fillWidth: true
            narrow: card.narrow
            title: qsTr("Language")

            Segmented {
                name: qsTr("Language")
                model: [{ key: "zh_CN", label: "中文" }, { key: "en", label: "English" }]
                current: card.model.language
                onChosen: key => card.model.setLanguage(key)
            }
        }
        Divider { Layout.fillWidth: true }
        SettingRow {
            Layout.fillWidth: true
            narrow: card.narrow
            title: qsTr("Text size")

            Segmented {
                name: qsTr("Text size")
                model: [
                    { key: "1", label: qsTr("Normal") },
                    { key: "1.15", label: qsTr("Large") },
                    { key: "1.3", label: qsTr("Largest") }
                ]
                current: String(Math.round(card.model.textScale * 100) / 100)
                onChosen: key => card.model.setTextScale(Number(key))
            }
        }
        Divider { Layout.fillWidth: true }
        SettingRow {
            Layout.fillWidth: true
            narrow: card.narrow
            title: qsTr("Colours")

            Segmented {
                name: qsTr("Colours")
                model: [
                    { key: "light", label: qsTr("Light") },
                    { key: "dark", label: qsTr("Dark") },
                    { key: "system", label: qsTr("System") }
                ]
                current: card.model.theme
                onChosen: key => card.model.setTheme(key)
            }
        }
        Divider { Layout.fillWidth: true }
        SettingRow {
            Layout.fillWidth: true
            title: qsTr("Less movement")
            detail: qsTr("Nothing on the screen slides or fades")

            Toggle {
                name: qsTr("Less movement")
                on: card.model.reduceMotion
                onAsked: on => card.model.setReduceMotion(on)
            }
        }
    }
}
