pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// Whoever is in front of the guide is probably a member of another shop: ask HQ, or go on. It hinders nothing.
Rectangle {
    id: note

    required property Elsewhere model

    visible: note.model.likely
    implicitHeight: inside.implicitHeight + 2 * Theme.s12
    radius: Theme.radiusControl
    color: Theme.soft("clay")

    ColumnLayout {
        id: inside

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        anchors.margins: Theme.s12
        spacing: Theme.s8

        RowLayout {
            Layout.fillWidth: true
            spacing: Theme.s12

            Icon {
                Layout.alignment: Qt.AlignTop
                name: "store"
                tone: Theme.inkOf("clay")
                size: 22
            }
            ColumnLayout {
                Layout.fillWidth: true
                spacing: Theme.s4

                Words {
                    objectName: "elsewhere"
                    Layout.fillWidth: true
                    text: qsTr("Probably already a member in another shop")
                    bold: true
                    wrapMode: Text.WordWrap
                }
                Words {
                    objectName: "elsewhere-said"
                    Layout.fillWidth: true
                    text: note.model.asking ? qsTr("Asking HQ …") : note.model.words || note.model.likelyDetail
                    size: Theme.caption
                    color: Theme.ink2
                    wrapMode: Text.WordWrap
                }
            }
        }
        Flow {
            Layout.fillWidth: true
            spacing: Theme.s8

            ActionButton {
                objectName: "elsewhere-ask"
                visible: note.model.offered
                kind: "tonal"
                text: qsTr("Ask HQ")
                onClicked: note.model.ask()
            }
            ActionButton {
                objectName: "elsewhere-anyway"
                kind: "text"
                text: qsTr("Sign up anyway")
                onClicked: note.model.passOver()
            }
        }
    }
}
