pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// The open basket as a quotation: what is promised, until when, one button.
BottomSheet {
    id: sheet

    required property QuoteViewModel model
    required property bool portrait

    shown: true
    tallest: (portrait ? 640 : 520) + 3 * (Theme.grown(100) - 100)
    fits: form.implicitHeight + 2 * Theme.s20 + foot.height
    title: qsTr("Make a quotation")
    detail: qsTr("The customer pays this price as long as it holds")
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

            RowLayout {
                Layout.fillWidth: true
                spacing: Theme.s12

                Words {
                    objectName: "quote-until"
                    Layout.fillWidth: true
                    text: sheet.model.untilWords
                    wrapMode: Text.WordWrap
                }
                Words {
                    objectName: "quote-total"
                    text: sheet.model.total
                    size: Theme.amount
                    bold: true
                }
            }
            Words {
                Layout.fillWidth: true
                visible: text !== ""
                text: sheet.model.without
                color: Theme.ink2
                wrapMode: Text.WordWrap
            }
            Words {
                text: qsTr("How long")
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
                        required property int index

                        objectName: "quote-day-" + index
                        tall: true
                        text: label
                        chosen: selected
                        onClicked: sheet.model.chooseDay(key)
                    }
                }
            }
            InputField {
                objectName: "quote-day"
                Layout.fillWidth: true
                label: qsTr("Or until the day")
                hint: qsTr("24 or 12-24")
                problem: sheet.model.problem
                inputMethodHints: Qt.ImhPreferNumbers
                maximumLength: 10
                onEdited: text => sheet.model.typeDay(text)
            }
        }
    }
    SheetFoot {
        id: foot

        ActionButton {
            objectName: "quote-save"
            kind: "primary"
            enabled: sheet.model.ready
            symbol: "file-text"
            text: qsTr("Make the quotation")
            onClicked: sheet.model.save()
        }
    }
}
