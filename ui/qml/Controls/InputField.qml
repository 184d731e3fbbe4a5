pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Templates as T
import Theme

// A field with its label above and what is wrong below. big: the phone field.
Item {
    id: field

    property string label: ""
    property string hint: ""
    property string problem: ""
    property bool big: false
    property alias text: input.text
    property alias input: input
    property alias echoMode: input.echoMode
    property alias inputMethodHints: input.inputMethodHints
    property alias maximumLength: input.maximumLength
    property alias readOnly: input.readOnly
    signal edited(string text)
    signal accepted
    signal departed

    implicitHeight: column.implicitHeight
    implicitWidth: 240

    Column {
        id: column

        width: parent.width
        spacing: 6

        Words {
            visible: field.label !== ""
            text: field.label
            size: Theme.caption
            color: Theme.ink2
            width: parent.width
            wrapMode: Text.WordWrap
            Accessible.ignored: true
        }
        T.TextField {
            id: input

            width: parent.width
            height: Theme.grown(field.big ? 64 : 48)
            leftPadding: 14
            rightPadding: 14
            verticalAlignment: TextInput.AlignVCenter
            color: Theme.ink
            font.family: Application.font.family
            font.pixelSize: field.big ? Theme.amount : Theme.body
            selectionColor: Theme.accentSoft
            selectedTextColor: Theme.accentInk
            placeholderTextColor: Theme.ink3
            selectByMouse: true
            cursorDelegate: Caret { field: input }
            Accessible.role: Accessible.EditableText
            Accessible.name: field.label !== "" ? field.label : field.hint
            Accessible.description: field.problem
            onTextEdited: field.edited(text)
            onAccepted: field.accepted()
            onActiveFocusChanged: {
                if (!activeFocus)
                    field.departed()
            }

            background: Rectangle {
                radius: Theme.radiusControl
                color: Theme.raised
                border.width: input.activeFocus || field.problem !== "" ? 2 : 1
                border.color: field.problem !== "" ? Theme.warn : input.activeFocus ? Theme.accent : Theme.line2
            }
            Words {
                visible: input.text === "" && input.preeditText === ""
                anchors.fill: parent
                anchors.leftMargin: 14
                anchors.rightMargin: 14
                text: field.hint
                color: Theme.ink3
                elide: Text.ElideRight
                fontSizeMode: Text.HorizontalFit
                minimumPixelSize: 11
                Accessible.ignored: true
            }
        }
        Row {
            visible: field.problem !== ""
            spacing: 6
            width: parent.width

            Icon {
                name: "circle-alert"
                size: 16
                tone: Theme.warn
            }
            Words {
                width: parent.width - 22
                text: field.problem
                size: Theme.caption
                color: Theme.warn
                wrapMode: Text.WordWrap
            }
        }
    }
}
