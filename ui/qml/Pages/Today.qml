pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// The page a guide comes back to all day: own figures, the people to contact, the shop's day.
Item {
    id: page

    required property TodayViewModel model
    required property bool portrait

    GridLayout {
        anchors.fill: parent
        anchors.leftMargin: Theme.s24
        anchors.rightMargin: Theme.s24
        anchors.bottomMargin: Theme.s24
        columns: page.portrait ? 1 : 2
        columnSpacing: Theme.s16
        rowSpacing: Theme.s16

        ColumnLayout {
            Layout.fillWidth: true
            Layout.fillHeight: true
            Layout.preferredWidth: 752
            spacing: Theme.s16

            TodayFigures {
                Layout.fillWidth: true
                visible: !page.model.loading
                model: page.model
                narrow: page.portrait && Theme.textScale > 1.1
            }
            Card {
                Layout.fillWidth: true
                Layout.fillHeight: true
                visible: !page.model.loading

                ColumnLayout {
                    anchors.fill: parent
                    anchors.leftMargin: Theme.s20
                    anchors.rightMargin: Theme.s16
                    anchors.bottomMargin: 1
                    spacing: 0

                    Item {
                        id: head

                        // Where title and filters do not fit into one line, they stand in two.
                        readonly property bool stacked: title.implicitWidth + chips.width + Theme.s12 > width

                        Layout.fillWidth: true
                        implicitHeight: Theme.grown(58) + (stacked ? Theme.touch : 0)

                        Words {
                            id: title

                            height: Theme.grown(58)
                            text: qsTr("People to contact")
                            size: Theme.strong
                            bold: true
                            Accessible.role: Accessible.Heading
                        }
                        Row {
                            id: chips

                            x: head.stacked ? 0 : head.width - width
                            y: head.stacked ? Theme.grown(58) - Theme.s8 : (head.height - height) / 2
                            spacing: Theme.s8

                            Repeater {
                                model: page.model.filters

                                FilterChip {
                                    required property string key
                                    required property string label
                                    required property bool selected

                                    objectName: "filter-" + key
                                    text: label
                                    chosen: selected
                                    onClicked: page.model.setFilter(key)
                                }
                            }
                        }
                    }
                    ListView {
                        Layout.fillWidth: true
                        Layout.fillHeight: true
                        visible: !page.model.nobody
                        clip: true
                        reuseItems: true
                        boundsBehavior: Flickable.StopAtBounds
                        model: page.model.people
                        Accessible.role: Accessible.List
                        Accessible.name: qsTr("People to contact")

                        delegate: TodayPerson {
                            id: person

                            width: ListView.view.width
                            onOpened: page.model.person(person.key)
                            onContacted: page.model.contact(person.key)
                            onPostponed: page.model.tomorrow(person.key)
                        }
                    }
                    Item {
                        Layout.fillWidth: true
                        Layout.fillHeight: true
                        visible: page.model.nobody

                        EmptyState {
                            anchors.centerIn: parent
                            width: Math.min(parent.width - 2 * Theme.s24, 420)
                            tone: "good"
                            symbol: "circle-check"
                            title: qsTr("Everybody due was contacted")
                            text: page.model.nobodyWords
                        }
                    }
                }
            }
        }
        ColumnLayout {
            Layout.fillWidth: true
            Layout.fillHeight: !page.portrait
            Layout.preferredWidth: 368
            spacing: Theme.s16

            Card {
                Layout.fillWidth: true
                Layout.fillHeight: true
                implicitHeight: shop.implicitHeight + Theme.s20
                visible: !page.model.loading

                ColumnLayout {
                    id: shop

                    anchors.fill: parent
                    anchors.leftMargin: Theme.s20
                    anchors.rightMargin: Theme.s20
                    anchors.bottomMargin: Theme.s12
                    spacing: 0

                    Words {
                        Layout.fillWidth: true
                        Layout.minimumHeight: Theme.grown(58)
                        text: qsTr("The shop today")
                        size: Theme.strong
                        bold: true
                        wrapMode: Text.WordWrap
                        Accessible.role: Accessible.Heading
                    }
                    GridLayout {
                        Layout.fillWidth: true
                        Layout.fillHeight: true
                        columns: page.portrait ? (Theme.textScale > 1.1 ? 2 : 4) : 1
                        columnSpacing: Theme.s20
                        rowSpacing: 0

                        Repeater {
                            model: page.model.shares

                            TodayShare {
                                Layout.fillWidth: true
                                Layout.fillHeight: true
                                Layout.preferredWidth: 10
                                divided: !page.portrait
                                stacked: page.portrait && Theme.textScale <= 1.1
                            }
                        }
                    }
                }
            }
            ActionButton {
                objectName: "log-talk"
                Layout.fillWidth: true
                kind: "primary"
                symbol: "notebook-pen"
                text: qsTr("Log a talk")
                hint: qsTr("three taps")
                onClicked: page.model.logTalk()
            }
        }
    }
    Skeleton {
        anchors.fill: parent
        anchors.leftMargin: Theme.s24
        anchors.rightMargin: Theme.s24
        visible: page.model.loading
    }
}
