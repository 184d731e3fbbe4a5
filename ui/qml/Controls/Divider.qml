pragma ComponentBehavior: Bound
import QtQuick
import Theme

Rectangle {
    implicitHeight: 1
    implicitWidth: 1
    color: Theme.line
}
