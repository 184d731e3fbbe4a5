pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// The keys that work on every page.
BottomSheet {
    id: sheet

    required property KeysViewModel model
    required property bool portrait

    shown: true
    tallest: Theme.grown(560)
    title: qsTr("Keys")
    detail: qsTr("With a keyboard, everything works without a tap.")
    onClosed: model.close()

    Flickable {
        anchors.fill: parent
        anchors.margins: Theme.s24
        contentHeight: rows.implicitHeight
        clip: true
        boundsBehavior: Flickable.StopAtBounds

        ColumnLayout {
            id: rows

            width: parent.width
            spacing: Theme.s12

            Repeater {
                model: sheet.model.keys

                RowLayout {
                    id: line

                    required property string key
                    required property string label

                    Layout.fillWidth: true
                    spacing: Theme.s16

                    Tag {
                        Layout.minimumWidth: 132
                        text: line.key
                    }
                    Words {
                        Layout.fillWidth: true
                        text: line.label
                        wrapMode: Text.WordWrap
                    }
                }
            }
        }
    }
}
