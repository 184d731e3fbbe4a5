pragma ComponentBehavior: Bound
import QtQuick
import Theme

// The product's mark: a sprout.
Rectangle {
    implicitWidth: 40
    implicitHeight: 40
    radius: Theme.radiusControl
    color: Theme.accent

    Icon {
        anchors.centerIn: parent
        name: "mark"
        tone: Theme.overAccent
        size: 40
    }
}
