pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// Thanks to the customer, and the guide's PIN: the only way out of the form.
Flickable {
    id: view

    required property HandOverViewModel model
    required property bool portrait

    contentHeight: Math.max(columns.implicitHeight, height)
    clip: true
    boundsBehavior: Flickable.StopAtBounds
    onVisibleChanged: {
        if (visible)
            entry.forceActiveFocus()
    }

    GridLayout {
        id: columns

        anchors.horizontalCenter: parent.horizontalCenter
        y: Math.max(0, (view.contentHeight - implicitHeight) / 2)
        width: Math.min(view.width, view.portrait ? 480 : 1000)
        columns: view.portrait ? 1 : 2
        columnSpacing: Theme.s48
        rowSpacing: Theme.s16
        uniformCellWidths: true

        ColumnLayout {
            Layout.fillWidth: true
            spacing: Theme.s12

            Icon {
                Layout.alignment: Qt.AlignHCenter
                name: view.model.thanks ? "circle-check" : "lock"
                size: 56
                tone: view.model.thanks ? Theme.good : Theme.ink2
            }
            Words {
                objectName: "customer-thanks"
                Layout.fillWidth: true
                text: view.model.thanks ? qsTr("Thank you. Please hand the tablet back.") : qsTr("For the guide")
                size: Theme.title
                bold: true
                horizontalAlignment: Text.AlignHCenter
                wrapMode: Text.WordWrap
                Accessible.role: Accessible.Heading
            }
            Words {
                Layout.fillWidth: true
                text: qsTr("%1 opens it with their PIN").arg(view.model.guideName)
                color: Theme.ink2
                horizontalAlignment: Text.AlignHCenter
                wrapMode: Text.WordWrap
            }
            ActionButton {
                objectName: "back-to-form"
                Layout.alignment: Qt.AlignHCenter
                Layout.topMargin: Theme.s12
                visible: !view.model.thanks
                text: qsTr("Back to the form")
                symbol: "arrow-left"
                onClicked: view.model.goOn()
            }
        }
        PinEntry {
            id: entry

            Layout.fillWidth: true
            showHint: false
            pad: view.model.pad
        }
    }
}
