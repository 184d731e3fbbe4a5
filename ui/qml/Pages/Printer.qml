pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// The receipt printer of this tablet. Every choice holds at once; the test page shows whether it is right.
BottomSheet {
    id: sheet

    required property PrinterViewModel model
    required property bool portrait
    readonly property bool narrow: portrait || Theme.grown(100) > 115

    shown: true
    tallest: portrait ? 1100 : 760
    title: qsTr("Receipt printer")
    detail: model.title
    onClosed: model.close()

    Flickable {
        id: view

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: parent.top
        anchors.bottom: foot.top
        contentHeight: form.implicitHeight + 2 * Theme.s20
        clip: true
        boundsBehavior: Flickable.StopAtBounds

        ColumnLayout {
            id: form

            x: Theme.s24
            y: Theme.s20
            width: view.width - 2 * x
            spacing: Theme.s12

            PrintNote {
                Layout.fillWidth: true
                printing: sheet.model.printing
            }
            SettingRow {
                Layout.fillWidth: true
                narrow: sheet.narrow
                title: qsTr("How it is connected")

                Segmented {
                    name: qsTr("How it is connected")
                    model: [
                        { key: "none", label: qsTr("No printer") },
                        { key: "network", label: qsTr("Network") },
                        { key: "device", label: qsTr("Cable") }
                    ]
                    current: sheet.model.kind
                    onChosen: key => sheet.model.choose("kind", key)
                }
            }
            RowLayout {
                Layout.fillWidth: true
                visible: sheet.model.kind === "network"
                spacing: Theme.s12

                InputField {
                    objectName: "printer-host"
                    Layout.fillWidth: true
                    label: qsTr("Address")
                    hint: "192.168.1.60"
                    text: sheet.model.host
                    maximumLength: 120
                    onEdited: text => sheet.model.setHost(text)
                }
                InputField {
                    Layout.preferredWidth: Theme.grown(120)
                    label: qsTr("Port")
                    text: sheet.model.port
                    maximumLength: 5
                    inputMethodHints: Qt.ImhDigitsOnly
                    onEdited: text => sheet.model.setPort(text)
                }
            }
            InputField {
                objectName: "printer-path"
                Layout.fillWidth: true
                visible: sheet.model.kind === "device"
                label: qsTr("Device file")
                hint: "/dev/usb/lp0"
                text: sheet.model.path
                maximumLength: 200
                onEdited: text => sheet.model.setPath(text)
            }
            Flow {
                Layout.fillWidth: true
                visible: sheet.model.kind === "device" && sheet.model.devices.length > 0
                spacing: Theme.s8

                Repeater {
                    model: sheet.model.devices

                    FilterChip {
                        required property string modelData

                        tall: true
                        text: modelData
                        chosen: sheet.model.path === modelData
                        onClicked: sheet.model.setPath(modelData)
                    }
                }
            }
            SettingRow {
                Layout.fillWidth: true
                visible: sheet.model.kind === "device"
                narrow: sheet.narrow
                title: qsTr("Speed of a serial cable")
                detail: qsTr("USB printers need none")

                Segmented {
                    name: qsTr("Speed of a serial cable")
                    model: ["9600", "19200", "38400", "57600", "115200"].map(speed => ({ key: speed, label: speed }))
                    current: sheet.model.speed
                    onChosen: key => sheet.model.choose("speed", key)
                }
            }
            Divider { Layout.fillWidth: true }
            SettingRow {
                Layout.fillWidth: true
                narrow: sheet.narrow
                title: qsTr("Width of the paper")

                Segmented {
                    name: qsTr("Width of the paper")
                    model: [
                        { key: "32", label: qsTr("58 mm") },
                        { key: "42", label: qsTr("76 mm") },
                        { key: "48", label: qsTr("80 mm") }
                    ]
                    current: sheet.model.columns
                    onChosen: key => sheet.model.choose("columns", key)
                }
            }
            SettingRow {
                Layout.fillWidth: true
                narrow: sheet.narrow
                title: qsTr("Letters")
                detail: qsTr("Chinese printers hold the Chinese letters themselves")

                Segmented {
                    name: qsTr("Letters")
                    model: [
                        { key: "chinese", label: qsTr("Chinese") },
                        { key: "western", label: qsTr("Western") }
                    ]
                    current: sheet.model.charset
                    onChosen: key => sheet.model.choose("charset", key)
                }
            }
            SettingRow {
                Layout.fillWidth: true
                title: qsTr("It says how it is")
                detail: qsTr("Turn this off for a printer that cannot answer: then nobody notices an empty roll")

                Toggle {
                    name: qsTr("It says how it is")
                    on: sheet.model.answers
                    onAsked: on => sheet.model.setAnswers(on)
                }
            }
            SettingRow {
                Layout.fillWidth: true
                title: qsTr("Print every receipt")
                detail: qsTr("By itself, once an order is placed on this tablet")

                Toggle {
                    objectName: "printer-auto"
                    name: qsTr("Print every receipt")
                    on: sheet.model.auto
                    onAsked: on => sheet.model.setAuto(on)
                }
            }
        }
    }
    SheetFoot {
        id: foot

        ActionButton {
            objectName: "printer-trial"
            kind: "primary"
            enabled: sheet.model.kind !== "none" && !sheet.model.printing.busy
            symbol: "printer"
            text: qsTr("Print a test page")
            onClicked: sheet.model.printTrial()
        }
    }
}
