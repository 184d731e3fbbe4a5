pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// Why the app cannot open, what to do, and what support asks for.
Item {
    id: page

    required property TroubleViewModel model
    required property bool portrait

    Flickable {
        id: area

        anchors.fill: parent
        contentHeight: Math.max(height, body.implicitHeight + 2 * Theme.s48)
        boundsBehavior: Flickable.StopAtBounds
        clip: true

        ColumnLayout {
            id: body

            x: (area.width - width) / 2
            y: Math.max(Theme.s48, (area.height - implicitHeight) / 2)
            width: Math.min(area.width - 2 * (page.portrait ? Theme.s24 : Theme.s48), 720)
            spacing: Theme.s20

            RowLayout {
                Layout.fillWidth: true
                Layout.bottomMargin: Theme.s12

                Mark {
                    implicitWidth: 56
                    implicitHeight: 56
                }
                Item {
                    Layout.fillWidth: true
                }
                Segmented {
                    name: qsTr("Language")
                    model: [{ key: "zh_CN", label: "中文" }, { key: "en", label: "English" }]
                    current: page.model.language
                    onChosen: key => page.model.setLanguage(key)
                }
            }
            RowLayout {
                Layout.fillWidth: true
                spacing: Theme.s16

                Rectangle {
                    Layout.alignment: Qt.AlignTop
                    implicitWidth: 56
                    implicitHeight: 56
                    radius: Theme.radiusControl
                    color: Theme.badSoft

                    Icon {
                        anchors.centerIn: parent
                        name: "circle-alert"
                        size: 28
                        tone: Theme.bad
                    }
                }
                Words {
                    objectName: "trouble-title"
                    Layout.fillWidth: true
                    text: page.model.title
                    size: Theme.figure
                    bold: true
                    wrapMode: Text.WordWrap
                    Accessible.role: Accessible.Heading
                }
            }
            Words {
                objectName: "trouble-text"
                Layout.fillWidth: true
                text: page.model.text
                size: Theme.strong
                wrapMode: Text.WordWrap
            }
            Words {
                Layout.fillWidth: true
                visible: text !== ""
                text: page.model.kept
                size: Theme.strong
                color: Theme.ink2
                wrapMode: Text.WordWrap
            }
            Rectangle {
                Layout.fillWidth: true
                implicitHeight: support.implicitHeight + 2 * Theme.s12
                radius: Theme.radiusControl
                color: Theme.sunken

                Words {
                    id: support

                    anchors.left: parent.left
                    anchors.right: parent.right
                    anchors.verticalCenter: parent.verticalCenter
                    anchors.leftMargin: Theme.s16
                    anchors.rightMargin: Theme.s16
                    text: page.model.support
                    color: Theme.ink2
                    wrapMode: Text.Wrap
                }
            }
            RowLayout {
                Layout.fillWidth: true
                Layout.topMargin: Theme.s12
                spacing: Theme.s12

                Item {
                    Layout.fillWidth: true
                }
                ActionButton {
                    objectName: "trouble-close"
                    Layout.minimumWidth: 140
                    implicitHeight: Theme.grown(Theme.primary)
                    enabled: !page.model.busy
                    text: qsTr("Close")
                    onClicked: page.model.close()
                }
                ActionButton {
                    objectName: "trouble-again"
                    Layout.minimumWidth: 180
                    visible: page.model.hopeful
                    kind: "primary"
                    enabled: !page.model.busy
                    text: page.model.busy ? qsTr("Trying …") : qsTr("Try again")
                    symbol: "refresh-cw"
                    onClicked: page.model.tryAgain()
                }
            }
        }
    }
}
