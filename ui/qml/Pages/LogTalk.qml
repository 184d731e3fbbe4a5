pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// A talk in three taps: how, what came of it, about what. The third saves; then the rest, which is optional, has the room.
BottomSheet {
    id: sheet

    required property TalkViewModel model
    required property bool portrait
    readonly property bool dense: portrait && Theme.textScale > 1.1

    shown: true
    tallest: portrait ? 1120 : 664 + 2 * (Theme.grown(100) - 100)
    title: qsTr("Log a talk with %1").arg(model.memberName)
    detail: model.settlesWords
    personName: model.memberName
    personId: model.memberId
    personTickets: model.memberTickets
    onClosed: model.close()

    tools: Rectangle {
        objectName: "talk-saved"
        visible: sheet.model.saved
        implicitWidth: saved.implicitWidth + Theme.s16 + Theme.s4
        implicitHeight: Theme.grown(Theme.touch) + 2 * Theme.s4
        radius: height / 2
        color: Theme.goodSoft

        RowLayout {
            id: saved

            anchors.right: parent.right
            anchors.rightMargin: Theme.s4
            anchors.verticalCenter: parent.verticalCenter
            spacing: Theme.s8

            Icon {
                name: "circle-check"
                size: 22
                tone: Theme.goodInk
            }
            Words {
                visible: !sheet.dense
                text: qsTr("Saved on this tablet")
                bold: true
                color: Theme.goodInk
            }
            ActionButton {
                objectName: "take-back"
                around: height / 2
                symbol: "undo-2"
                text: qsTr("Take it back")
                onClicked: sheet.model.takeBack()
            }
        }
    }

    Flickable {
        id: steps

        visible: !sheet.model.saved
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: parent.top
        anchors.bottom: more.top
        contentHeight: grid.implicitHeight + 2 * Theme.s20
        clip: true
        boundsBehavior: Flickable.StopAtBounds

        GridLayout {
            id: grid

            x: Theme.s24
            y: Theme.s20
            width: steps.width - 2 * x
            columns: sheet.portrait ? 1 : 3
            columnSpacing: Theme.s24
            rowSpacing: Theme.s20

            TalkStep {
                Layout.fillWidth: true
                Layout.preferredWidth: 10
                Layout.alignment: Qt.AlignTop
                number: 1
                title: qsTr("How did you talk?")
                choices: sheet.model.channels
                columns: sheet.portrait ? 3 : 2
                onChosen: key => sheet.model.choose("channel", key)
            }
            TalkStep {
                Layout.fillWidth: true
                Layout.preferredWidth: 10
                Layout.alignment: Qt.AlignTop
                number: 2
                title: qsTr("What came of it?")
                choices: sheet.model.outcomes
                columns: sheet.portrait ? 3 : 2
                onChosen: key => sheet.model.choose("outcome", key)
            }
            TalkStep {
                Layout.fillWidth: true
                Layout.preferredWidth: 10
                Layout.alignment: Qt.AlignTop
                number: 3
                title: qsTr("What was it about?")
                choices: sheet.model.topics
                columns: sheet.portrait ? 3 : 2
                onChosen: key => sheet.model.choose("topic", key)
            }
        }
    }
    TalkMore {
        visible: sheet.model.saved
        model: sheet.model
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: parent.top
        anchors.bottom: more.top
    }
    Rectangle {
        id: more

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.bottom: parent.bottom
        height: Math.max(rest.implicitHeight + Theme.s16 + Theme.s24, sheet.portrait || sheet.model.saved ? 0 : Theme.grown(140))
        color: Theme.surface

        Divider {
            width: parent.width
        }
        GridLayout {
            id: rest

            anchors.fill: parent
            anchors.topMargin: Theme.s16
            anchors.leftMargin: Theme.s24
            anchors.rightMargin: Theme.s24
            anchors.bottomMargin: Theme.s24
            columns: 2
            columnSpacing: Theme.s24
            rowSpacing: Theme.s12

            Words {
                Layout.columnSpan: 2
                Layout.fillWidth: true
                visible: !sheet.model.saved
                text: sheet.model.stepWords
                size: Theme.strong
                bold: true
                wrapMode: Text.WordWrap
                Accessible.role: Accessible.Heading
            }
            Words {
                Layout.fillWidth: true
                Layout.alignment: Qt.AlignBottom
                visible: !sheet.model.saved
                text: qsTr("The third tap saves. A note and the next contact can be added then.")
                color: Theme.ink2
                wrapMode: Text.WordWrap
            }
            ActionButton {
                objectName: "talk-done"
                Layout.alignment: Qt.AlignRight | Qt.AlignBottom
                Layout.minimumWidth: 180
                kind: "primary"
                enabled: sheet.model.saved
                text: qsTr("Done")
                symbol: "check"
                onClicked: sheet.model.close()
            }
        }
    }
}
