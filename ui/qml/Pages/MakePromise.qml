pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// A promise: what, until when, about which product. "Hold it back until tomorrow" is chosen already.
BottomSheet {
    id: sheet

    required property MakePromiseViewModel model
    required property bool portrait

    shown: true
    tallest: (portrait ? 900 : 664) + 3 * (Theme.grown(100) - 100)
    title: qsTr("A promise to %1").arg(model.memberName)
    personName: model.memberName
    personId: model.memberId
    personTickets: model.memberTickets
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

                        objectName: "promise-" + key
                        Layout.fillWidth: true
                        Layout.fillHeight: true
                        text: label
                        chosen: selected
                        onClicked: sheet.model.choose(key)
                    }
                }
            }
            Words {
                text: qsTr("By when")
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

                        objectName: "promise-day-" + index
                        tall: true
                        text: label
                        chosen: selected
                        onClicked: sheet.model.chooseDay(key)
                    }
                }
            }
            SearchField {
                objectName: "promise-product"
                Layout.fillWidth: true
                hint: qsTr("About which product? (optional)")
                onSearched: text => sheet.model.search(text)
            }
            Flow {
                Layout.fillWidth: true
                visible: shownProducts.count > 0
                spacing: Theme.s8

                Repeater {
                    id: shownProducts

                    model: sheet.model.products

                    FilterChip {
                        required property string key
                        required property string label
                        required property bool selected

                        tall: true
                        text: label
                        chosen: selected
                        onClicked: sheet.model.chooseProduct(key)
                    }
                }
                Stepper {
                    visible: sheet.model.hasProduct
                    value: sheet.model.quantity
                    what: qsTr("pieces")
                    onStepped: by => sheet.model.setQuantity(sheet.model.quantity + by)
                }
            }
            InputField {
                Layout.fillWidth: true
                objectName: "promise-words"
                label: qsTr("What exactly? (optional)")
                hint: qsTr("The blue one, size M, at the counter")
                maximumLength: 2000
                onEdited: text => sheet.model.setWords(text)
            }
        }
    }
    SheetFoot {
        id: foot

        ActionButton {
            objectName: "promise-save"
            kind: "primary"
            enabled: sheet.model.ready
            symbol: "handshake"
            text: qsTr("Promise it")
            onClicked: sheet.model.save()
        }
    }
}
