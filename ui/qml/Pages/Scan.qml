pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// Scanning with the tablet's own camera: its picture, and in words what it sees or why it sees nothing.
BottomSheet {
    id: sheet

    required property ScanViewModel model
    required property bool portrait

    shown: true
    title: qsTr("Scan with the camera")
    detail: qsTr("No picture is kept")
    onClosed: model.close()
    Component.onDestruction: model.stop()

    ColumnLayout {
        anchors.fill: parent
        anchors.margins: Theme.s24
        spacing: Theme.s16

        Rectangle {
            Layout.fillWidth: true
            Layout.fillHeight: true
            visible: !sheet.model.trouble
            radius: Theme.radiusCard
            color: Theme.sunken
            clip: true

            CameraView {
                objectName: "camera-view"
                anchors.fill: parent
                camera: sheet.model.camera
                Accessible.role: Accessible.Graphic
                Accessible.name: qsTr("What the camera sees")
            }
            Rectangle {
                anchors.centerIn: parent
                width: Math.min(parent.width, parent.height * 1.6) * 0.7
                height: width / 1.8
                radius: Theme.radiusControl
                color: "transparent"
                border.width: 2
                border.color: Theme.accent
            }
        }
        EmptyState {
            Layout.fillWidth: true
            Layout.fillHeight: true
            visible: sheet.model.trouble
            symbol: "camera"
            tone: "warn"
            title: qsTr("No picture")
            text: sheet.model.words
            action: sheet.model.again ? qsTr("Try again") : ""
            onPressed: sheet.model.start()
        }
        Words {
            objectName: "camera-words"
            Layout.fillWidth: true
            visible: !sheet.model.trouble
            text: sheet.model.words
            size: Theme.strong
            bold: true
            wrapMode: Text.WordWrap
            horizontalAlignment: Text.AlignHCenter
        }
        Words {
            Layout.fillWidth: true
            visible: text !== ""
            text: sheet.model.last
            color: Theme.ink2
            wrapMode: Text.WrapAnywhere
            horizontalAlignment: Text.AlignHCenter
        }
    }
}
