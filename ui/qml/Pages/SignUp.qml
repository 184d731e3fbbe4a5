pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// Phone first: the local duplicate shows at once, then the form, consents item by item.
Item {
    id: page

    required property SignUpViewModel model
    required property bool portrait

    GridLayout {
        anchors.fill: parent
        anchors.leftMargin: Theme.s24
        anchors.rightMargin: Theme.s24
        anchors.bottomMargin: Theme.s24
        columns: page.portrait ? 1 : 2
        columnSpacing: Theme.s16
        rowSpacing: Theme.s12

        Card {
            Layout.fillWidth: true
            Layout.fillHeight: true

            Flickable {
                id: view

                anchors.fill: parent
                anchors.margins: Theme.s20
                contentHeight: Math.max(form.implicitHeight, height)
                clip: true
                boundsBehavior: Flickable.StopAtBounds

                ColumnLayout {
                    id: form

                    width: view.width
                    height: view.contentHeight
                    spacing: Theme.s16

                    SignUpPhone {
                        Layout.fillWidth: true
                        model: page.model
                    }
                    ElsewhereNote {
                        Layout.fillWidth: true
                        model: page.model.elsewhere
                    }
                    Flow {
                        Layout.fillWidth: true
                        visible: !page.model.duplicate
                        spacing: Theme.s12

                        ActionButton {
                            objectName: "own-phone"
                            text: qsTr("On their phone")
                            symbol: "qr-code"
                            onClicked: page.model.showLink()
                        }
                        ActionButton {
                            objectName: "hand-over"
                            text: qsTr("Hand over the tablet")
                            symbol: "tablet"
                            onClicked: page.model.hand()
                        }
                    }
                    Divider {
                        Layout.fillWidth: true
                    }
                    SignUpWho {
                        Layout.fillWidth: true
                        Layout.fillHeight: false
                        opacity: page.model.duplicate ? Theme.disabled : 1
                        enabled: !page.model.duplicate
                        model: page.model
                    }
                    SignUpOrigin {
                        Layout.fillWidth: true
                        opacity: page.model.duplicate ? Theme.disabled : 1
                        enabled: !page.model.duplicate
                        model: page.model
                    }
                    SignUpGift {
                        Layout.fillWidth: true
                        model: page.model
                    }
                    Item {
                        Layout.fillHeight: true
                    }
                    RowLayout {
                        Layout.fillWidth: true
                        spacing: Theme.s8

                        Icon {
                            name: "shield-check"
                            size: 18
                            tone: Theme.ink3
                        }
                        Words {
                            Layout.fillWidth: true
                            text: qsTr("Each answer is kept with its day and the version of the words; the customer may change it any time.")
                            size: Theme.caption
                            color: Theme.ink2
                            wrapMode: Text.WordWrap
                        }
                    }
                }
            }
        }
        ColumnLayout {
            Layout.preferredWidth: page.portrait ? -1 : 456
            Layout.fillWidth: page.portrait
            Layout.fillHeight: !page.portrait
            Layout.preferredHeight: page.portrait ? page.height * 0.42 : -1
            spacing: Theme.s12

            SignUpDuplicate {
                Layout.fillWidth: true
                Layout.fillHeight: true
                visible: page.model.duplicate
                model: page.model
            }
            Card {
                Layout.fillWidth: true
                Layout.fillHeight: true
                visible: !page.model.duplicate

                SignUpConsents {
                    anchors.fill: parent
                    anchors.margins: Theme.s20
                    model: page.model
                }
            }
            SignUpFoot {
                Layout.fillWidth: true
                model: page.model
            }
        }
    }
}
