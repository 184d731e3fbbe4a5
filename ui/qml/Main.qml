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
    required property LockViewModel lock
    required property EnrolViewModel enrol
    required property FirstSyncViewModel firstSync
    required property TodayViewModel today
    required property MembersViewModel members
    required property SignUpViewModel signUp
    required property OrderViewModel order
    required property OrdersViewModel orders
    required property TalkViewModel talk
    required property AttentionViewModel attention
    required property SettingsViewModel settings
    required property Navigator navigator
    required property Toasts toasts
    property bool dark: false
    property real textScale: 1.0
    property bool reduceMotion: false
    readonly property bool portrait: height > width
    readonly property bool working: shell.stage === "work"

    width: 1280
    height: 800
    title: qsTr("Store Guide")
    color: Theme.surface

    Binding { target: Theme; property: "dark"; value: root.dark }
    Binding { target: Theme; property: "textScale"; value: root.textScale }
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

    Loader {
        anchors.fill: parent
        active: root.shell.stage === "enrol"
        sourceComponent: Component { Enrol { model: root.enrol; portrait: root.portrait } }
    }
    Loader {
        anchors.fill: parent
        active: root.shell.stage === "first_sync"
        sourceComponent: Component { FirstSync { model: root.firstSync; portrait: root.portrait } }
    }
    Loader {
        anchors.fill: parent
        active: root.shell.stage === "lock"
        sourceComponent: Component { Lock { model: root.lock; portrait: root.portrait } }
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
            Item {
                Layout.fillWidth: true
                Layout.fillHeight: true

                Loader {
                    anchors.fill: parent
                    active: root.working && root.navigator.page === "Today"
                    sourceComponent: Component { Today { model: root.today; portrait: root.portrait } }
                }
                Loader {
                    anchors.fill: parent
                    active: root.working && root.navigator.page === "Members"
                    sourceComponent: Component { Members { model: root.members; portrait: root.portrait } }
                }
                Loader {
                    anchors.fill: parent
                    active: root.working && root.navigator.page === "SignUp"
                    sourceComponent: Component { SignUp { model: root.signUp; portrait: root.portrait } }
                }
                Loader {
                    anchors.fill: parent
                    active: root.working && root.navigator.page === "Order"
                    sourceComponent: Component {
                        OrderPage { model: root.order; members: root.members; navigator: root.navigator; portrait: root.portrait }
                    }
                }
                Loader {
                    anchors.fill: parent
                    active: root.working && root.navigator.page === "Orders"
                    sourceComponent: Component {
                        Orders { model: root.orders; navigator: root.navigator; portrait: root.portrait }
                    }
                }
                Loader {
                    anchors.fill: parent
                    active: root.working && root.navigator.page === "Attention"
                    sourceComponent: Component { Attention { model: root.attention; portrait: root.portrait } }
                }
                Loader {
                    anchors.fill: parent
                    active: root.working && root.navigator.page === "Settings"
                    sourceComponent: Component { Settings { model: root.settings; portrait: root.portrait } }
                }
            }
        }
    }
    Loader {
        anchors.fill: parent
        active: root.working && root.navigator.sheetName === "LogTalk"
        sourceComponent: Component { LogTalk { model: root.talk; navigator: root.navigator; portrait: root.portrait } }
    }
    Toast {
        anchors.horizontalCenter: parent.horizontalCenter
        anchors.bottom: parent.bottom
        anchors.bottomMargin: root.portrait ? 104 : 24
        z: 50
        text: root.toasts.text
        tone: root.toasts.tone
        undoable: root.toasts.undoable
        secondsLeft: root.toasts.secondsLeft
        onUndone: root.toasts.undo()
        onClosed: root.toasts.close()
    }
}
