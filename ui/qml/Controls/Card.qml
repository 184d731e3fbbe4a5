pragma ComponentBehavior: Bound
import QtQuick
import Theme

// A raised card with a line around it; depth is colour, never a shadow.
Rectangle {
    property bool selected: false

    radius: Theme.radiusCard
    color: Theme.raised
    border.width: selected ? 2 : 1
    border.color: selected ? Theme.accent : Theme.line
}
