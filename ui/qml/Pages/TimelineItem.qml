pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls

// One entry of a member's timeline.
RowLayout {
    id: entry

    required property string opens
    required property string icon
    required property string title
    required property string detail
    required property bool waiting
    required property int index
    required property string tone
    property int count: 0
    signal opened

    spacing: Theme.s12
    Accessible.role: Accessible.ListItem
    Accessible.name: title + ", " + detail

    ColumnLayout {
        Layout.fillHeight: true
        spacing: 0

        Rectangle {
            implicitWidth: 34
            implicitHeight: 34
            radius: 17
            color: Theme.soft(entry.tone)

            Icon {
                anchors.centerIn: parent
                name: entry.icon
                size: 18
                tone: Theme.inkOf(entry.tone)
            }
        }
        Rectangle {
            Layout.alignment: Qt.AlignHCenter
            Layout.fillHeight: true
            implicitWidth: 2
            color: entry.index < entry.count - 1 ? Theme.line : "transparent"
        }
    }
    ColumnLayout {
        Layout.fillWidth: true
        Layout.alignment: Qt.AlignTop
        Layout.bottomMargin: Theme.s12
        spacing: 0

        Words {
            Layout.fillWidth: true
            text: entry.title
            wrapMode: Text.WordWrap
        }
        Words {
            Layout.fillWidth: true
            text: entry.detail
            size: Theme.caption
            color: Theme.ink2
            wrapMode: Text.WordWrap
        }
    }
    IconButton {
        visible: entry.opens !== ""
        symbol: "chevron-right"
        name: qsTr("Open %1").arg(entry.title)
        onClicked: entry.opened()
    }
    Icon {
        visible: entry.waiting
        name: "cloud-upload"
        size: 18
        tone: Theme.warn
    }
}
