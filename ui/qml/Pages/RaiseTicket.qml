pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// A new ticket: a kind and one button; words and a colleague may be added.
BottomSheet {
    id: sheet

    required property RaiseTicketViewModel model
    required property bool portrait

    shown: true
    tallest: (portrait ? 640 : 520) + 3 * (Theme.grown(100) - 100)
    title: qsTr("A ticket for %1").arg(model.memberName)
    detail: model.orderWords
    personName: model.memberName
    personId: model.memberId
    personTickets: model.memberTickets
    onClosed: model.close()

    Flickable {
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: parent.top
        anchors.bottom: foot.top
        contentHeight: form.implicitHeight + 2 * Theme.s24
        clip: true
        boundsBehavior: Flickable.StopAtBounds

        ColumnLayout {
            id: form

            x: Theme.s24
            y: Theme.s20
            width: parent.width - 2 * x
            spacing: Theme.s16

            GridLayout {
                Layout.fillWidth: true
                columns: sheet.portrait ? 2 : 4
                columnSpacing: Theme.s8
                rowSpacing: Theme.s8
                uniformCellWidths: true

                Repeater {
                    model: sheet.model.kinds

                    ChoiceTile {
                        required property string key
                        required property string label
                        required symbol
                        required property bool selected

                        objectName: "ticket-" + key
                        Layout.fillWidth: true
                        Layout.fillHeight: true
                        text: label
                        chosen: selected
                        onClicked: sheet.model.choose(key)
                    }
                }
            }
            InputField {
                Layout.fillWidth: true
                objectName: "ticket-about"
                label: qsTr("What is it about? (optional)")
                hint: qsTr("In the customer's words")
                maximumLength: 2000
                onEdited: text => sheet.model.setWords(text)
            }
            Words {
                text: qsTr("In whose hand")
                color: Theme.ink2
            }
            Flow {
                Layout.fillWidth: true
                spacing: Theme.s8

                Repeater {
                    model: sheet.model.hands

                    FilterChip {
                        required property string key
                        required property string label
                        required property bool selected

                        tall: true
                        text: label
                        chosen: selected
                        onClicked: sheet.model.give(key)
                    }
                }
            }
        }
    }
    SheetFoot {
        id: foot

        ActionButton {
            objectName: "ticket-save"
            kind: "primary"
            enabled: sheet.model.ready
            symbol: "flag"
            text: qsTr("Raise the ticket")
            onClicked: sheet.model.save()
        }
    }
}
