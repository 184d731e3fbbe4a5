pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// The variants of an article: chips narrow by size, colour and the like; a tap on a variant, or Enter, takes it.
BottomSheet {
    id: sheet

    required property OrderViewModel model
    required property bool portrait

    shown: true
    tallest: portrait ? 1000 : 720
    title: model.articleName
    detail: model.articleWords
    onClosed: model.closeSheet()
    Component.onCompleted: rows.forceActiveFocus()

    function take(key) {
        sheet.model.takeVariant(key)
        sheet.closed()
    }

    ColumnLayout {
        anchors.fill: parent
        anchors.margins: Theme.s24
        spacing: Theme.s12

        Repeater {
            model: sheet.model.axes

            Flow {
                id: axis

                required property var modelData

                Layout.fillWidth: true
                spacing: Theme.s8

                Words {
                    height: Math.max(Theme.touch, Theme.grown(36))
                    verticalAlignment: Text.AlignVCenter
                    text: axis.modelData.label
                    color: Theme.ink2
                }
                Repeater {
                    model: axis.modelData.values

                    FilterChip {
                        required property var modelData

                        objectName: "variant-option"
                        text: modelData.label
                        chosen: modelData.chosen
                        enabled: modelData.there || modelData.chosen
                        onClicked: sheet.model.chooseOption(axis.modelData.key, modelData.key)
                    }
                }
            }
        }
        Divider {
            Layout.fillWidth: true
        }
        Rows {
            id: rows

            Layout.fillWidth: true
            Layout.fillHeight: true
            model: sheet.model.variants
            keyNavigationEnabled: true
            highlightMoveDuration: 0
            Keys.onReturnPressed: rows.chosen()
            Keys.onEnterPressed: rows.chosen()

            function chosen() {
                const variant = rows.itemAtIndex(rows.currentIndex) as Pressable
                if (variant && variant.enabled)
                    variant.click()
            }

            delegate: Pressable {
                id: row

                required property int index
                required property string key
                required property string label
                required property string price
                required property string stock
                required property string near
                required property bool none_left
                required property int in_basket
                required property bool sellable
                required property int tint
                required property string picture

                objectName: "variant-row"
                width: rows.width
                implicitHeight: Math.max(Theme.grown(60), body.implicitHeight + Theme.s12)
                enabled: sellable
                name: [label, price, stock, near, in_basket > 0 ? qsTr("%1 in the basket").arg(in_basket) : ""].filter(part => part !== "").join(", ")
                Accessible.role: Accessible.ListItem
                onClicked: sheet.take(row.key)

                background: Rectangle {
                    radius: Theme.radiusControl
                    color: row.down ? Theme.sunken : rows.activeFocus && row.ListView.isCurrentItem ? Theme.accentSoft : "transparent"
                }
                contentItem: RowLayout {
                    id: body

                    spacing: Theme.s12

                    ProductPicture {
                        Layout.leftMargin: Theme.s12
                        implicitWidth: 48
                        implicitHeight: 48
                        tint: row.tint
                        picture: row.picture
                        drawing: 24
                    }
                    ColumnLayout {
                        Layout.fillWidth: true
                        spacing: 0

                        Words {
                            Layout.fillWidth: true
                            text: row.label
                            bold: true
                            wrapMode: Text.Wrap
                            Accessible.ignored: true
                        }
                        Words {
                            objectName: "variant-near"
                            Layout.fillWidth: true
                            visible: text !== ""
                            text: row.near
                            size: Theme.caption
                            color: Theme.ink2
                            wrapMode: Text.Wrap
                            Accessible.ignored: true
                        }
                    }
                    Tag {
                        text: row.in_basket > 0 ? qsTr("%1 in the basket").arg(row.in_basket) : ""
                        tone: "accent"
                    }
                    Words {
                        text: row.stock
                        size: Theme.caption
                        color: row.none_left ? Theme.warn : Theme.ink2
                        Accessible.ignored: true
                    }
                    Words {
                        Layout.rightMargin: Theme.s12
                        text: row.price
                        size: Theme.strong
                        bold: true
                        Accessible.ignored: true
                    }
                }
            }
        }
    }
}
