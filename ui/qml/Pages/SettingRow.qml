import QtQuick
import QtQuick.Layouts
import Theme
import Controls

// A setting: what it is, in words, and its control at the end or, where there is no room, below.
GridLayout {
    id: row

    required property string title
    property string detail: ""
    property bool narrow: false
    default property alias control: place.data

    columns: narrow ? 1 : 2
    columnSpacing: Theme.s16
    rowSpacing: Theme.s8

    ColumnLayout {
        Layout.fillWidth: true
        Layout.minimumHeight: Theme.touch
        spacing: 0

        Words {
            Layout.fillWidth: true
            Layout.fillHeight: true
            text: row.title
            wrapMode: Text.WordWrap
        }
        Words {
            Layout.fillWidth: true
            visible: text !== ""
            text: row.detail
            size: Theme.caption
            color: Theme.ink2
            wrapMode: Text.WordWrap
        }
    }
    Item {
        id: place

        Layout.alignment: row.narrow ? Qt.AlignLeft : Qt.AlignRight
        implicitWidth: children.length > 0 ? children[0].implicitWidth : 0
        implicitHeight: children.length > 0 ? children[0].implicitHeight : 0
    }
}
