pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// By what the library can be narrowed: kind, whether it is here, further topics, tags and campaigns.
BottomSheet {
    id: sheet

    required property LibraryViewModel model
    required property bool portrait

    shown: true
    tallest: 560
    title: qsTr("Filter")
    onClosed: model.closeSheet()

    Flickable {
        anchors.fill: parent
        anchors.margins: Theme.s24
        contentHeight: groups.implicitHeight
        boundsBehavior: Flickable.StopAtBounds
        clip: true

        ColumnLayout {
            id: groups

            width: parent.width
            spacing: Theme.s12

            Repeater {
                model: [
                    { group: "kind", title: qsTr("Kind") },
                    { group: "lies", title: qsTr("Where it is") },
                    { group: "topic", title: qsTr("Topic") },
                    { group: "tag", title: qsTr("Tag") },
                    { group: "campaign", title: qsTr("Campaign") }
                ]

                ColumnLayout {
                    id: group

                    required property var modelData

                    Layout.fillWidth: true
                    visible: sheet.model.groups.includes(modelData.group)
                    spacing: Theme.s4

                    Words {
                        text: group.modelData.title
                        size: Theme.caption
                        color: Theme.ink2
                    }
                    Flow {
                        id: chips

                        Layout.fillWidth: true
                        spacing: Theme.s8

                        Repeater {
                            model: sheet.model.narrowing

                            FilterChip {
                                id: chip

                                required property string key
                                required property string group
                                required property string value
                                required property string label
                                required property bool selected

                                objectName: "narrow-" + chip.key
                                visible: chip.group === group.modelData.group
                                tall: true
                                text: label
                                chosen: selected
                                onClicked: sheet.model.narrow(chip.group, value)
                            }
                        }
                    }
                }
            }
        }
    }
}
