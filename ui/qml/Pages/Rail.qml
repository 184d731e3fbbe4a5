pragma ComponentBehavior: Bound
import QtQuick
import Theme
import Controls
import StoreGuide

// The places of the app: a rail on the left, or a bar below in portrait. Lock stands apart.
Rectangle {
    id: rail

    required property ShellViewModel shell
    required property bool portrait

    color: Theme.raised

    Divider {
        width: rail.portrait ? rail.width : 1
        height: rail.portrait ? 1 : rail.height
        x: rail.portrait ? 0 : rail.width - 1
    }
    Mark {
        visible: !rail.portrait
        anchors.horizontalCenter: parent.horizontalCenter
        y: 16
    }
    Flow {
        id: places

        x: rail.portrait ? (rail.width - width) / 2 : 8
        y: rail.portrait ? (rail.height - height) / 2 : 72
        width: rail.portrait ? 5 * 116 : 80
        spacing: Theme.s4
        flow: Flow.LeftToRight

        Repeater {
            model: rail.shell.rail

            RailItem {
                required property string key
                required property string label
                required symbol
                required property bool selected

                objectName: "rail-" + key
                width: rail.portrait ? 112 : 80
                text: label
                current: selected
                onClicked: rail.shell.go(key)
            }
        }
        RailItem {
            visible: rail.portrait
            width: 112
            text: qsTr("Lock")
            symbol: "lock"
            onClicked: rail.shell.lock()
        }
    }
    RailItem {
        visible: !rail.portrait
        x: 8
        anchors.bottom: parent.bottom
        anchors.bottomMargin: 16
        text: qsTr("Lock")
        symbol: "lock"
        onClicked: rail.shell.lock()
    }
}
