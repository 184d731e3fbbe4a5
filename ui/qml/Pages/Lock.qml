pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// Who serves now: a name, then six digits. Nothing here tells what the last guide did.
Item {
    id: page

    required property LockViewModel model
    required property bool portrait
    readonly property int panel: 456

    Component.onCompleted: entry.forceActiveFocus()

    ColumnLayout {
        anchors.fill: parent
        anchors.leftMargin: page.portrait ? Theme.s24 : 56
        anchors.rightMargin: page.portrait ? Theme.s24 : page.panel + Theme.s48
        anchors.topMargin: 40
        anchors.bottomMargin: page.portrait ? side.height + Theme.s24 : Theme.s32
        spacing: Theme.s16

        RowLayout {
            Layout.fillWidth: true
            spacing: Theme.s12

            Mark {
                implicitWidth: 44
                implicitHeight: 44
            }
            ColumnLayout {
                Layout.fillWidth: true
                spacing: 0

                Words {
                    Layout.fillWidth: true
                    text: page.model.shopName
                    size: Theme.strong
                    bold: true
                    wrapMode: Text.WordWrap
                }
                Words {
                    Layout.fillWidth: true
                    text: [page.model.tabletName, page.model.dataNote].filter(part => part !== "").join(" · ")
                    size: Theme.caption
                    color: Theme.ink2
                    wrapMode: Text.WordWrap
                }
            }
            Segmented {
                name: qsTr("Language")
                model: [{ key: "zh_CN", label: "中文" }, { key: "en", label: "English" }]
                current: page.model.language
                onChosen: key => page.model.setLanguage(key)
            }
        }
        Flow {
            Layout.fillWidth: true
            Layout.topMargin: page.portrait ? 0 : Theme.s32
            spacing: Theme.s16

            Words {
                id: clock

                text: page.model.clock
                size: page.portrait ? Theme.hero : Theme.clock
                lineHeight: 1
            }
            Words {
                height: clock.height - (page.portrait ? 4 : 18)
                verticalAlignment: Text.AlignBottom
                text: page.model.day
                size: Theme.title
                color: Theme.ink2
            }
        }
        Words {
            Layout.fillWidth: true
            Layout.topMargin: page.portrait ? 0 : Theme.s24
            text: qsTr("Who is serving now?")
            size: Theme.title
            bold: true
            wrapMode: Text.WordWrap
            Accessible.role: Accessible.Heading
        }
        GridView {
            id: people

            readonly property int columns: Math.max(1, Math.floor((width + Theme.s16) / Theme.grown(232)))

            Layout.fillWidth: true
            Layout.fillHeight: true
            Layout.rightMargin: -Theme.s16
            clip: true
            boundsBehavior: Flickable.StopAtBounds
            model: page.model.people
            cellWidth: Math.floor(width / columns)
            cellHeight: Theme.grown(116) + Theme.s16
            Accessible.role: Accessible.List
            Accessible.name: qsTr("People of this shop")

            delegate: Item {
                id: cell

                required property string key
                required property string name
                required property string role
                required property bool selected

                width: people.cellWidth
                height: people.cellHeight

                GuideTile {
                    width: parent.width - Theme.s16
                    height: parent.height - Theme.s16
                    key: cell.key
                    personName: cell.name
                    role: cell.role
                    chosen: cell.selected
                    onClicked: {
                        page.model.choose(cell.key)
                        entry.forceActiveFocus()
                    }
                }
            }
        }
        StateNote {
            Layout.fillWidth: true
            title: page.model.stateTitle
            text: page.model.stateDetail
            symbol: page.model.barred ? "lock" : page.model.offline ? "wifi-off" : "cloud-check"
            tone: page.model.barred ? "bad" : page.model.offline ? "warn" : "good"
        }
        ActionButton {
            objectName: "enrol-again"
            visible: page.model.barred
            symbol: "qr-code"
            text: qsTr("Enrol again")
            onClicked: page.model.enrolAgain()
        }
    }
    Rectangle {
        id: side

        anchors.right: parent.right
        anchors.bottom: parent.bottom
        width: page.portrait ? parent.width : page.panel
        height: page.portrait ? pinColumn.implicitHeight + 2 * Theme.s32 : parent.height
        color: Theme.raised

        Divider {
            width: page.portrait ? parent.width : 1
            height: page.portrait ? 1 : parent.height
        }
        ColumnLayout {
            id: pinColumn

            anchors.centerIn: parent
            width: Math.min(parent.width - 2 * Theme.s32, 400)
            spacing: Theme.s8

            Avatar {
                Layout.alignment: Qt.AlignHCenter
                visible: page.model.chosenId !== ""
                name: page.model.chosenName
                personId: page.model.chosenId
                size: page.portrait ? 64 : 88
            }
            Rectangle {
                Layout.alignment: Qt.AlignHCenter
                visible: page.model.chosenId === ""
                implicitWidth: page.portrait ? 64 : 88
                implicitHeight: implicitWidth
                radius: width / 2
                color: Theme.sunken

                Icon {
                    anchors.centerIn: parent
                    name: "lock"
                    size: 32
                    tone: Theme.ink2
                }
            }
            Words {
                Layout.fillWidth: true
                Layout.topMargin: Theme.s8
                text: page.model.greeting
                size: Theme.title
                bold: true
                horizontalAlignment: Text.AlignHCenter
                wrapMode: Text.WordWrap
            }
            PinEntry {
                id: entry

                Layout.fillWidth: true
                pad: page.model.pad
                extra: qsTr("PIN forgotten")
            }
            Words {
                Layout.fillWidth: true
                Layout.topMargin: Theme.s8
                visible: !page.portrait
                text: qsTr("The last guide's pages and searches are put away")
                size: Theme.caption
                color: Theme.ink3
                horizontalAlignment: Text.AlignHCenter
                wrapMode: Text.WordWrap
            }
        }
    }
}
