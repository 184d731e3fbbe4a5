pragma ComponentBehavior: Bound
import QtQuick
import Theme

// A name and its value; `action` puts a small button at the end. Both wrap rather than be cut.
Item {
    id: row

    required property string label
    property string value: ""
    property string action: ""
    readonly property real room: width - (button.visible ? button.width + Theme.s12 : 0)
    signal pressed

    implicitWidth: name.implicitWidth + said.implicitWidth + Theme.s12 + (button.visible ? button.implicitWidth + Theme.s12 : 0)
    implicitHeight: Math.max(Theme.grown(44), name.height, said.height, button.visible ? button.height : 0)

    Words {
        id: name

        anchors.verticalCenter: parent.verticalCenter
        width: row.value === "" ? row.room : Math.min(implicitWidth, Math.max(row.room * 0.45, row.room - said.implicitWidth - Theme.s12))
        text: row.label
        color: Theme.ink2
        wrapMode: Text.WordWrap
    }
    Words {
        id: said

        anchors.verticalCenter: parent.verticalCenter
        x: name.width + Theme.s12
        width: row.room - x
        text: row.value
        horizontalAlignment: Text.AlignRight
        wrapMode: Text.Wrap
    }
    ActionButton {
        id: button

        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        visible: row.action !== ""
        kind: "text"
        text: row.action
        onClicked: row.pressed()
    }
}
