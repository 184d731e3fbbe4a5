pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Templates as T
import Theme

// What every control that can be pressed stands on: a name for the screen reader, the keyboard, the focus ring,
// and a hit area of at least 48 where less is drawn.
T.AbstractButton {
    id: control

    property string name: text
    property real around: Theme.radiusControl

    focusPolicy: Qt.StrongFocus
    opacity: enabled ? 1 : Theme.disabled
    hoverEnabled: true
    Accessible.role: Accessible.Button
    Accessible.name: name
    Accessible.focusable: true
    Accessible.onPressAction: control.click()
    Keys.onReturnPressed: control.click()
    Keys.onEnterPressed: control.click()

    FocusRing {
        target: control
        around: control.around
    }
}
