pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// What the member has for this basket: coupons, used by one tap, and points, used by number.
BottomSheet {
    id: sheet

    required property OrderViewModel model
    required property bool portrait
    readonly property BasketValueViewModel value: model.value

    shown: true
    tallest: (portrait ? 1000 : 680) + 3 * (Theme.grown(100) - 100)
    title: qsTr("Coupons and points")
    detail: [model.memberName, value.usedWords].filter(part => part !== "").join(" · ")
    onClosed: value.close()

    Flickable {
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: parent.top
        anchors.bottom: foot.top
        contentHeight: body.implicitHeight + 2 * Theme.s20
        clip: true
        boundsBehavior: Flickable.StopAtBounds

        ColumnLayout {
            id: body

            x: Theme.s24
            y: Theme.s20
            width: parent.width - 2 * x
            spacing: Theme.s12

            Banner {
                objectName: "value-problem"
                Layout.fillWidth: true
                visible: sheet.value.problem !== ""
                tone: "warn"
                text: sheet.value.problem
            }
            ActionButton {
                objectName: "value-best"
                Layout.fillWidth: true
                visible: sheet.value.bestWords !== ""
                enabled: !sheet.value.asking
                kind: "tonal"
                symbol: "sparkles"
                text: qsTr("Best for the customer: %1").arg(sheet.value.bestWords)
                onClicked: sheet.value.takeBest()
            }
            GridLayout {
                Layout.fillWidth: true
                columns: sheet.portrait ? 1 : 2
                columnSpacing: Theme.s12
                rowSpacing: Theme.s12
                uniformCellWidths: true

                Repeater {
                    model: sheet.value.coupons

                    CouponRow {
                        Layout.fillWidth: true
                        Layout.fillHeight: true
                        onClicked: sheet.value.toggle(key)
                    }
                }
            }
            Divider {
                Layout.fillWidth: true
                visible: sheet.value.hasPoints
            }
            Words {
                objectName: "points-words"
                Layout.fillWidth: true
                visible: sheet.value.hasPoints
                text: sheet.value.pointsWords
                wrapMode: Text.WordWrap
            }
            RowLayout {
                Layout.fillWidth: true
                visible: sheet.value.hasPoints && sheet.value.pointsUsable
                spacing: Theme.s12

                InputField {
                    id: points

                    objectName: "points-value"
                    Layout.fillWidth: true
                    Layout.maximumWidth: 320
                    label: qsTr("Points to use")
                    text: sheet.value.pointsValue
                    inputMethodHints: Qt.ImhDigitsOnly
                    maximumLength: 9
                    onEdited: text => sheet.value.typePoints(text)
                    onAccepted: sheet.value.usePoints()
                }
                ActionButton {
                    objectName: "points-all"
                    Layout.alignment: Qt.AlignBottom
                    kind: "text"
                    text: qsTr("As many as possible")
                    onClicked: sheet.value.allPoints()
                }
                Item {
                    Layout.fillWidth: true
                }
            }
            Words {
                objectName: "points-preview"
                Layout.fillWidth: true
                visible: text !== ""
                text: sheet.value.pointsPreview
                size: Theme.strong
                bold: true
                wrapMode: Text.WordWrap
            }
        }
    }
    SheetFoot {
        id: foot

        ActionButton {
            objectName: "points-none"
            visible: sheet.value.pointsChosen
            symbol: "undo-2"
            text: qsTr("Use no points")
            onClicked: sheet.value.noPoints()
        }
        ActionButton {
            objectName: "points-use"
            visible: sheet.value.hasPoints && sheet.value.pointsUsable
            enabled: sheet.value.pointsReady
            symbol: "coins"
            text: qsTr("Use these points")
            onClicked: sheet.value.usePoints()
        }
        ActionButton {
            objectName: "value-done"
            kind: "primary"
            symbol: "check"
            text: qsTr("Done")
            onClicked: sheet.value.close()
        }
    }
}
