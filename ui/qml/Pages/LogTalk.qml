pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// A talk in three taps: how, what came of it, about what. The third saves; the rest is optional.
BottomSheet {
    id: sheet

    required property TalkViewModel model
    required property Navigator navigator
    required property bool portrait

    shown: true
    tallest: portrait ? 1120 : 720
    title: qsTr("Log a talk with %1").arg(model.memberName)
    detail: model.settlesWords
    onClosed: navigator.closeSheet()

    Flickable {
        anchors.fill: parent
        anchors.margins: Theme.s24
        anchors.bottomMargin: foot.height + Theme.s32
        contentHeight: grid.implicitHeight
        clip: true
        boundsBehavior: Flickable.StopAtBounds

        GridLayout {
            id: grid

            width: parent.width
            columns: sheet.portrait ? 1 : 3
            columnSpacing: Theme.s24
            rowSpacing: Theme.s20

            TalkStep {
                Layout.fillWidth: true
                Layout.preferredWidth: 10
                Layout.alignment: Qt.AlignTop
                title: qsTr("1 · How did you talk?")
                choices: sheet.model.channels
                open: !sheet.model.saved
                columns: sheet.portrait ? 3 : 2
                onChosen: key => sheet.model.choose("channel", key)
            }
            TalkStep {
                Layout.fillWidth: true
                Layout.preferredWidth: 10
                Layout.alignment: Qt.AlignTop
                title: qsTr("2 · What came of it?")
                choices: sheet.model.outcomes
                open: !sheet.model.saved
                columns: sheet.portrait ? 3 : 2
                onChosen: key => sheet.model.choose("outcome", key)
            }
            TalkStep {
                Layout.fillWidth: true
                Layout.preferredWidth: 10
                Layout.alignment: Qt.AlignTop
                title: qsTr("3 · About what?")
                choices: sheet.model.topics
                open: !sheet.model.saved
                columns: sheet.portrait ? 3 : 2
                onChosen: key => sheet.model.choose("topic", key)
            }
            ColumnLayout {
                Layout.fillWidth: true
                Layout.columnSpan: grid.columns
                spacing: Theme.s12
                visible: sheet.model.saved

                Banner {
                    objectName: "talk-saved"
                    Layout.fillWidth: true
                    tone: "good"
                    symbol: "circle-check"
                    text: sheet.model.stepWords
                    action: qsTr("Take it back")
                    onPressed: sheet.model.takeBack()
                }
                InputField {
                    Layout.fillWidth: true
                    objectName: "talk-note"
                    label: qsTr("Note (optional)")
                    hint: qsTr("What was said, in a few words")
                    text: sheet.model.note
                    maximumLength: 2000
                    onAccepted: sheet.model.setNote(text)
                    onDeparted: sheet.model.setNote(text)
                }
                Words {
                    text: qsTr("Next contact (optional)")
                    size: Theme.caption
                    color: Theme.ink2
                }
                Flow {
                    Layout.fillWidth: true
                    spacing: Theme.s8

                    Repeater {
                        model: sheet.model.days

                        FilterChip {
                            required property string key
                            required property string label
                            required property bool selected

                            tall: true
                            text: label
                            chosen: selected
                            onClicked: sheet.model.followUp(key)
                        }
                    }
                }
            }
        }
    }
    RowLayout {
        id: foot

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.bottom: parent.bottom
        anchors.margins: Theme.s24
        spacing: Theme.s12

        Words {
            Layout.fillWidth: true
            text: sheet.model.saved ? qsTr("Saved on this tablet") : sheet.model.stepWords
            color: sheet.model.saved ? Theme.good : Theme.ink2
            wrapMode: Text.WordWrap
        }
        ActionButton {
            objectName: "talk-done"
            kind: "primary"
            enabled: sheet.model.saved
            text: qsTr("Done")
            symbol: "check"
            onClicked: sheet.navigator.closeSheet()
        }
    }
}
