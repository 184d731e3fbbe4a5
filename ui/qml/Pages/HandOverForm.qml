pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// What the customer fills in: who they are on one side, what they agree to on the other.
ColumnLayout {
    id: page

    required property HandOverViewModel model
    required property bool portrait

    spacing: Theme.s16

    GridLayout {
        Layout.fillWidth: true
        Layout.fillHeight: true
        columns: page.portrait ? 1 : 2
        columnSpacing: Theme.s16
        rowSpacing: Theme.s16
        uniformCellWidths: true

        Card {
            Layout.fillWidth: true
            Layout.fillHeight: true

            Flickable {
                id: view

                anchors.fill: parent
                anchors.margins: Theme.s20
                contentHeight: form.implicitHeight
                clip: true
                boundsBehavior: Flickable.StopAtBounds

                ColumnLayout {
                    id: form

                    width: view.width
                    spacing: Theme.s20

                    SignUpPhone {
                        Layout.fillWidth: true
                        customer: true
                        model: page.model.form
                    }
                    SignUpWho {
                        Layout.fillWidth: true
                        customer: true
                        model: page.model.form
                    }
                }
            }
        }
        Card {
            Layout.fillWidth: true
            Layout.fillHeight: true

            SignUpConsents {
                anchors.fill: parent
                anchors.margins: Theme.s20
                customer: true
                model: page.model.form
            }
        }
    }
    RowLayout {
        Layout.fillWidth: true
        spacing: Theme.s16

        Words {
            Layout.fillWidth: true
            text: page.model.form.asked
            color: Theme.ink2
            horizontalAlignment: Text.AlignRight
            wrapMode: Text.WordWrap
        }
        ActionButton {
            objectName: "customer-done"
            kind: "primary"
            enabled: page.model.form.filled
            text: qsTr("Done")
            symbol: "check"
            onClicked: page.model.submit()
        }
    }
}
