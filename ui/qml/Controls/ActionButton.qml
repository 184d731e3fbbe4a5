pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme

// A button with words. kind: primary (one a page), tonal, secondary, text, danger.
Pressable {
    id: button

    property string kind: "secondary"
    property string symbol: ""
    property string hint: ""
    readonly property bool isPrimary: kind === "primary"
    readonly property color ink: {
        switch (kind) {
        case "primary": return Theme.overAccent
        case "tonal": return Theme.accentInk
        case "text": return Theme.accentInk
        case "danger": return Theme.bad
        default: return Theme.ink
        }
    }

    around: isPrimary ? Theme.radiusCard : Theme.radiusControl
    implicitHeight: Theme.grown(isPrimary ? Theme.primary : Theme.touch)
    implicitWidth: Math.max(Theme.touch, row.implicitWidth + leftPadding + rightPadding)
    leftPadding: isPrimary ? 24 : kind === "text" ? 12 : 18
    rightPadding: leftPadding

    background: Rectangle {
        radius: button.around
        color: {
            switch (button.kind) {
            case "primary": return button.down ? Theme.accentInk : Theme.accent
            case "tonal": return button.down ? Qt.darker(Theme.accentSoft, 1.06) : Theme.accentSoft
            case "danger": return Theme.badSoft
            case "text": return button.down ? Theme.sunken : "transparent"
            default: return button.down ? Theme.sunken : Theme.raised
            }
        }
        border.width: button.kind === "secondary" ? 1 : 0
        border.color: Theme.line2
    }

    contentItem: Item {
        implicitWidth: row.implicitWidth
        implicitHeight: row.implicitHeight

        RowLayout {
            id: row

            anchors.centerIn: parent
            width: Math.min(implicitWidth, parent.width)
            spacing: Theme.s8

            Icon {
                visible: button.symbol !== ""
                name: button.symbol
                tone: button.ink
                size: button.isPrimary ? 22 : 20
            }
            Words {
                Layout.fillWidth: true
                text: button.text
                visible: text !== ""
                size: button.isPrimary ? Theme.strong : Theme.body
                bold: true
                color: button.ink
                elide: Text.ElideRight
                Accessible.ignored: true
            }
            Words {
                text: button.hint
                visible: text !== ""
                size: Theme.caption
                color: button.ink
                Accessible.ignored: true
            }
        }
    }
}
