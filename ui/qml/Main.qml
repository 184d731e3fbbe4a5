pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import Pages
import StoreGuide

// The window: rail or bar, top bar, banner, one page at a time, a sheet over it, a toast over all.
Window {
    id: root

    required property ShellViewModel shell
    required property Pages pages
    required property Navigator navigator
    required property Toasts toasts
    property bool dark: false
    property real textScale: 1.0
    property bool reduceMotion: false
    readonly property bool portrait: height > width
    readonly property bool working: shell.stage === "work"
    readonly property bool handed: shell.stage === "handed"
    readonly property bool away: handed || shell.stage === "shown" // a customer has it

    width: 1280
    height: 800
    title: qsTr("Store Guide")
    color: Theme.surface

    Binding { target: Theme; property: "dark"; value: root.dark }
    Binding { target: Theme; property: "textScale"; value: root.handed ? Math.max(1.3, root.textScale) : root.textScale }
    Binding { target: Theme; property: "reduceMotion"; value: root.reduceMotion }

    MouseArea {
        anchors.fill: parent
        z: 100
        acceptedButtons: Qt.AllButtons
        propagateComposedEvents: true
        onPressed: mouse => {
            root.shell.touched()
            mouse.accepted = false
        }
    }

    // ---------------------------------------------------------------- before work

    PageSlot {
        anchors.fill: parent
        pages: root.pages
        page: root.pages.alone(root.shell.stage)
        portrait: root.portrait
    }

    // ---------------------------------------------------------------- work

    Item {
        id: frame

        anchors.fill: parent
        visible: root.working
        enabled: root.navigator.sheetName === ""

        Rail {
            id: rail

            shell: root.shell
            portrait: root.portrait
            width: root.portrait ? parent.width : Theme.rail
            height: root.portrait ? Theme.grown(80) : parent.height
            y: root.portrait ? parent.height - height : 0
        }
        ColumnLayout {
            x: root.portrait ? 0 : Theme.rail
            width: parent.width - x
            height: parent.height - (root.portrait ? rail.height : 0)
            spacing: 0

            TopBar {
                Layout.fillWidth: true
                shell: root.shell
                navigator: root.navigator
                portrait: root.portrait
            }
            Banner {
                Layout.fillWidth: true
                Layout.leftMargin: Theme.s24
                Layout.rightMargin: Theme.s24
                Layout.bottomMargin: Theme.s16
                visible: root.shell.bannerShown
                lead: root.shell.bannerLead
                text: root.shell.bannerText
                tone: root.shell.bannerTone
                symbol: root.shell.bannerTone === "bad" ? "circle-alert" : "cloud-upload"
                action: root.shell.bannerPage !== "" ? qsTr("Details") : ""
                onPressed: root.navigator.go(root.shell.bannerPage)
            }
            PageSlot {
                Layout.fillWidth: true
                Layout.fillHeight: true
                pages: root.pages
                page: root.working ? root.navigator.page : ""
                portrait: root.portrait
            }
        }
    }
    PageSlot {
        anchors.fill: parent
        pages: root.pages
        page: root.working ? root.navigator.sheetName : ""
        portrait: root.portrait
    }
    Shortcuts {
        shell: root.shell
        toasts: root.toasts
        navigator: root.navigator
        working: root.working
    }
    Rectangle {
        objectName: "lock-warning"
        anchors.horizontalCenter: parent.horizontalCenter
        anchors.top: parent.top
        anchors.topMargin: Theme.s12
        z: 60
        visible: (root.working || root.away) && root.shell.lockWords !== ""
        implicitWidth: soon.implicitWidth + 2 * Theme.s20
        implicitHeight: Theme.grown(Theme.touch)
        radius: height / 2
        color: Theme.ink
        Accessible.role: Accessible.AlertMessage
        Accessible.name: root.shell.lockWords

        Words {
            id: soon

            anchors.centerIn: parent
            text: root.shell.lockWords
            bold: true
            color: Theme.surface
            Accessible.ignored: true
        }
    }
    Toast {
        anchors.horizontalCenter: parent.horizontalCenter
        anchors.bottom: parent.bottom
        anchors.bottomMargin: root.portrait ? 104 : 24
        z: 50
        text: root.away && root.toasts.tone !== "bad" ? "" : root.toasts.text  // what was done is the guide's to know
        tone: root.toasts.tone
        undoable: root.toasts.undoable && !root.away
        secondsLeft: root.toasts.secondsLeft
        onUndone: root.toasts.undo()
        onClosed: root.toasts.close()
    }
}
