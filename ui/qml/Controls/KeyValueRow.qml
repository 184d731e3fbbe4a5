pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme

// A name and its value; `action` puts a small button at the end.
RowLayout {
    id: row

    required property string label
    property string value: ""
    property string action: ""
    signal pressed

    spacing: Theme.s12

    Words {
        Layout.preferredWidth: Math.min(implicitWidth, row.width * 0.45)
        Layout.minimumHeight: Theme.grown(44)
        text: row.label
        color: Theme.ink2
        wrapMode: Text.WordWrap
    }
    Words {
        Layout.fillWidth: true
        text: row.value
        horizontalAlignment: Text.AlignRight
        wrapMode: Text.Wrap
    }
    ActionButton {
        visible: row.action !== ""
        kind: "text"
        text: row.action
        onClicked: row.pressed()
    }
}
