pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls

// A coupon of the member's: one tap uses it, one more takes it out; what it takes off, or why nothing.
Pressable {
    id: row

    required property string key
    required property string title
    required property string detail
    required property string amount
    required property bool chosen
    required property bool usable

    objectName: "coupon"
    name: [title, detail, amount].filter(part => part !== "").join(", ")
    enabled: usable
    opacity: 1 // why it is barred is there to be read
    implicitHeight: Math.max(Theme.grown(64), implicitContentHeight + Theme.s16)
    Accessible.role: Accessible.CheckBox
    Accessible.checkable: true
    Accessible.checked: chosen

    background: Rectangle {
        radius: Theme.radiusControl
        color: row.chosen ? Theme.accentSoft : row.down || !row.usable ? Theme.sunken : Theme.raised
        border.width: row.chosen ? 2 : 1
        border.color: row.chosen ? Theme.accent : Theme.line
    }
    contentItem: RowLayout {
        spacing: Theme.s12

        Icon {
            Layout.leftMargin: Theme.s16
            name: row.chosen ? "circle-check" : "ticket"
            size: 22
            tone: row.chosen ? Theme.accent : Theme.ink2
            opacity: row.usable ? 1 : Theme.disabled
        }
        ColumnLayout {
            Layout.fillWidth: true
            spacing: 2

            Words {
                Layout.fillWidth: true
                text: row.title
                bold: row.usable
                color: row.usable ? Theme.ink : Theme.ink2
                wrapMode: Text.Wrap
                Accessible.ignored: true
            }
            Words {
                Layout.fillWidth: true
                visible: text !== ""
                text: row.detail
                size: Theme.caption
                color: Theme.ink2
                wrapMode: Text.Wrap
                Accessible.ignored: true
            }
        }
        Words {
            Layout.rightMargin: Theme.s16
            visible: text !== ""
            text: row.amount
            bold: true
            color: Theme.good
            Accessible.ignored: true
        }
    }
}
