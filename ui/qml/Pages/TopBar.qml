pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// Title, search from everywhere, the two quick actions, the state of sync in words, and who is signed in.
Item {
    id: bar

    required property ShellViewModel shell
    required property Navigator navigator
    required property bool portrait
    readonly property bool roomy: ["Order", "SignUp", "Orders"].includes(shell.page)
    readonly property bool searches: !roomy && shell.page !== "Members"
    readonly property bool tight: portrait && Theme.textScale > 1.15
    readonly property string title: {
        switch (shell.page) {
        case "Today": return qsTr("Today")
        case "Members": return qsTr("Members")
        case "SignUp": return qsTr("Sign up")
        case "Order": return qsTr("Order")
        case "Orders": return qsTr("Orders")
        case "Library": return qsTr("Library")
        case "Tickets": return qsTr("Tickets")
        case "Quotations": return qsTr("Quotations")
        case "Parcels": return qsTr("Other shops")
        case "Attention": return qsTr("What needs you")
        case "Settings": return qsTr("Settings")
        default: return ""
        }
    }

    implicitHeight: Theme.grown(Theme.bar)

    RowLayout {
        anchors.fill: parent
        anchors.leftMargin: Theme.s24
        anchors.rightMargin: Theme.s24
        spacing: Theme.s12

        ColumnLayout {
            Layout.minimumWidth: 96
            spacing: 0

            Words {
                text: bar.title
                size: Theme.title
                bold: true
                Accessible.role: Accessible.Heading
            }
            Words {
                text: bar.shell.page === "Today" ? bar.shell.day : bar.shell.shopName
                size: Theme.caption
                color: Theme.ink3
            }
        }
        SearchField {
            id: search

            objectName: "search-on-top"
            Layout.fillWidth: true
            Layout.maximumWidth: 460
            Layout.leftMargin: Theme.s12
            visible: bar.searches && !bar.tight
            hint: bar.portrait ? qsTr("Search or scan") : qsTr("Name, phone tail or scan")
            onSearched: text => {
                if (text.trim() !== "") {
                    search.clear()
                    bar.shell.search(text)
                }
            }
        }
        Item {
            Layout.fillWidth: true
        }
        ActionButton {
            visible: !bar.roomy && !bar.portrait
            objectName: "quick-sign-up"
            leftPadding: 14
            rightPadding: 14
            text: qsTr("Sign up")
            symbol: "user-plus"
            onClicked: bar.navigator.go("SignUp")
        }
        ActionButton {
            visible: !bar.roomy && !bar.portrait
            objectName: "quick-order"
            leftPadding: 14
            rightPadding: 14
            text: qsTr("New order")
            symbol: "shopping-basket"
            onClicked: bar.navigator.go("Order")
        }
        IconButton {
            objectName: "search-everything"
            visible: !search.visible
            symbol: "search"
            framed: true
            name: qsTr("Search everything")
            onClicked: bar.navigator.showSheet("Find")
        }
        IconButton {
            visible: !bar.roomy && bar.portrait
            symbol: "user-plus"
            framed: true
            name: qsTr("Sign up")
            onClicked: bar.navigator.go("SignUp")
        }
        SyncPill {
            objectName: "sync-pill"
            text: bar.shell.pillText
            tone: bar.shell.pillTone
            symbol: bar.shell.pillIcon
            onClicked: bar.navigator.go("Attention")
        }
        Pressable {
            objectName: "guide"
            implicitWidth: Theme.touch
            implicitHeight: Theme.touch
            around: 24
            name: qsTr("%1: settings of this tablet").arg(bar.shell.guideName)
            onClicked: bar.navigator.go("Settings")
            contentItem: Avatar {
                name: bar.shell.guideName
                personId: bar.shell.guideId
            }
        }
    }
}
