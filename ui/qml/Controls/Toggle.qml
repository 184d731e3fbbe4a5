pragma ComponentBehavior: Bound
import QtQuick
import Theme

// A switch, drawn 48 × 28, pressed 48 × 48. `on` is what is; pressing asks for the other by `asked`.
Pressable {
    id: toggle

    property bool on: false
    signal asked(bool on)

    implicitWidth: Theme.touch
    implicitHeight: Theme.touch
    around: 14
    Accessible.role: Accessible.CheckBox
    Accessible.checkable: true
    Accessible.checked: on
    onClicked: toggle.asked(!toggle.on)

    background: Item {
        Rectangle {
            anchors.verticalCenter: parent.verticalCenter
            width: 48
            height: 28
            radius: 14
            color: toggle.on ? Theme.accent : Theme.line2

            Rectangle {
                y: 3
                x: toggle.on ? 23 : 3
                width: 22
                height: 22
                radius: 11
                color: Theme.raised
                Behavior on x {
                    NumberAnimation { duration: Theme.motionIn }
                }
            }
        }
    }
}
