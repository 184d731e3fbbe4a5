pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Templates as T
import Theme

// Searches while typing; Escape or the cross empties it.
T.TextField {
    id: field

    property string hint: ""
    property bool scans: true
    signal searched(string text)

    implicitHeight: Theme.grown(Theme.touch)
    implicitWidth: 280
    leftPadding: 46
    rightPadding: 52
    verticalAlignment: TextInput.AlignVCenter
    color: Theme.ink
    font.family: Application.font.family
    font.pixelSize: Theme.body
    selectionColor: Theme.accentSoft
    selectedTextColor: Theme.accentInk
    placeholderTextColor: Theme.ink3
    selectByMouse: true
    cursorDelegate: Caret { field: field }
    Accessible.role: Accessible.EditableText
    Accessible.name: hint
    onTextEdited: field.searched(text)
    Keys.onEscapePressed: empty()

    function empty() {
        field.clear()
        field.searched("")
    }

    background: Rectangle {
        radius: Theme.radiusControl
        color: Theme.raised
        border.width: field.activeFocus ? 2 : 1
        border.color: field.activeFocus ? Theme.accent : Theme.line2
    }
    Words {
        visible: field.text === "" && field.preeditText === ""
        anchors.fill: parent
        anchors.leftMargin: 46
        anchors.rightMargin: 52
        text: field.hint
        color: Theme.ink3
        elide: Text.ElideRight
        fontSizeMode: Text.HorizontalFit
        minimumPixelSize: 11
        Accessible.ignored: true
    }
    Icon {
        anchors.verticalCenter: parent.verticalCenter
        x: 16
        name: "search"
        size: 20
        tone: field.activeFocus ? Theme.accent : Theme.ink3
    }
    IconButton {
        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        visible: field.text !== ""
        symbol: "circle-x"
        name: qsTr("Empty the search")
        onClicked: field.empty()
    }
    Icon {
        anchors.right: parent.right
        anchors.rightMargin: 14
        anchors.verticalCenter: parent.verticalCenter
        visible: field.text === "" && field.scans
        name: "scan-barcode"
        size: 22
        tone: Theme.ink2
    }
}
