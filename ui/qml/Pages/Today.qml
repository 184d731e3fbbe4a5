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
    readonly property bool dense: portrait && Theme.textScale > 1.1

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
                narrow: page.dense
            }
            TodayMustReads {
                Layout.fillWidth: true
                model: page.model.must
                most: Theme.textScale > 1.1 ? 1 : 2 // the people to contact keep their room
            }
            TodayPromises {
                Layout.fillWidth: true
                model: page.model.promises
                most: page.dense ? 1 : page.portrait ? 3 : 2
            }
            TodayQuotations {
                Layout.fillWidth: true
                model: page.model.ending
                most: page.dense ? 1 : 2
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

                    RowLayout {
                        Layout.fillWidth: true
                        Layout.minimumHeight: Theme.grown(58)
                        spacing: Theme.s12

                        Words {
                            Layout.fillWidth: true
                            text: qsTr("People to contact")
                            size: Theme.strong
                            bold: true
                            wrapMode: Text.WordWrap
                            Accessible.role: Accessible.Heading
                        }
                        Segmented {
                            objectName: "scope"
                            model: page.model.scopes
                            current: page.model.scope
                            name: qsTr("Whose rows")
                            onChosen: key => page.model.setScope(key)
                        }
                    }
                    Flow {
                        Layout.fillWidth: true
                        Layout.bottomMargin: Theme.s8
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
                    Rows {
                        Layout.fillWidth: true
                        Layout.fillHeight: true
                        visible: !page.model.nobody && !page.model.listing
                        model: page.model.people
                        Accessible.role: Accessible.List
                        Accessible.name: qsTr("People to contact")

                        delegate: TodayPerson {
                            id: person

                            width: ListView.view.width
                            onOpened: page.model.person(person.key)
                            onContacted: page.model.contact(person.key)
                            onDone: page.model.done(person.key)
                            onAsked: page.model.more(person.key)
                        }
                    }
                    Item {
                        Layout.fillWidth: true
                        Layout.fillHeight: true
                        visible: page.model.nobody || page.model.listing

                        EmptyState {
                            anchors.centerIn: parent
                            width: Math.min(parent.width - 2 * Theme.s24, 420)
                            tone: page.model.listing ? "neutral" : "good"
                            symbol: page.model.listing ? "hourglass" : "circle-check"
                            title: page.model.listing ? qsTr("Making the lists") : qsTr("Nothing is due")
                            text: page.model.listing ? qsTr("After a first load this takes a little. You can go on working.") : page.model.nobodyWords
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
                // Where large text leaves no room for both, the shop's own word goes before its figures.
                visible: !page.model.loading && !(page.dense && page.model.promises.count + page.model.ending.count + page.model.must.count > 0)

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
            GridLayout {
                Layout.fillWidth: true
                columns: page.portrait || Theme.textScale <= 1.1 ? 2 : 1
                columnSpacing: Theme.s12
                rowSpacing: Theme.s12

                ActionButton {
                    objectName: "tickets"
                    Layout.fillWidth: parent.columns === 1
                    Layout.preferredHeight: Theme.grown(Theme.primary)
                    symbol: "flag"
                    text: qsTr("Tickets")
                    onClicked: page.model.go("Tickets")
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
    }
    Skeleton {
        anchors.fill: parent
        anchors.leftMargin: Theme.s24
        anchors.rightMargin: Theme.s24
        visible: page.model.loading
    }
    TodayMore {
        parent: page.Window.contentItem
        z: 40
        model: page.model
    }
}
