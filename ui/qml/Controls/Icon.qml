pragma ComponentBehavior: Bound
import QtQuick

// A picture of assets/icons in one colour; drawn at twice its size, so that it is sharp.
Item {
    id: icon

    required property string name
    property color tone: "black"
    property int size: 24

    implicitWidth: size
    implicitHeight: size
    Accessible.ignored: true

    Image {
        anchors.centerIn: parent
        width: icon.size
        height: icon.size
        source: icon.name === "" ? "" : "image://icon/" + icon.name + "/" + String(icon.tone).replace("#", "") + "/" + (icon.size <= 18 ? "2" : "1.75")
        sourceSize: Qt.size(icon.size * 2, icon.size * 2)
        Accessible.ignored: true
    }
}
