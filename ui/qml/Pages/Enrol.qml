pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// The first page of a new tablet: where HQ is, and the code that HQ gave for it.
Item {
    id: page

    required property EnrolViewModel model
    required property bool portrait
    readonly property int panel: 520

    Flickable {
        id: about

        width: page.portrait ? parent.width : parent.width - page.panel
        height: page.portrait ? Math.min(steps.implicitHeight + 2 * Theme.s48, parent.height * 0.4) : parent.height
        contentHeight: steps.implicitHeight + 2 * Theme.s48
        boundsBehavior: Flickable.StopAtBounds
        clip: true

        ColumnLayout {
            id: steps

            x: page.portrait ? Theme.s24 : 56
            y: Math.max(Theme.s48, (about.height - implicitHeight) / 2)
            width: about.width - 2 * x
            spacing: Theme.s20

            RowLayout {
                Layout.fillWidth: true

                Mark {
                    implicitWidth: 56
                    implicitHeight: 56
                }
                Item {
                    Layout.fillWidth: true
                }
                Segmented {
                    name: qsTr("Language")
                    model: [{ key: "zh_CN", label: "中文" }, { key: "en", label: "English" }]
                    current: page.model.language
                    onChosen: key => page.model.setLanguage(key)
                }
            }
            Words {
                Layout.fillWidth: true
                text: qsTr("Connect this tablet to HQ")
                size: Theme.figure
                bold: true
                wrapMode: Text.WordWrap
                Accessible.role: Accessible.Heading
            }
            Repeater {
                model: [
                    { symbol: "qr-code", text: qsTr("HQ makes a code for this shop. It can be used once.") },
                    { symbol: "scan-line", text: qsTr("Scan it here, or type the address and the code.") },
                    { symbol: "cloud-check", text: qsTr("The tablet fetches members, products and prices. From then on it works with no network.") }
                ]

                RowLayout {
                    id: step

                    required property var modelData

                    Layout.fillWidth: true
                    spacing: Theme.s16

                    Rectangle {
                        implicitWidth: 48
                        implicitHeight: 48
                        radius: Theme.radiusControl
                        color: Theme.accentSoft

                        Icon {
                            anchors.centerIn: parent
                            name: step.modelData.symbol
                            tone: Theme.accentInk
                        }
                    }
                    Words {
                        Layout.fillWidth: true
                        text: step.modelData.text
                        size: Theme.strong
                        color: Theme.ink2
                        wrapMode: Text.WordWrap
                    }
                }
            }
        }
    }
    Rectangle {
        x: page.portrait ? 0 : parent.width - width
        y: page.portrait ? about.height : 0
        width: page.portrait ? parent.width : page.panel
        height: parent.height - y
        color: Theme.raised

        Divider {
            width: page.portrait ? parent.width : 1
            height: page.portrait ? 1 : parent.height
        }
        Flickable {
            id: form

            anchors.fill: parent
            contentHeight: Math.max(height, fields.implicitHeight + 2 * Theme.s32)
            boundsBehavior: Flickable.StopAtBounds
            clip: true

            ColumnLayout {
                id: fields

                x: Theme.s32
                y: Math.max(Theme.s32, (form.height - implicitHeight) / 2)
                width: form.width - 2 * x
                spacing: Theme.s20

                InputField {
                    objectName: "enrol-address"
                    Layout.fillWidth: true
                    label: qsTr("Address of HQ")
                    hint: "https://hq.example.com"
                    text: page.model.address
                    problem: page.model.problemField === "address" ? page.model.problem : ""
                    inputMethodHints: Qt.ImhUrlCharactersOnly | Qt.ImhNoAutoUppercase
                    onEdited: text => page.model.typeAddress(text)
                    onAccepted: page.model.enrol()
                }
                InputField {
                    objectName: "enrol-code"
                    Layout.fillWidth: true
                    label: qsTr("One-time code")
                    hint: qsTr("from HQ, or scan it")
                    big: true
                    text: page.model.code
                    problem: page.model.problemField === "code" ? page.model.problem : ""
                    inputMethodHints: Qt.ImhNoPredictiveText | Qt.ImhNoAutoUppercase
                    onEdited: text => page.model.typeCode(text)
                    onAccepted: page.model.enrol()
                }
                InputField {
                    objectName: "enrol-name"
                    Layout.fillWidth: true
                    label: qsTr("What this tablet is called (you may leave it empty)")
                    hint: qsTr("Counter tablet")
                    text: page.model.deviceName
                    maximumLength: 60
                    onEdited: text => page.model.typeName(text)
                    onAccepted: page.model.enrol()
                }
                Banner {
                    Layout.fillWidth: true
                    visible: page.model.problem !== "" && page.model.problemField === ""
                    text: page.model.problem
                    tone: "bad"
                    symbol: "circle-alert"
                }
                RowLayout {
                    Layout.fillWidth: true
                    Layout.topMargin: Theme.s8
                    spacing: Theme.s12

                    ActionButton {
                        objectName: "enrol-back"
                        visible: page.model.again
                        text: qsTr("Back")
                        symbol: "arrow-left"
                        onClicked: page.model.goBack()
                    }
                    Item {
                        Layout.fillWidth: true
                    }
                    ActionButton {
                        objectName: "enrol"
                        Layout.minimumWidth: 200
                        kind: "primary"
                        enabled: page.model.ready
                        text: page.model.busy ? qsTr("Asking HQ …") : qsTr("Connect")
                        symbol: "arrow-right"
                        onClicked: page.model.enrol()
                    }
                }
            }
        }
    }
}
