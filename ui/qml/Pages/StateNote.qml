import QtQuick
import QtQuick.Layouts
import Theme
import Controls

// A picture on a soft fill, a title and a sentence: how something stands.
RowLayout {
    id: note

    required property string title
    property string text: ""
    property string symbol: "cloud-check"
    property string tone: "good"

    spacing: Theme.s16

    Rectangle {
        Layout.alignment: Qt.AlignTop
        implicitWidth: 48
        implicitHeight: 48
        radius: Theme.radiusControl
        color: Theme.soft(note.tone)

        Icon {
            anchors.centerIn: parent
            name: note.symbol
            tone: Theme.inkOf(note.tone)
        }
    }
    ColumnLayout {
        Layout.fillWidth: true
        spacing: 2

        Words {
            Layout.fillWidth: true
            text: note.title
            bold: true
            wrapMode: Text.WordWrap
        }
        Words {
            Layout.fillWidth: true
            visible: text !== ""
            text: note.text
            size: Theme.caption
            color: Theme.ink2
            wrapMode: Text.WordWrap
        }
    }
}
