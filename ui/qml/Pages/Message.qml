pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// A message to a member: the situation, HQ's template, the filled words, and two ways out: copied, or read by a phone.
BottomSheet {
    id: sheet

    required property MessageViewModel model
    required property bool portrait

    shown: true
    tallest: portrait ? 1200 : 720
    title: qsTr("Message to %1").arg(model.memberName)
    personName: model.memberName
    personId: model.memberId
    personTickets: model.memberTickets
    onClosed: model.close()

    EmptyState {
        anchors.centerIn: parent
        width: Math.min(parent.width - 2 * Theme.s24, 520)
        visible: sheet.model.nothing
        symbol: "message-square-text"
        title: qsTr("No templates yet")
        text: qsTr("HQ writes them. They come with the next sync.")
    }
    Flickable {
        id: whole

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: parent.top
        anchors.bottom: foot.top
        visible: !sheet.model.nothing
        contentHeight: columns.implicitHeight + 2 * Theme.s20
        clip: true
        boundsBehavior: Flickable.StopAtBounds

        GridLayout {
            id: columns

            x: Theme.s24
            y: Theme.s20
            width: whole.width - 2 * x
            columns: sheet.portrait ? 1 : 2
            columnSpacing: Theme.s32
            rowSpacing: Theme.s20

            ColumnLayout {
                Layout.fillWidth: true
                Layout.preferredWidth: 10
                Layout.alignment: Qt.AlignTop
                spacing: Theme.s12

                Flow {
                    Layout.fillWidth: true
                    spacing: Theme.s8

                    Repeater {
                        model: sheet.model.situations

                        FilterChip {
                            required property string key
                            required property string label
                            required property bool selected

                            objectName: "situation-" + key
                            tall: true
                            text: label
                            chosen: selected
                            onClicked: sheet.model.chooseSituation(key)
                        }
                    }
                }
                Repeater {
                    model: sheet.model.templates

                    Pressable {
                        id: line

                        required property int index
                        required property string key
                        required property string label
                        required property string detail
                        required property bool selected

                        Layout.fillWidth: true
                        objectName: "template-" + index
                        name: [label, detail].join(", ")
                        topPadding: Theme.s8
                        bottomPadding: Theme.s8
                        implicitHeight: Math.max(Theme.grown(60), implicitContentHeight + Theme.s16)
                        Accessible.role: Accessible.RadioButton
                        Accessible.checkable: true
                        Accessible.checked: selected
                        onClicked: sheet.model.choose(key)

                        background: Card {
                            selected: line.selected
                        }
                        contentItem: ColumnLayout {
                            spacing: 2

                            Words {
                                Layout.fillWidth: true
                                Layout.leftMargin: Theme.s12
                                Layout.rightMargin: Theme.s12
                                text: line.label
                                bold: true
                                wrapMode: Text.Wrap
                                Accessible.ignored: true
                            }
                            Words {
                                Layout.fillWidth: true
                                Layout.leftMargin: Theme.s12
                                Layout.rightMargin: Theme.s12
                                text: line.detail
                                size: Theme.caption
                                color: Theme.ink2
                                wrapMode: Text.Wrap
                                Accessible.ignored: true
                            }
                        }
                    }
                }
            }
            ColumnLayout {
                Layout.fillWidth: true
                Layout.preferredWidth: 10
                Layout.alignment: Qt.AlignTop
                spacing: Theme.s12

                Segmented {
                    name: qsTr("Language of the message")
                    model: [{ key: "zh_CN", label: "中文" }, { key: "en", label: "English" }]
                    current: sheet.model.language
                    onChosen: key => sheet.model.speak(key)
                }
                Words {
                    objectName: "message-text"
                    Layout.fillWidth: true
                    text: sheet.model.text
                    size: Theme.strong
                    wrapMode: Text.Wrap
                }
                StateNote {
                    Layout.fillWidth: true
                    visible: sheet.model.whyNot !== ""
                    title: qsTr("Not to be sent")
                    text: sheet.model.whyNot
                    symbol: "ban"
                    tone: "warn"
                }
                RowLayout {
                    Layout.fillWidth: true
                    visible: sheet.model.sendable
                    spacing: Theme.s16

                    QrCode {
                        id: code
                        objectName: "message-qr"
                        implicitWidth: Math.max(220, 4 * code.side)
                        implicitHeight: code.implicitWidth
                        text: sheet.model.sendable ? sheet.model.text : ""
                        Accessible.role: Accessible.Graphic
                        Accessible.name: qsTr("QR code of the message")
                    }
                    Words {
                        Layout.fillWidth: true
                        text: qsTr("Read it with your own phone and send it from there.")
                        color: Theme.ink2
                        wrapMode: Text.WordWrap
                    }
                }
            }
        }
    }
    tools: IconButton {
        objectName: "message-material"
        symbol: "images"
        name: qsTr("Material that goes with %1").arg(sheet.model.memberName)
        onClicked: sheet.model.material()
    }

    SheetFoot {
        id: foot

        visible: sheet.model.sendable

        ActionButton {
            objectName: "message-copy"
            height: sent.height
            text: qsTr("Copy")
            symbol: "copy"
            onClicked: sheet.model.copy()
        }
        ActionButton {
            id: sent

            objectName: "message-sent"
            kind: "primary"
            text: qsTr("Sent: log it")
            symbol: "check"
            onClicked: sheet.model.sent()
        }
    }
}
