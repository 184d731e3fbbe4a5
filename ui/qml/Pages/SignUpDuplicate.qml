pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// Who has this phone already: the way on is to open them.
Card {
    id: form

    required property SignUpViewModel model

    selected: true

    ColumnLayout {
        anchors.fill: parent
        anchors.margins: Theme.s20
        spacing: Theme.s16

        Flow {
            Layout.fillWidth: true
            spacing: Theme.s12

            Words {
                width: Math.min(implicitWidth, parent.width)
                text: qsTr("They are a member already")
                size: Theme.strong
                bold: true
                wrapMode: Text.WordWrap
            }
            Tag {
                text: qsTr("found on this tablet")
                tone: "good"
                symbol: "check"
            }
        }
        RowLayout {
            Layout.fillWidth: true
            spacing: Theme.s16

            Avatar {
                name: form.model.duplicateName
                personId: form.model.duplicateId
                size: 72
            }
            ColumnLayout {
                Layout.fillWidth: true
                spacing: Theme.s4

                Words {
                    Layout.fillWidth: true
                    text: form.model.duplicateName
                    size: Theme.title
                    bold: true
                    wrapMode: Text.Wrap
                }
                Words {
                    Layout.fillWidth: true
                    text: form.model.duplicateDetail
                    color: Theme.ink2
                    wrapMode: Text.Wrap
                }
            }
        }
        Rectangle {
            Layout.fillWidth: true
            implicitHeight: advice.implicitHeight + 2 * Theme.s16
            radius: Theme.radiusControl
            color: Theme.surface

            Words {
                id: advice

                anchors.left: parent.left
                anchors.right: parent.right
                anchors.verticalCenter: parent.verticalCenter
                anchors.margins: Theme.s16
                text: qsTr("Open this member and go on from there. If the customer says it is somebody else, read the number back to them.")
                color: Theme.ink2
                wrapMode: Text.WordWrap
            }
        }
        Item {
            Layout.fillHeight: true
        }
    }
}
