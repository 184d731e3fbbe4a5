pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// One order of another shop: who gets which goods in what way, what is in the way of it, and what to do.
ColumnLayout {
    id: detail

    required property ParcelsViewModel model
    required property bool portrait

    spacing: Theme.s12

    RowLayout {
        spacing: Theme.s12

        IconButton {
            visible: detail.portrait
            symbol: "arrow-left"
            name: qsTr("Back to the list")
            onClicked: detail.model.close()
        }
        ColumnLayout {
            Layout.fillWidth: true
            spacing: 2

            Words {
                objectName: "parcel-title"
                Layout.fillWidth: true
                text: detail.model.who === "" ? detail.model.number : detail.model.who
                size: Theme.title
                bold: true
                wrapMode: Text.Wrap
                Accessible.role: Accessible.Heading
            }
            Words {
                Layout.fillWidth: true
                text: [detail.model.who === "" ? "" : detail.model.number, detail.model.soldBy].filter(part => part !== "").join(" · ")
                size: Theme.caption
                color: Theme.ink2
                wrapMode: Text.Wrap
            }
        }
        Tag {
            objectName: "parcel-standing"
            Layout.alignment: Qt.AlignTop
            text: detail.model.standing
            tone: detail.model.tone
        }
    }
    Banner {
        objectName: "parcel-advice"
        Layout.fillWidth: true
        visible: text !== ""
        text: detail.model.advice
    }
    RowLayout {
        Layout.fillWidth: true
        spacing: Theme.s12

        Icon {
            Layout.alignment: Qt.AlignTop
            name: "truck"
            size: 22
            tone: Theme.ink2
        }
        ColumnLayout {
            Layout.fillWidth: true
            spacing: 2

            Words {
                objectName: "parcel-way"
                Layout.fillWidth: true
                text: detail.model.way
                wrapMode: Text.Wrap
            }
            Words {
                Layout.fillWidth: true
                visible: text !== ""
                text: detail.model.address
                color: Theme.ink2
                wrapMode: Text.Wrap
            }
        }
    }
    Divider {
        Layout.fillWidth: true
    }
    Rows {
        id: lines

        Layout.fillWidth: true
        Layout.fillHeight: true
        spacing: Theme.s8
        model: detail.model.lines
        Accessible.role: Accessible.List
        Accessible.name: qsTr("Goods")

        delegate: RowLayout {
            id: line

            required property string name
            required property string detail
            required property string pieces
            required property int tint
            required property string picture

            width: lines.width
            spacing: Theme.s12
            Accessible.role: Accessible.ListItem
            Accessible.name: [line.name, line.pieces, line.detail].filter(part => part !== "").join(", ")

            ProductPicture {
                implicitWidth: 48
                implicitHeight: 48
                tint: line.tint
                picture: line.picture
                drawing: 24
            }
            ColumnLayout {
                Layout.fillWidth: true
                spacing: 0

                Words {
                    Layout.fillWidth: true
                    text: line.name
                    wrapMode: Text.Wrap
                }
                Words {
                    Layout.fillWidth: true
                    visible: text !== ""
                    text: line.detail
                    size: Theme.caption
                    color: Theme.ink2
                }
            }
            Words {
                text: line.pieces
                bold: true
            }
        }
    }
    ColumnLayout {
        Layout.fillWidth: true
        visible: detail.model.asking
        spacing: Theme.s8

        Words {
            Layout.fillWidth: true
            text: qsTr("Why can it not come? The shop that sold it is told.")
            wrapMode: Text.WordWrap
        }
        Flow {
            Layout.fillWidth: true
            spacing: Theme.s8

            Repeater {
                model: detail.model.reasons

                FilterChip {
                    required property string key
                    required property string label

                    objectName: "parcel-reason-" + key
                    tall: true
                    text: label
                    onClicked: detail.model.fail(key)
                }
            }
            ActionButton {
                kind: "text"
                text: qsTr("Cancel")
                onClicked: detail.model.fail("")
            }
        }
    }
    Flow {
        Layout.fillWidth: true
        layoutDirection: Qt.RightToLeft
        spacing: Theme.s12

        Repeater {
            model: detail.model.steps

            ActionButton {
                required property var modelData
                required property int index

                objectName: "parcel-" + modelData.what
                kind: index === 0 ? "primary" : "tonal"
                symbol: modelData.symbol
                text: modelData.label
                onClicked: detail.model.step(modelData.what)
            }
        }
        ActionButton {
            objectName: "parcel-label"
            visible: detail.model.labelled
            symbol: "tag"
            text: qsTr("Label")
            onClicked: detail.model.showLabel()
        }
    }
}
