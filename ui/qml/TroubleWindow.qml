pragma ComponentBehavior: Bound
import QtQuick
import Theme
import Pages
import StoreGuide

// The window of an app that cannot open.
Window {
    id: root

    required property TroubleViewModel model
    property bool dark: false
    property real textScale: 1.0
    property bool reduceMotion: false

    width: 1280
    height: 800
    title: qsTr("Store Guide")
    color: Theme.surface

    Binding { target: Theme; property: "dark"; value: root.dark }
    Binding { target: Theme; property: "textScale"; value: root.textScale }
    Binding { target: Theme; property: "reduceMotion"; value: root.reduceMotion }

    Trouble {
        anchors.fill: parent
        model: root.model
        portrait: root.height > root.width
    }
}
