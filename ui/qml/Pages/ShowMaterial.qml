pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// A material on the whole screen, for a customer: nothing else of the shop's is there until the guide's PIN.
Item {
    id: page

    required property ShowMaterialViewModel model
    required property bool portrait

    Rectangle {
        anchors.fill: parent
        color: Theme.surface
    }
    Loader {
        anchors.fill: parent
        active: !page.model.askingPin
        visible: active

        sourceComponent: Item {
            MaterialViewer {
                objectName: "shown-material"
                anchors.fill: parent
                visible: page.model.goesOn
                model: page.model.material
                Component.onCompleted: forceActiveFocus()

                tools: IconButton {
                    objectName: "take-back"
                    symbol: "lock"
                    name: qsTr("For the guide: take the tablet back")
                    onClicked: page.model.askPin()
                }
            }
            EmptyState {
                anchors.centerIn: parent
                width: Math.min(parent.width - 64, 440)
                visible: !page.model.goesOn
                symbol: "images"
                title: qsTr("This has ended. Please hand the tablet back.")
                action: qsTr("For the guide")
                actionSymbol: "lock"
                onPressed: page.model.askPin()
            }
        }
    }
    GridLayout {
        anchors.centerIn: parent
        width: Math.min(parent.width - 2 * Theme.s24, page.portrait ? 480 : 1000)
        visible: page.model.askingPin
        columns: page.portrait ? 1 : 2
        columnSpacing: Theme.s48
        rowSpacing: Theme.s16
        uniformCellWidths: true
        onVisibleChanged: {
            if (visible)
                entry.forceActiveFocus()
        }

        ColumnLayout {
            Layout.fillWidth: true
            spacing: Theme.s12

            Icon {
                Layout.alignment: Qt.AlignHCenter
                name: "lock"
                size: 56
                tone: Theme.ink2
            }
            Words {
                Layout.fillWidth: true
                text: qsTr("For the guide")
                size: Theme.title
                bold: true
                horizontalAlignment: Text.AlignHCenter
                wrapMode: Text.WordWrap
                Accessible.role: Accessible.Heading
            }
            ActionButton {
                objectName: "back-to-material"
                Layout.alignment: Qt.AlignHCenter
                Layout.topMargin: Theme.s12
                text: qsTr("Back to what was shown")
                symbol: "arrow-left"
                onClicked: page.model.goOn()
            }
        }
        PinEntry {
            id: entry

            Layout.fillWidth: true
            showHint: false
            pad: page.model.pad
        }
    }
}
