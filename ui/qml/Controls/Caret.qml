pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Templates as T
import Theme

// Where the next letter goes; it blinks as the system's does.
Rectangle {
    id: caret

    required property T.TextField field

    width: 2
    color: Theme.accent
    visible: field.activeFocus && !field.readOnly && shine.lit

    Timer {
        id: shine

        property bool lit: true

        interval: Application.styleHints.cursorFlashTime / 2
        running: caret.field.activeFocus && interval > 0 && !Theme.reduceMotion
        repeat: true
        onTriggered: lit = !lit
        onRunningChanged: lit = true
    }
}
