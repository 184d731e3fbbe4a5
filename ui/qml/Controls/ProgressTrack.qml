pragma ComponentBehavior: Bound
import QtQuick
import Theme

// How far it is: 0 to 1.
Rectangle {
    id: track

    property real value: 0
    property color tone: Theme.accent
    property string name: ""

    implicitHeight: 8
    implicitWidth: 200
    radius: height / 2
    color: Theme.sunken
    Accessible.role: Accessible.ProgressBar
    Accessible.name: name

    Rectangle {
        width: Math.max(parent.height, parent.width * Math.min(1, Math.max(0, track.value)))
        visible: track.value > 0
        height: parent.height
        radius: height / 2
        color: track.tone
    }
}
