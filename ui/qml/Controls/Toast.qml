pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme

// What was just done, with a way back for some seconds. tone: plain or bad.
Rectangle {
    id: toast

    property string text: ""
    property string tone: "plain"
    property bool undoable: false
    property int secondsLeft: 0
    signal undone
    signal closed

    visible: text !== ""
    implicitWidth: Math.min(row.implicitWidth + 32, (parent ? parent.width : 800) - 48)
    implicitHeight: Math.max(Theme.primary, row.implicitHeight + 16)
    radius: Theme.radiusControl
    color: Theme.ink
    Accessible.role: Accessible.AlertMessage
    Accessible.name: text

    RowLayout {
        id: row

        anchors.fill: parent
        anchors.leftMargin: 16
        anchors.rightMargin: 8
        spacing: Theme.s12

        Icon {
            name: toast.tone === "bad" ? "circle-alert" : "circle-check"
            size: 20
            tone: Theme.surface
        }
        Words {
            Layout.fillWidth: true
            Layout.maximumWidth: 640
            text: toast.text
            color: Theme.surface
            wrapMode: Text.WordWrap
            Accessible.ignored: true
        }
        Pressable {
            id: undo

            objectName: "toast-undo"
            visible: toast.undoable
            text: qsTr("Undo (%1 s)").arg(toast.secondsLeft)
            implicitWidth: said.implicitWidth + 28
            implicitHeight: Theme.grown(Theme.touch)
            onClicked: toast.undone()

            background: Rectangle {
                radius: undo.around
                color: undo.down ? Theme.ink2 : "transparent"
            }
            contentItem: Words {
                id: said

                text: undo.text
                bold: true
                color: Theme.surface
                horizontalAlignment: Text.AlignHCenter
                Accessible.ignored: true
            }
        }
        IconButton {
            visible: !toast.undoable
            symbol: "x"
            name: qsTr("Close")
            tone: Theme.surface
            onClicked: toast.closed()
        }
    }
}
