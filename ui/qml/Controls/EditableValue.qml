pragma ComponentBehavior: Bound
import QtQuick
import Theme

// A name and its value; a tap turns the value into a field in its place. Enter or leaving it saves, Escape does not.
FocusScope {
    id: row

    required property string label
    property string value: ""
    property string typed: value
    property string hint: ""
    property int maximumLength: 120
    property alias inputMethodHints: field.inputMethodHints
    property bool open: false
    signal saved(string text)

    function finish(keep) {
        if (!open)
            return
        open = false
        if (keep && field.text.trim() !== typed)
            saved(field.text)
    }

    implicitHeight: open ? field.implicitHeight : shown.implicitHeight
    implicitWidth: 240

    Pressable {
        id: shown

        width: parent.width
        visible: !row.open
        name: row.value === "" ? qsTr("%1: add").arg(row.label) : qsTr("%1: %2, change").arg(row.label).arg(row.value)
        implicitHeight: Math.max(Theme.touch, Theme.grown(44), words.implicitHeight + Theme.s8)
        onClicked: {
            field.text = row.typed
            row.open = true
            field.input.forceActiveFocus()
            field.input.selectAll()
        }

        background: Rectangle {
            radius: Theme.radiusControl
            color: shown.down ? Theme.sunken : "transparent"
        }
        contentItem: Item {
            Words {
                id: name

                anchors.verticalCenter: parent.verticalCenter
                width: Math.min(implicitWidth, parent.width * 0.42)
                text: row.label
                color: Theme.ink2
                wrapMode: Text.WordWrap
                Accessible.ignored: true
            }
            Words {
                id: words

                anchors.verticalCenter: parent.verticalCenter
                anchors.left: name.right
                anchors.right: pencil.left
                anchors.margins: Theme.s12
                text: row.value === "" ? row.hint : row.value
                color: row.value === "" ? Theme.ink3 : Theme.ink
                horizontalAlignment: Text.AlignRight
                wrapMode: Text.Wrap
                Accessible.ignored: true
            }
            Icon {
                id: pencil

                anchors.right: parent.right
                anchors.verticalCenter: parent.verticalCenter
                name: "pencil"
                size: 16
                tone: Theme.ink3
            }
        }
    }
    InputField {
        id: field

        width: parent.width
        visible: row.open
        label: row.label
        hint: row.hint
        maximumLength: row.maximumLength
        Keys.onEscapePressed: row.finish(false)
        onAccepted: row.finish(true)
        onDeparted: row.finish(true)
    }
}
