pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls

// One thing that came back: what, why, and its repairs as buttons.
Card {
    id: item

    required property string key
    required property string title
    required property string about
    required property string what
    required property string why
    required property string when
    required property string icon
    required property string tone
    required property list<string> repairs
    required property list<string> labels
    signal asked(string repair)

    implicitHeight: row.implicitHeight + 2 * Theme.s16

    RowLayout {
        id: row

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: parent.top
        anchors.leftMargin: Theme.s20
        anchors.rightMargin: Theme.s20
        anchors.topMargin: Theme.s16
        spacing: Theme.s16

        Rectangle {
            Layout.alignment: Qt.AlignTop
            implicitWidth: 48
            implicitHeight: 48
            radius: Theme.radiusControl
            color: Theme.soft(item.tone)

            Icon {
                anchors.centerIn: parent
                name: item.icon
                tone: Theme.inkOf(item.tone)
            }
        }
        ColumnLayout {
            Layout.fillWidth: true
            spacing: Theme.s4

            RowLayout {
                Layout.fillWidth: true
                spacing: Theme.s12

                Flow {
                    Layout.fillWidth: true
                    spacing: Theme.s8

                    Words {
                        width: Math.min(implicitWidth, parent.width)
                        text: item.title
                        size: Theme.strong
                        bold: true
                        wrapMode: Text.WordWrap
                    }
                    Words {
                        width: Math.min(implicitWidth, parent.width)
                        height: Math.max(implicitHeight, Theme.grown(24))
                        visible: text !== ""
                        text: item.about
                        color: Theme.ink2
                        wrapMode: Text.WordWrap
                    }
                }
                Words {
                    Layout.alignment: Qt.AlignTop
                    text: item.when
                    size: Theme.caption
                    color: Theme.ink2
                }
            }
            Words {
                Layout.fillWidth: true
                visible: text !== ""
                text: item.what
                wrapMode: Text.Wrap
            }
            Words {
                Layout.fillWidth: true
                text: item.why
                size: Theme.caption
                color: Theme.ink2
                wrapMode: Text.WordWrap
            }
            Flow {
                Layout.fillWidth: true
                Layout.topMargin: Theme.s8
                visible: item.repairs.length > 0
                spacing: Theme.s8

                Repeater {
                    model: item.repairs

                    ActionButton {
                        required property int index
                        required property string modelData

                        objectName: modelData + "-" + item.key
                        kind: index === 0 ? "tonal" : modelData === "cancel_order" ? "danger" : "secondary"
                        text: item.labels[index] ?? ""
                        width: Math.min(implicitWidth, parent ? parent.width : implicitWidth)
                        onClicked: item.asked(modelData)
                    }
                }
            }
        }
    }
}
