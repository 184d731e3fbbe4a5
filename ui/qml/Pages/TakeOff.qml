pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// A discount by hand: how much and why; above the guide's limit a manager types their PIN, and the guide stays signed in.
BottomSheet {
    id: sheet

    required property OrderViewModel model
    required property bool portrait
    readonly property ByHandViewModel byHand: model.byHand
    readonly property bool asks: byHand.stage === "who"

    shown: true
    tallest: asks ? (portrait ? 800 : 736) : Theme.grown(620)
    title: asks ? qsTr("A manager allows it") : qsTr("Take something off")
    detail: byHand.title
    onClosed: byHand.close()
    onAsksChanged: {
        if (asks)
            entry.forceActiveFocus()
    }

    Flickable {
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: parent.top
        anchors.bottom: foot.top
        visible: !sheet.asks
        contentHeight: form.implicitHeight + 2 * Theme.s20
        clip: true
        boundsBehavior: Flickable.StopAtBounds

        ColumnLayout {
            id: form

            x: Theme.s24
            y: Theme.s20
            width: parent.width - 2 * x
            spacing: Theme.s16

            RowLayout {
                Layout.fillWidth: true
                spacing: Theme.s16

                Segmented {
                    Layout.preferredWidth: 260
                    Layout.alignment: Qt.AlignBottom
                    name: qsTr("A percentage or an amount")
                    current: sheet.byHand.unit
                    model: [
                        {key: "percent", label: qsTr("Percent")},
                        {key: "amount", label: qsTr("Amount")}
                    ]
                    onChosen: key => sheet.byHand.setUnit(key)
                }
                InputField {
                    id: value

                    objectName: "take-off-value"
                    Layout.fillWidth: true
                    label: sheet.byHand.unit === "percent" ? qsTr("Percent off") : qsTr("Amount off")
                    text: sheet.byHand.value
                    problem: sheet.byHand.problem
                    inputMethodHints: Qt.ImhFormattedNumbersOnly
                    maximumLength: 12
                    onEdited: text => sheet.byHand.setValue(text)
                    onAccepted: sheet.byHand.goOn()
                }
            }
            Words {
                objectName: "take-off-preview"
                Layout.fillWidth: true
                visible: text !== ""
                text: sheet.byHand.preview
                size: Theme.strong
                bold: true
                wrapMode: Text.WordWrap
            }
            Words {
                Layout.fillWidth: true
                text: sheet.byHand.limitWords
                size: Theme.caption
                color: Theme.ink2
                wrapMode: Text.WordWrap
            }
            Flow {
                Layout.fillWidth: true
                spacing: Theme.s8

                Repeater {
                    model: sheet.byHand.reasons

                    FilterChip {
                        required property string key
                        required property bool selected

                        tall: true
                        text: key
                        chosen: selected
                        onClicked: sheet.byHand.setReason(key)
                    }
                }
            }
            InputField {
                objectName: "take-off-reason"
                Layout.fillWidth: true
                label: qsTr("Why (it stands on the receipt)")
                text: sheet.byHand.reason
                maximumLength: 120
                onEdited: text => sheet.byHand.setReason(text)
                onAccepted: sheet.byHand.goOn()
            }
        }
    }
    Flickable {
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: parent.top
        anchors.bottom: foot.top
        visible: sheet.asks
        contentHeight: who.implicitHeight + 2 * Theme.s20
        clip: true
        boundsBehavior: Flickable.StopAtBounds

        GridLayout {
            id: who

            x: Theme.s24
            y: Theme.s20
            width: parent.width - 2 * x
            columns: sheet.portrait ? 1 : 2
            columnSpacing: Theme.s24
            rowSpacing: Theme.s16
            uniformCellWidths: true

            ColumnLayout {
                Layout.fillWidth: true
                Layout.alignment: Qt.AlignTop
                spacing: Theme.s16

                Words {
                    Layout.fillWidth: true
                    visible: sheet.byHand.noManager
                    text: qsTr("No manager of this shop is known on this tablet.")
                    color: Theme.ink2
                    wrapMode: Text.WordWrap
                }
                Flow {
                    Layout.fillWidth: true
                    spacing: Theme.s8

                    Repeater {
                        model: sheet.byHand.managers

                        FilterChip {
                            required property string key
                            required property string called
                            required property bool selected

                            objectName: "manager"
                            enabled: !sheet.byHand.pad.busy
                            tall: true
                            text: called
                            chosen: selected
                            onClicked: {
                                sheet.byHand.chooseManager(key)
                                entry.forceActiveFocus()
                            }
                        }
                    }
                }
            }
            PinEntry {
                id: entry

                Layout.fillWidth: true
                visible: sheet.asks
                pad: sheet.byHand.pad
            }
        }
    }
    SheetFoot {
        id: foot

        ActionButton {
            objectName: "take-off-remove"
            visible: sheet.byHand.removable && !sheet.asks
            text: qsTr("Take nothing off")
            symbol: "undo-2"
            onClicked: sheet.byHand.remove()
        }
        ActionButton {
            visible: sheet.asks
            text: qsTr("Back")
            symbol: "arrow-left"
            onClicked: sheet.byHand.back()
        }
        ActionButton {
            objectName: "take-off-give"
            visible: !sheet.asks
            kind: "primary"
            enabled: sheet.byHand.ready
            symbol: sheet.byHand.needsManager ? "key-round" : "check"
            text: sheet.byHand.needsManager ? qsTr("Ask a manager") : qsTr("Take it off")
            onClicked: sheet.byHand.goOn()
        }
    }
}
