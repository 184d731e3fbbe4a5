pragma ComponentBehavior: Bound
import QtQuick
import Theme

// Text that a person reads. `size` is one of Theme's sizes; `bold` is the heavier of the two weights.
Text {
    id: words

    property int size: Theme.body
    property bool bold: false

    color: Theme.ink
    font.pixelSize: size
    font.weight: bold ? Font.DemiBold : Font.Normal
    lineHeightMode: Text.ProportionalHeight
    textFormat: Text.PlainText
    verticalAlignment: Text.AlignVCenter
    Accessible.role: Accessible.StaticText
    Accessible.name: text
}
