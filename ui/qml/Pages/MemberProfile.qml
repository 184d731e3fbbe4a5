pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// One member on one page: who, how much, when last; what they agreed to; everything that happened.
Item {
    id: page

    required property MembersViewModel model
    required property bool portrait

    Flickable {
        anchors.fill: parent
        anchors.bottomMargin: foot.height + Theme.s12
        contentHeight: content.implicitHeight
        clip: true
        boundsBehavior: Flickable.StopAtBounds

        ColumnLayout {
            id: content

            width: parent.width
            spacing: Theme.s12

            Card {
                Layout.fillWidth: true
                implicitHeight: head.implicitHeight + 40

                ColumnLayout {
                    id: head

                    anchors.fill: parent
                    anchors.margins: Theme.s20
                    spacing: Theme.s16

                    RowLayout {
                        spacing: Theme.s16

                        IconButton {
                            visible: page.portrait
                            symbol: "arrow-left"
                            name: qsTr("Back to the list")
                            onClicked: page.model.close()
                        }
                        Avatar {
                            name: page.model.name
                            personId: page.model.memberId
                            size: 64
                        }
                        ColumnLayout {
                            Layout.fillWidth: true
                            spacing: 2

                            Flow {
                                Layout.fillWidth: true
                                spacing: Theme.s8

                                Words {
                                    text: page.model.name
                                    size: Theme.title
                                    bold: true
                                    Accessible.role: Accessible.Heading
                                }
                                Tag {
                                    text: page.model.level
                                    tone: "gold"
                                    symbol: "crown"
                                }
                                Tag {
                                    text: page.model.waiting ? qsTr("Waits for the network") : ""
                                    tone: "warn"
                                    symbol: "cloud-upload"
                                }
                                Tag {
                                    text: page.model.conflicts > 0 ? qsTr("Two versions: see what needs you") : ""
                                    tone: "warn"
                                    symbol: "git-merge"
                                }
                            }
                            RowLayout {
                                spacing: Theme.s4

                                Words {
                                    text: page.model.phone
                                    bold: true
                                }
                                ActionButton {
                                    kind: "text"
                                    symbol: page.model.phoneShown ? "eye-off" : "eye"
                                    text: page.model.phoneShown ? qsTr("Hide the number") : qsTr("Show the number")
                                    onClicked: page.model.showPhone()
                                }
                            }
                            Words {
                                Layout.fillWidth: true
                                text: page.model.identity
                                size: Theme.caption
                                color: Theme.ink2
                                wrapMode: Text.WordWrap
                            }
                        }
                        ActionButton {
                            objectName: "log-talk"
                            text: qsTr("Log a talk")
                            symbol: "notebook-pen"
                            visible: !page.portrait
                            onClicked: page.model.talk()
                        }
                    }
                    Divider {
                        Layout.fillWidth: true
                    }
                    GridLayout {
                        Layout.fillWidth: true
                        columns: page.portrait ? 2 : 4
                        columnSpacing: Theme.s20
                        rowSpacing: Theme.s16
                        uniformCellWidths: true

                        Repeater {
                            model: [
                                {label: qsTr("Last 90 days"), value: page.model.spent90, note: page.model.orders90},
                                {label: qsTr("Since joining"), value: page.model.spentAll, note: page.model.ordersAll},
                                {label: qsTr("Last contact"), value: page.model.lastContact, note: page.model.rhythm},
                                {label: qsTr("Birthday"), value: page.model.birthday === "" ? qsTr("not told") : page.model.birthday,
                                    note: qsTr("member since %1").arg(page.model.joined)}
                            ]

                            RowLayout {
                                id: figure

                                required property var modelData
                                required property int index

                                Layout.fillWidth: true
                                Layout.fillHeight: true
                                Layout.alignment: Qt.AlignTop
                                spacing: Theme.s16

                                Divider {
                                    Layout.fillHeight: true
                                    Layout.preferredWidth: 1
                                    visible: !page.portrait && figure.index > 0
                                }
                                ColumnLayout {
                                    Layout.fillWidth: true
                                    Layout.alignment: Qt.AlignTop
                                    spacing: 2

                                    Words {
                                        Layout.fillWidth: true
                                        text: figure.modelData.label
                                        size: Theme.caption
                                        color: Theme.ink2
                                        wrapMode: Text.WordWrap
                                    }
                                    Words {
                                        Layout.fillWidth: true
                                        text: figure.modelData.value
                                        size: Theme.title
                                        bold: true
                                        wrapMode: Text.WordWrap
                                    }
                                    Words {
                                        Layout.fillWidth: true
                                        text: figure.modelData.note
                                        size: Theme.caption
                                        color: Theme.ink2
                                        wrapMode: Text.WordWrap
                                    }
                                }
                            }
                        }
                    }
                }
            }
            GridLayout {
                Layout.fillWidth: true
                columns: page.portrait ? 1 : 2
                columnSpacing: Theme.s12
                rowSpacing: Theme.s12

                ColumnLayout {
                    Layout.fillWidth: true
                    Layout.preferredWidth: 10
                    Layout.alignment: Qt.AlignTop
                    spacing: Theme.s12

                    Card {
                        Layout.fillWidth: true
                        implicitHeight: know.implicitHeight + 40

                        ColumnLayout {
                            id: know

                            anchors.fill: parent
                            anchors.margins: Theme.s20
                            spacing: Theme.s12

                            Words {
                                text: qsTr("Good to know")
                                size: Theme.strong
                                bold: true
                            }
                            Flow {
                                Layout.fillWidth: true
                                spacing: Theme.s8
                                visible: page.model.tags.length > 0

                                Repeater {
                                    model: page.model.tags

                                    Tag {
                                        required property string modelData

                                        text: modelData
                                    }
                                }
                            }
                            InputField {
                                Layout.fillWidth: true
                                objectName: "member-note"
                                label: qsTr("Note")
                                hint: qsTr("Sizes, preferences, what matters to them")
                                text: page.model.note
                                maximumLength: 2000
                                onAccepted: page.model.edit("note", text)
                                onDeparted: page.model.edit("note", text)
                            }
                            InputField {
                                Layout.fillWidth: true
                                label: qsTr("Name")
                                text: page.model.name
                                maximumLength: 120
                                onAccepted: page.model.edit("name", text)
                            }
                        }
                    }
                    Card {
                        Layout.fillWidth: true
                        implicitHeight: agreed.implicitHeight + 40

                        ColumnLayout {
                            id: agreed

                            anchors.fill: parent
                            anchors.margins: Theme.s20
                            spacing: Theme.s4

                            Words {
                                text: qsTr("What they agreed to")
                                size: Theme.strong
                                bold: true
                            }
                            Repeater {
                                model: page.model.consents

                                RowLayout {
                                    id: consent

                                    required property string key
                                    required property string title
                                    required property string detail
                                    required property bool granted

                                    Layout.fillWidth: true
                                    spacing: Theme.s12

                                    ColumnLayout {
                                        Layout.fillWidth: true
                                        spacing: 0

                                        Words {
                                            Layout.fillWidth: true
                                            text: consent.title
                                            wrapMode: Text.WordWrap
                                        }
                                        Words {
                                            Layout.fillWidth: true
                                            text: consent.detail
                                            size: Theme.caption
                                            color: Theme.ink2
                                            wrapMode: Text.WordWrap
                                        }
                                    }
                                    Toggle {
                                        name: consent.title
                                        on: consent.granted
                                        onAsked: on => page.model.setConsent(consent.key, on)
                                    }
                                }
                            }
                        }
                    }
                }
                Card {
                    Layout.fillWidth: true
                    Layout.preferredWidth: 10
                    Layout.alignment: Qt.AlignTop
                    implicitHeight: story.implicitHeight + 40

                    ColumnLayout {
                        id: story

                        anchors.fill: parent
                        anchors.margins: Theme.s20
                        spacing: 0

                        Words {
                            Layout.bottomMargin: Theme.s12
                            text: qsTr("What happened")
                            size: Theme.strong
                            bold: true
                        }
                        Repeater {
                            id: entries

                            model: page.model.timeline

                            TimelineItem {
                                Layout.fillWidth: true
                                count: entries.count
                            }
                        }
                    }
                }
            }
        }
    }
    RowLayout {
        id: foot

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.bottom: parent.bottom
        spacing: Theme.s12

        ActionButton {
            visible: page.portrait
            Layout.fillWidth: true
            Layout.preferredHeight: Theme.grown(Theme.primary)
            text: qsTr("Log a talk")
            symbol: "notebook-pen"
            onClicked: page.model.talk()
        }
        Item {
            visible: !page.portrait
            Layout.fillWidth: true
        }
        ActionButton {
            objectName: "order-for-member"
            Layout.fillWidth: page.portrait
            kind: "primary"
            text: qsTr("Order for %1").arg(page.model.name)
            symbol: "shopping-bag"
            onClicked: page.model.order()
        }
    }
}
