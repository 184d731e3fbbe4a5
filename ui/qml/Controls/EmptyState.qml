pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme

// What a page says when there is nothing to show: what it means, and what can be done.
ColumnLayout {
    id: state

    required property string title
    property string text: ""
    property string symbol: "package-open"
    property string tone: "accent"
    property string action: ""
    property string actionSymbol: ""
    signal pressed

    spacing: Theme.s12

    Rectangle {
        Layout.alignment: Qt.AlignHCenter
        implicitWidth: 64
        implicitHeight: 64
        radius: Theme.radiusControl
        color: Theme.soft(state.tone)

        Icon {
            anchors.centerIn: parent
            name: state.symbol
            size: 30
            tone: Theme.inkOf(state.tone)
        }
    }
    Words {
        Layout.fillWidth: true
        text: state.title
        size: Theme.strong
        bold: true
        horizontalAlignment: Text.AlignHCenter
        wrapMode: Text.WordWrap
    }
    Words {
        Layout.fillWidth: true
        visible: text !== ""
        text: state.text
        color: Theme.ink2
        horizontalAlignment: Text.AlignHCenter
        wrapMode: Text.WordWrap
    }
    ActionButton {
        Layout.alignment: Qt.AlignHCenter
        Layout.topMargin: Theme.s8
        visible: state.action !== ""
        kind: "tonal"
        text: state.action
        symbol: state.actionSymbol
        onClicked: state.pressed()
    }
}
