pragma ComponentBehavior: Bound
import QtQuick
import Theme

// A small tile of a name and its value; a tap turns it into a field in its place. Enter or leaving it saves, Escape
// does not.
FocusScope {
    id: tile

    required property string label
    property string value: ""
    property bool open: false
    signal saved(string text)

    function finish(keep) {
        if (!open)
            return
        open = false
        if (keep && field.text.trim() !== value)
            saved(field.text)
    }

    implicitHeight: open ? field.implicitHeight : shown.implicitHeight
    implicitWidth: open ? 140 : shown.implicitWidth

    Pressable {
        id: shown

        visible: !tile.open
        name: qsTr("%1: %2, change").arg(tile.label).arg(tile.value)
        implicitHeight: Math.max(Theme.touch, said.implicitHeight + 2 * Theme.s8)
        implicitWidth: Math.max(Theme.grown(84), said.implicitWidth + 2 * Theme.s12)
        onClicked: {
            field.text = tile.value
            tile.open = true
            field.input.forceActiveFocus()
            field.input.selectAll()
        }

        background: Rectangle {
            radius: Theme.radiusControl
            color: shown.down ? Theme.line : Theme.sunken
        }
        contentItem: Item {
            implicitWidth: said.implicitWidth
            implicitHeight: said.implicitHeight

            Column {
                id: said

                anchors.verticalCenter: parent.verticalCenter
                x: Theme.s12

                Words {
                    text: tile.label
                    size: Theme.caption
                    color: Theme.ink2
                    Accessible.ignored: true
                }
                Words {
                    text: tile.value
                    bold: true
                    Accessible.ignored: true
                }
            }
        }
    }
    InputField {
        id: field

        width: 140
        visible: tile.open
        label: tile.label
        maximumLength: 120
        Keys.onEscapePressed: tile.finish(false)
        onAccepted: tile.finish(true)
        onDeparted: tile.finish(true)
    }
}
