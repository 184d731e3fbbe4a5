pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls

// What made a price, row by row, with the amounts on the right; below it what did not apply.
ColumnLayout {
    id: rows

    required property var reasons

    spacing: Theme.s4

    Repeater {
        model: rows.reasons

        RowLayout {
            id: row

            required property var modelData

            objectName: "reason"
            Layout.fillWidth: true
            spacing: Theme.s12

            Words {
                Layout.fillWidth: true
                text: row.modelData.label
                size: Theme.caption
                bold: row.modelData.tone === "strong"
                color: row.modelData.tone === "muted" ? Theme.ink2 : Theme.ink
                wrapMode: Text.WordWrap
            }
            Words {
                Layout.alignment: Qt.AlignTop
                visible: text !== ""
                text: row.modelData.amount
                size: Theme.caption
                bold: row.modelData.tone === "strong"
                color: row.modelData.tone === "good" ? Theme.good : Theme.ink
            }
        }
    }
}
