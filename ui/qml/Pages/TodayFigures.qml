pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// What the guide did today: sales large, then orders, sign-ups and talks.
Card {
    id: card

    required property TodayViewModel model
    property bool narrow: false

    implicitHeight: grid.implicitHeight + 2 * Theme.s24

    GridLayout {
        id: grid

        anchors.fill: parent
        anchors.margins: Theme.s24
        columns: card.narrow ? 1 : 3
        columnSpacing: Theme.s24
        rowSpacing: Theme.s16

        ColumnLayout {
            Layout.fillWidth: true
            Layout.preferredWidth: 10
            spacing: Theme.s8

            Words {
                Layout.fillWidth: true
                text: qsTr("My sales today")
                size: Theme.strong
                bold: true
                wrapMode: Text.WordWrap
            }
            Words {
                Layout.fillWidth: true
                Layout.minimumHeight: Theme.grown(48)
                text: card.model.mySales
                size: Theme.hero
                bold: true
                wrapMode: Text.WrapAnywhere
            }
            Words {
                Layout.fillWidth: true
                text: card.model.averageWords !== "" ? card.model.averageWords : qsTr("No order yet today")
                color: Theme.ink2
                wrapMode: Text.WordWrap
            }
        }
        Divider {
            Layout.fillHeight: !card.narrow
            Layout.fillWidth: card.narrow
        }
        RowLayout {
            Layout.fillWidth: true
            Layout.preferredWidth: 10
            spacing: Theme.s16

            Repeater {
                model: card.model.counts

                ColumnLayout {
                    id: count

                    required property string label
                    required property string value
                    required property string icon

                    Layout.fillWidth: true
                    Layout.preferredWidth: 10
                    spacing: Theme.s4
                    Accessible.role: Accessible.StaticText
                    Accessible.name: label + ": " + value

                    Rectangle {
                        implicitWidth: 40
                        implicitHeight: 40
                        radius: Theme.radiusControl
                        color: Theme.accentSoft

                        Icon {
                            anchors.centerIn: parent
                            name: count.icon
                            size: 20
                            tone: Theme.accentInk
                        }
                    }
                    Words {
                        Layout.fillWidth: true
                        text: count.value
                        size: Theme.figure
                        bold: true
                    }
                    Words {
                        Layout.fillWidth: true
                        text: count.label
                        color: Theme.ink2
                    }
                }
            }
        }
    }
}
