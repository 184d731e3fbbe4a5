pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// Whose sale an order is: guides are tapped in and out, a tap moves five per cent. A guide who is no manager sees it, and who may change it.
BottomSheet {
    id: sheet

    required property ReshareViewModel model
    required property bool portrait

    shown: true
    tallest: (portrait ? 1000 : 640) + 3 * (Theme.grown(100) - 100)
    title: qsTr("Whose sale it is")
    detail: model.orderWords
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

            Banner {
                Layout.fillWidth: true
                objectName: "reshare-manager"
                visible: !sheet.model.may
                text: qsTr("Only a manager can put this right. Ask one to sign in here.")
            }
            SharesForm {
                Layout.fillWidth: true
                model: sheet.model
                editable: sheet.model.may
            }
            Words {
                visible: sheet.model.may
                text: qsTr("Why")
                color: Theme.ink2
            }
            Flow {
                Layout.fillWidth: true
                visible: sheet.model.may
                spacing: Theme.s8

                Repeater {
                    model: sheet.model.reasons

                    FilterChip {
                        required property string key
                        required property string label
                        required property bool selected

                        objectName: "reshare-" + key
                        tall: true
                        text: label
                        chosen: selected
                        onClicked: sheet.model.chooseReason(key)
                    }
                }
            }
            Words {
                visible: trail.count > 0
                text: qsTr("Put right before")
                color: Theme.ink2
            }
            Repeater {
                id: trail

                model: sheet.model.trail

                ColumnLayout {
                    id: entry

                    required property string title
                    required property string detail

                    Layout.fillWidth: true
                    spacing: 0

                    Words {
                        objectName: "reshare-trail"
                        Layout.fillWidth: true
                        text: entry.title
                        wrapMode: Text.WordWrap
                    }
                    Words {
                        Layout.fillWidth: true
                        text: entry.detail
                        size: Theme.caption
                        color: Theme.ink2
                        wrapMode: Text.WordWrap
                    }
                }
            }
        }
    }
    SheetFoot {
        id: foot

        visible: sheet.model.may

        ActionButton {
            objectName: "reshare-save"
            kind: "primary"
            enabled: sheet.model.ready
            symbol: "check"
            text: qsTr("Put it right")
            onClicked: sheet.model.save()
        }
    }
}
