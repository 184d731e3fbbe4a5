pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// Which colleague buys the open basket at staff prices, or a customer after all.
BottomSheet {
    id: sheet

    required property StaffPurchaseViewModel model
    required property bool portrait

    shown: true
    tallest: (portrait ? 480 : 400) + 3 * (Theme.grown(100) - 100)
    fits: form.implicitHeight + Theme.s20 + Theme.s24
    title: qsTr("Staff purchase")
    detail: qsTr("Staff prices apply, up to what HQ lets a colleague buy in a month. It brings no points.")
    onClosed: model.close()

    Flickable {
        anchors.fill: parent
        contentHeight: form.implicitHeight + 2 * Theme.s24
        clip: true
        boundsBehavior: Flickable.StopAtBounds

        ColumnLayout {
            id: form

            x: Theme.s24
            y: Theme.s20
            width: parent.width - 2 * x
            spacing: Theme.s12

            Words {
                Layout.fillWidth: true
                visible: text !== ""
                text: sheet.model.nobody
                wrapMode: Text.WordWrap
            }
            InputField {
                objectName: "staff-number"
                Layout.fillWidth: true
                visible: sheet.model.nobody === ""
                label: qsTr("Scan the staff card, or type its number")
                problem: sheet.model.problem
                text: sheet.model.number
                maximumLength: 20
                onEdited: text => sheet.model.setNumber(text)
                onAccepted: sheet.model.take()
            }
            Flow {
                Layout.fillWidth: true
                spacing: Theme.s12

                Repeater {
                    model: sheet.model.colleagues

                    ChoiceTile {
                        required property string key
                        required property string label
                        required symbol
                        required property bool selected

                        objectName: "staff-buyer"
                        width: Math.min(implicitWidth, parent.width)
                        text: label
                        chosen: selected
                        onClicked: sheet.model.choose(key)
                    }
                }
            }
        }
    }
}
