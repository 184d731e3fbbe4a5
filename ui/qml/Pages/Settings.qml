pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// How this tablet looks, who it is, how it stands with HQ, and one's own PIN.
Item {
    id: page

    required property SettingsViewModel model
    required property bool portrait

    enabled: !model.changingPin // what lies under the sheet cannot be reached, by keys neither

    Flickable {
        id: view

        anchors.fill: parent
        anchors.leftMargin: Theme.s24
        anchors.rightMargin: Theme.s24
        anchors.bottomMargin: sync.height + Theme.s24 + Theme.s12
        contentHeight: grid.implicitHeight
        boundsBehavior: Flickable.StopAtBounds
        clip: true

        GridLayout {
            id: grid

            width: view.width
            columns: page.portrait ? 1 : 2
            columnSpacing: Theme.s16
            rowSpacing: Theme.s16

            ColumnLayout {
                Layout.fillWidth: true
                Layout.preferredWidth: 600
                Layout.alignment: Qt.AlignTop
                spacing: Theme.s16

                SettingsLook {
                    Layout.fillWidth: true
                    model: page.model
                }
                Card {
                    Layout.fillWidth: true
                    implicitHeight: pin.implicitHeight + 2 * Theme.s20

                    SettingRow {
                        id: pin

                        anchors.fill: parent
                        anchors.margins: Theme.s20
                        title: qsTr("My PIN")
                        detail: qsTr("Six digits that only you know")

                        ActionButton {
                            objectName: "change-pin"
                            symbol: "key-round"
                            text: qsTr("Change the PIN")
                            onClicked: page.model.changePin()
                        }
                    }
                }
                SettingsPrinter {
                    Layout.fillWidth: true
                    onOpened: page.model.showSheet("Printer")
                }
                Card {
                    Layout.fillWidth: true
                    implicitHeight: diagnostics.implicitHeight + 2 * Theme.s20

                    SettingRow {
                        id: diagnostics

                        anchors.fill: parent
                        anchors.margins: Theme.s20
                        title: qsTr("Diagnostics file")
                        detail: qsTr("For HQ's support: how this tablet stands. No names, no phones, no notes")

                        ActionButton {
                            objectName: "save-diagnostics"
                            symbol: "file-text"
                            text: qsTr("Save")
                            onClicked: page.model.saveDiagnostics()
                        }
                    }
                }
                Banner {
                    Layout.fillWidth: true
                    visible: page.model.keyWarning !== ""
                    text: page.model.keyWarning
                    symbol: "key-round"
                }
                Banner {
                    Layout.fillWidth: true
                    visible: page.model.dataNote !== ""
                    tone: "neutral"
                    text: page.model.dataNote
                }
            }
            Card {
                id: facts

                Layout.fillWidth: true
                Layout.preferredWidth: 500
                Layout.alignment: Qt.AlignTop
                implicitHeight: tablet.implicitHeight + 2 * Theme.s20

                ColumnLayout {
                    id: tablet

                    anchors.fill: parent
                    anchors.margins: Theme.s20
                    spacing: Theme.s12

                    Words {
                        Layout.fillWidth: true
                        text: qsTr("This tablet")
                        size: Theme.strong
                        bold: true
                        wrapMode: Text.WordWrap
                        Accessible.role: Accessible.Heading
                    }
                    StateNote {
                        Layout.fillWidth: true
                        title: page.model.stateTitle
                        text: page.model.stateDetail
                        tone: page.model.stateTone
                        symbol: page.model.stateIcon
                    }
                    StateNote {
                        Layout.fillWidth: true
                        visible: title !== ""
                        title: page.model.workTitle
                        text: page.model.workDetail
                        tone: page.model.workTone
                        symbol: page.model.workIcon
                    }
                    FactList {
                        Layout.fillWidth: true
                        model: page.model.facts
                    }
                    Divider { Layout.fillWidth: true }
                    FactList {
                        Layout.fillWidth: true
                        model: page.model.identity
                    }
                    Divider { Layout.fillWidth: true }
                    FactList {
                        Layout.fillWidth: true
                        model: page.model.held
                    }
                }
            }
        }
    }
    ActionButton {
        id: sync

        objectName: "sync-now"
        anchors.right: parent.right
        anchors.bottom: parent.bottom
        anchors.rightMargin: Theme.s24
        anchors.bottomMargin: Theme.s24
        width: facts.width
        kind: "primary"
        symbol: "refresh-cw"
        text: qsTr("Sync now")
        onClicked: page.model.syncNow()
    }
    BottomSheet {
        parent: page.Window.contentItem
        z: 40
        title: qsTr("Change the PIN")
        detail: page.model.pad.hint
        shown: page.model.changingPin
        tallest: Theme.grown(84) + entry.implicitHeight + 2 * Theme.s24
        onClosed: page.model.cancelPin()
        onShownChanged: {
            if (shown)
                entry.forceActiveFocus()
        }

        PinEntry {
            id: entry

            anchors.horizontalCenter: parent.horizontalCenter
            y: Theme.s24
            width: Math.min(parent.width - 2 * Theme.s24, 400)
            pad: page.model.pad
            extra: qsTr("PIN forgotten")
            showHint: false
        }
    }
}
