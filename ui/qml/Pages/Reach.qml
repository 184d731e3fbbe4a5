pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// How the goods reach the customer: in what way, when, to whom. Taken away now is one tap.
BottomSheet {
    id: sheet

    required property ReachViewModel model
    required property bool portrait

    shown: true
    tallest: (portrait ? 980 : 700) + 3 * (Theme.grown(100) - 100)
    fits: form.implicitHeight + 2 * Theme.s20 + foot.height
    title: qsTr("How the goods reach the customer")
    onClosed: model.close()

    Flickable {
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

                        objectName: "reach-" + key
                        Layout.fillWidth: true
                        Layout.fillHeight: true
                        text: label
                        chosen: selected
                        onClicked: sheet.model.choose(key)
                    }
                }
            }
            Words {
                visible: sheet.model.later
                text: sheet.model.kind === "pre_order" ? qsTr("When they are expected") : qsTr("When")
                color: Theme.ink2
            }
            Flow {
                Layout.fillWidth: true
                visible: sheet.model.later
                spacing: Theme.s8

                Repeater {
                    model: sheet.model.days

                    FilterChip {
                        required property string key
                        required property string label
                        required property bool selected
                        required property int index

                        objectName: "reach-day-" + index
                        tall: true
                        text: label
                        chosen: selected
                        onClicked: sheet.model.chooseDay(key)
                    }
                }
            }
            GridLayout {
                Layout.fillWidth: true
                visible: sheet.model.later
                columns: sheet.portrait ? 1 : 2
                columnSpacing: Theme.s16
                rowSpacing: Theme.s16

                InputField {
                    objectName: "reach-name"
                    Layout.fillWidth: true
                    label: qsTr("Who gets them")
                    text: sheet.model.name
                    maximumLength: 120
                    onEdited: text => sheet.model.setName(text)
                }
                InputField {
                    objectName: "reach-phone"
                    Layout.fillWidth: true
                    label: qsTr("Their phone")
                    hint: sheet.model.phoneHint
                    text: sheet.model.phone
                    inputMethodHints: Qt.ImhDialableCharactersOnly
                    maximumLength: 40
                    onEdited: text => sheet.model.setPhone(text)
                }
            }
            InputField {
                objectName: "reach-address"
                Layout.fillWidth: true
                visible: sheet.model.sent
                label: qsTr("Address")
                hint: qsTr("Street, number, floor, town")
                text: sheet.model.address
                maximumLength: 400
                onEdited: text => sheet.model.setAddress(text)
            }
            InputField {
                objectName: "reach-note"
                Layout.fillWidth: true
                visible: sheet.model.later
                label: qsTr("For whoever hands them over (optional)")
                text: sheet.model.note
                maximumLength: 120
                onEdited: text => sheet.model.setNote(text)
            }
            Words {
                objectName: "reach-lacks"
                Layout.fillWidth: true
                visible: text !== ""
                text: sheet.model.lacks
                color: Theme.ink2
                wrapMode: Text.WordWrap
            }
        }
    }
    SheetFoot {
        id: foot

        ActionButton {
            objectName: "reach-save"
            kind: "primary"
            enabled: sheet.model.lacks === ""
            symbol: "check"
            text: qsTr("Keep it so")
            onClicked: sheet.model.save()
        }
    }
}
