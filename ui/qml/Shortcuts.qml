pragma ComponentBehavior: Bound
import QtQuick
import StoreGuide

// The keys that work on every page; `ui/viewmodels/shortcuts.py` names them for the person.
Item {
    id: keys

    required property ShellViewModel shell
    required property Navigator navigator
    required property Toasts toasts
    required property bool working

    Shortcut { sequence: "Ctrl+K"; enabled: keys.working; onActivated: keys.navigator.showSheet("Find") }
    Shortcut { sequence: "Ctrl+1"; enabled: keys.working; onActivated: keys.navigator.go("Today") }
    Shortcut { sequence: "Ctrl+2"; enabled: keys.working; onActivated: keys.navigator.go("Members") }
    Shortcut { sequence: "Ctrl+3"; enabled: keys.working; onActivated: keys.navigator.go("Order") }
    Shortcut { sequence: "Ctrl+N"; enabled: keys.working; onActivated: keys.navigator.go("SignUp") }
    Shortcut { sequence: "Ctrl+Z"; enabled: keys.working && keys.toasts.undoable; onActivated: keys.toasts.undo() }
    Shortcut { sequence: "Ctrl+L"; enabled: keys.working; onActivated: keys.shell.lock() }
    Shortcut { sequence: "F1"; enabled: keys.working; onActivated: keys.navigator.showSheet("Keys") }
}
