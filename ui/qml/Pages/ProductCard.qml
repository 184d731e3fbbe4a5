pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls

// A card of the catalogue: the whole card puts one into the basket, or shows the variants to choose from.
Pressable {
    id: card

    required property string key
    required property string detail
    required property string price
    required property string was
    required property string stock
    required property bool none_left
    required property int near
    required property int in_basket
    required property int tint
    required property string picture
    required property int looks
    required property bool sellable
    required property int variants
    required property bool favourite
    required property var model
    signal taken(string key)
    signal starred(string key)
    signal looked(string key)
    signal nearby(string key)

    objectName: "product-card"
    name: [model.name, detail, price, was !== "" ? qsTr("instead of %1").arg(was) : "", stock, in_basket > 0 ? qsTr("%1 in the basket").arg(in_basket) : ""].filter(part => part !== "").join(", ")
    around: Theme.radiusCard
    enabled: sellable
    onClicked: taken(key)

    background: Card {
        selected: card.in_basket > 0
    }
    contentItem: ColumnLayout {
        spacing: Theme.s4

        ProductPicture {
            Layout.fillWidth: true
            Layout.fillHeight: true
            Layout.margins: 2
            Layout.minimumHeight: 48
            tint: card.tint
            picture: card.picture
            radius: Theme.radiusCard - 2
            drawing: 36

            IconButton {
                id: star

                objectName: "favourite"
                symbol: "star"
                tone: card.favourite ? Theme.gold : Theme.ink3
                framed: card.favourite
                leftInset: 5
                rightInset: 5
                topInset: 5
                bottomInset: 5
                name: card.favourite ? qsTr("No longer a favourite: %1").arg(card.model.name) : qsTr("Favourite: %1").arg(card.model.name)
                onClicked: card.starred(card.key)
            }
            IconButton {
                objectName: "look"
                anchors.right: parent.right
                anchors.bottom: parent.bottom
                visible: card.looks > 0
                symbol: "maximize-2"
                tone: Theme.ink2
                name: qsTr("Look at the pictures: %1").arg(card.model.name)
                onClicked: card.looked(card.key)
            }
            IconButton {
                objectName: "near"
                anchors.left: star.right
                visible: card.near > 0
                symbol: "store"
                tone: card.none_left ? Theme.warn : Theme.ink2
                framed: card.none_left
                leftInset: 5
                rightInset: 5
                topInset: 5
                bottomInset: 5
                name: qsTr("In %n shop(s) nearby: %1", "", card.near).arg(card.model.name)
                onClicked: card.nearby(card.key)
            }
            Rectangle {
                visible: card.in_basket > 0
                anchors.right: parent.right
                anchors.top: parent.top
                anchors.margins: Theme.s8
                width: Theme.grown(28)
                height: width
                radius: width / 2
                color: Theme.accent

                Words {
                    anchors.centerIn: parent
                    text: Number(card.in_basket).toLocaleString(Qt.locale(), "f", 0)
                    size: Theme.caption
                    bold: true
                    color: Theme.overAccent
                    Accessible.ignored: true
                }
            }
        }
        Words {
            Layout.fillWidth: true
            Layout.leftMargin: Theme.s12
            Layout.rightMargin: Theme.s12
            text: card.model.name
            bold: true
            wrapMode: Text.WordWrap
            maximumLineCount: 2
            elide: Text.ElideRight
            Accessible.ignored: true
        }
        Words {
            Layout.fillWidth: true
            Layout.leftMargin: Theme.s12
            Layout.rightMargin: Theme.s12
            text: card.detail
            size: Theme.caption
            color: Theme.ink2
            elide: Text.ElideRight
            Accessible.ignored: true
        }
        RowLayout {
            Layout.fillWidth: true
            Layout.leftMargin: Theme.s12
            Layout.rightMargin: Theme.s8
            Layout.bottomMargin: Theme.s8

            ColumnLayout {
                Layout.fillWidth: true
                spacing: 0

                Flow {
                    Layout.fillWidth: true
                    spacing: Theme.s8

                    Words {
                        id: pays

                        text: card.price
                        size: Theme.strong
                        bold: true
                        Accessible.ignored: true
                    }
                    Words {
                        visible: text !== ""
                        height: pays.height
                        verticalAlignment: Text.AlignVCenter
                        text: card.was
                        size: Theme.caption
                        color: Theme.ink3
                        font.strikeout: true
                        Accessible.ignored: true
                    }
                }
                Words {
                    Layout.fillWidth: true
                    text: card.stock
                    size: Theme.caption
                    color: card.none_left ? Theme.warn : Theme.ink2
                    elide: Text.ElideRight
                    Accessible.ignored: true
                }
            }
            Rectangle {
                implicitWidth: 44
                implicitHeight: 44
                radius: Theme.radiusControl
                color: Theme.accentSoft

                Icon {
                    anchors.centerIn: parent
                    name: card.variants > 1 ? "list" : "plus"
                    tone: Theme.accentInk
                }
            }
        }
    }
}
