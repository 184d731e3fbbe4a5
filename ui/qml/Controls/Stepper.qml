pragma ComponentBehavior: Bound
import QtQuick
import Theme

// Less, how many, more. `what` names the thing for the screen reader.
Rectangle {
    id: stepper

    required property int value
    required property string what
    signal stepped(int by)

    implicitWidth: 144
    implicitHeight: Theme.touch
    radius: Theme.radiusControl
    color: "transparent"
    border.width: 1
    border.color: Theme.line2

    IconButton {
        symbol: stepper.value > 1 ? "minus" : "trash-2"
        name: stepper.value > 1 ? qsTr("One less: %1").arg(stepper.what) : qsTr("Take out: %1").arg(stepper.what)
        onClicked: stepper.stepped(-1)
    }
    Words {
        anchors.centerIn: parent
        text: Number(stepper.value).toLocaleString(Qt.locale(), "f", 0)
        size: Theme.strong
        bold: true
    }
    IconButton {
        anchors.right: parent.right
        symbol: "plus"
        name: qsTr("One more: %1").arg(stepper.what)
        onClicked: stepper.stepped(1)
    }
}
