pragma ComponentBehavior: Bound
import QtQuick

// A picture of assets/icons in one colour.
Image {
    id: icon

    required property string name
    property color tone: "black"
    property int size: 24

    width: size
    height: size
    source: name === "" ? "" : "image://icon/" + name + "/" + String(tone).replace("#", "") + "/" + (size <= 18 ? "2" : "1.75")
    sourceSize: Qt.size(size * 2, size * 2)
    fillMode: Image.PreserveAspectFit
    Accessible.ignored: true
}
