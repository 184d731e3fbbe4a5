pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Templates as T
import Theme

// The ring around whatever has the keyboard's focus.
Rectangle {
    required property T.Control target
    property real around: Theme.radiusControl

    anchors.fill: parent
    anchors.margins: -5
    radius: around + 5
    color: "transparent"
    border.width: 3
    border.color: Theme.accent
    visible: target.visualFocus
}
