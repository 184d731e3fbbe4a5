pragma ComponentBehavior: Bound
import QtQuick
import Theme

// A filter: drawn 36 high, pressed 48. tall: the choice chip of a sheet, drawn 48.
Pressable {
    id: chip

    property bool tall: false
    property bool chosen: false
    readonly property int drawn: Theme.grown(tall ? 48 : 36)

    around: drawn / 2
    implicitHeight: Math.max(Theme.touch, drawn)
    implicitWidth: Math.max(Theme.touch, words.implicitWidth + 28)
    Accessible.role: Accessible.RadioButton
    Accessible.checkable: true
    Accessible.checked: chosen

    background: Item {
        Rectangle {
            anchors.verticalCenter: parent.verticalCenter
            width: parent.width
            height: chip.drawn
            radius: height / 2
            color: chip.chosen ? Theme.accentSoft : chip.down ? Theme.sunken : Theme.raised
            border.width: 1
            border.color: chip.chosen ? Theme.accent : Theme.line2
        }
    }
    contentItem: Words {
        id: words

        text: chip.text
        bold: chip.chosen
        color: chip.chosen ? Theme.accentInk : Theme.ink2
        horizontalAlignment: Text.AlignHCenter
        Accessible.ignored: true
    }
}
