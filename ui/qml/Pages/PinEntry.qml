pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// Six dots, what is asked for, what was wrong, and the keys. Digits of a keyboard are taken too.
FocusScope {
    id: entry

    required property PinPadViewModel pad
    property string extra: ""
    property bool showHint: true

    implicitWidth: column.implicitWidth
    implicitHeight: column.implicitHeight
    Keys.onPressed: event => {
        if (event.key === Qt.Key_Backspace)
            entry.pad.backspace()
        else if (/^[0-9]$/.test(event.text))
            entry.pad.digit(event.text)
        else
            return
        event.accepted = true
    }

    ColumnLayout {
        id: column

        anchors.fill: parent
        spacing: Theme.s12

        Words {
            Layout.fillWidth: true
            visible: entry.showHint && entry.pad.problem === ""
            text: entry.pad.hint
            color: Theme.ink2
            horizontalAlignment: Text.AlignHCenter
            wrapMode: Text.WordWrap
        }
        Words {
            Layout.fillWidth: true
            visible: text !== ""
            text: entry.pad.problem
            color: Theme.bad
            horizontalAlignment: Text.AlignHCenter
            wrapMode: Text.WordWrap
            Accessible.role: Accessible.AlertMessage
        }
        Row {
            Layout.alignment: Qt.AlignHCenter
            Layout.topMargin: Theme.s12
            Layout.bottomMargin: Theme.s16
            spacing: 18
            Accessible.role: Accessible.ProgressBar
            Accessible.name: qsTr("%1 of %2 digits typed").arg(entry.pad.digits).arg(entry.pad.length)

            Repeater {
                model: entry.pad.length

                Rectangle {
                    required property int index
                    readonly property bool full: index < entry.pad.digits || entry.pad.busy

                    width: 18
                    height: 18
                    radius: 9
                    color: full ? Theme.accent : "transparent"
                    border.width: 2
                    border.color: full ? Theme.accent : Theme.line2
                    opacity: entry.pad.busy ? Theme.disabled : 1
                }
            }
        }
        NumberPad {
            Layout.alignment: Qt.AlignHCenter
            Layout.fillWidth: false
            Layout.preferredWidth: Math.min(336, entry.width)
            enabled: entry.pad.enabled
            extra: entry.extra
            onDigit: digit => entry.pad.digit(digit)
            onBack: entry.pad.backspace()
            onExtraPressed: entry.pad.forgot()
        }
    }
}
