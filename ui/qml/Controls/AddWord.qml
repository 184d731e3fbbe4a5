pragma ComponentBehavior: Bound
import QtQuick
import Theme

// "+ word": a tap opens a field in its place; Enter adds what was typed and leaves it open for the next, Escape or the
// cross closes it.
FocusScope {
    id: add

    required property string text
    property string hint: ""
    property bool open: false
    property int fieldWidth: 200
    signal added(string text)

    function close() {
        field.text = ""
        open = false
    }

    implicitHeight: Math.max(Theme.touch, open ? field.implicitHeight : button.implicitHeight)
    implicitWidth: open ? fieldWidth + cross.width : button.implicitWidth

    Pressable {
        id: button

        visible: !add.open
        text: add.text
        around: Theme.radiusTag
        implicitHeight: Math.max(Theme.touch, Theme.grown(36))
        implicitWidth: Math.max(Theme.touch, row.implicitWidth + 28)
        onClicked: {
            add.open = true
            field.input.forceActiveFocus()
        }

        background: Item {
            Rectangle {
                anchors.verticalCenter: parent.verticalCenter
                width: parent.width
                height: Theme.grown(36)
                radius: Theme.radiusTag
                color: button.down ? Theme.sunken : Theme.raised
                border.width: 1
                border.color: Theme.line2
            }
        }
        contentItem: Item {
            implicitWidth: row.implicitWidth
            implicitHeight: row.implicitHeight

            Row {
                id: row

                anchors.centerIn: parent
                spacing: 6

                Icon {
                    anchors.verticalCenter: parent.verticalCenter
                    name: "plus"
                    size: 16
                    tone: Theme.ink2
                }
                Words {
                    text: add.text
                    color: Theme.ink2
                    Accessible.ignored: true
                }
            }
        }
    }
    InputField {
        id: field

        visible: add.open
        width: add.fieldWidth
        hint: add.hint
        maximumLength: 120
        Keys.onEscapePressed: add.close()
        onAccepted: {
            if (text.trim() === "") {
                add.close()
            } else {
                add.added(text)
                text = ""
            }
        }
    }
    IconButton {
        id: cross

        visible: add.open
        x: add.fieldWidth
        symbol: "x"
        name: qsTr("Close")
        onClicked: add.close()
    }
}
