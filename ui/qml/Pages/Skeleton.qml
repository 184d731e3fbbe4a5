import QtQuick
import Theme

// Where a list will be: grey shapes, still, and not before 200 ms, so that nothing flickers.
Item {
    id: skeleton

    property bool late: false

    Accessible.role: Accessible.StaticText
    Accessible.name: qsTr("Loading")
    onVisibleChanged: late = false

    Timer {
        interval: 200
        running: skeleton.visible && !skeleton.late
        onTriggered: skeleton.late = true
    }
    Column {
        width: parent.width
        visible: skeleton.late
        spacing: Theme.s24

        Repeater {
            model: 4

            Row {
                spacing: Theme.s12

                Rectangle {
                    width: 48
                    height: 48
                    radius: 24
                    color: Theme.sunken
                }
                Column {
                    anchors.verticalCenter: parent.verticalCenter
                    spacing: Theme.s8

                    Rectangle {
                        width: 160
                        height: 14
                        radius: 7
                        color: Theme.sunken
                    }
                    Rectangle {
                        width: 260
                        height: 14
                        radius: 7
                        color: Theme.sunken
                    }
                }
            }
        }
    }
}
