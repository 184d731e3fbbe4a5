pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// The first load: what comes, how much, how long it still takes. It can be left alone.
Item {
    id: page

    required property FirstSyncViewModel model
    required property bool portrait

    Card {
        anchors.centerIn: parent
        width: Math.min(parent.width - 2 * Theme.s24, 720)
        height: Math.min(column.implicitHeight + 2 * Theme.s32, parent.height - 2 * Theme.s24)

        ColumnLayout {
            id: column

            anchors.fill: parent
            anchors.margins: Theme.s32
            spacing: Theme.s12

            RowLayout {
                Layout.fillWidth: true
                spacing: Theme.s16

                Mark {
                    Layout.alignment: Qt.AlignTop
                    implicitWidth: 56
                    implicitHeight: 56
                }
                ColumnLayout {
                    Layout.fillWidth: true
                    spacing: Theme.s4

                    Words {
                        Layout.fillWidth: true
                        text: page.model.title
                        size: Theme.title
                        bold: true
                        wrapMode: Text.WordWrap
                        Accessible.role: Accessible.Heading
                    }
                    Words {
                        Layout.fillWidth: true
                        text: page.model.detail
                        color: page.model.stuck ? Theme.warn : Theme.ink2
                        wrapMode: Text.WordWrap
                    }
                }
            }
            RowLayout {
                Layout.fillWidth: true
                Layout.topMargin: Theme.s20
                spacing: Theme.s16

                Words {
                    Layout.fillWidth: true
                    text: page.model.amount
                    bold: true
                    wrapMode: Text.WordWrap
                }
                Words {
                    objectName: "first-sync-progress"
                    text: page.model.percent
                    size: Theme.amount
                    bold: true
                    color: Theme.accentInk
                }
            }
            ProgressTrack {
                Layout.fillWidth: true
                implicitHeight: 12
                value: page.model.fraction
                tone: page.model.stuck ? Theme.warn : Theme.accent
                name: page.model.amount
            }
            Repeater {
                model: page.model.steps

                RowLayout {
                    id: step

                    required property string key
                    required property string label
                    required property string icon
                    required property bool now

                    Layout.fillWidth: true
                    Layout.topMargin: key === "catalogue" ? Theme.s20 : 0
                    Layout.preferredHeight: Theme.grown(44)
                    spacing: Theme.s12

                    Icon {
                        name: step.icon
                        size: 20
                        tone: step.now ? Theme.accent : Theme.ink3
                    }
                    Words {
                        Layout.fillWidth: true
                        text: step.label
                        bold: step.now
                        color: step.now ? Theme.ink : Theme.ink2
                        wrapMode: Text.WordWrap
                    }
                    Tag {
                        visible: step.now
                        text: qsTr("coming now")
                        tone: "accent"
                        symbol: "download"
                    }
                }
            }
            ActionButton {
                Layout.alignment: Qt.AlignRight
                Layout.topMargin: Theme.s12
                visible: page.model.stuck
                kind: "primary"
                text: qsTr("Try now")
                symbol: "refresh-cw"
                onClicked: page.model.tryNow()
            }
        }
    }
}
