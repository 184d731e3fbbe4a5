pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls

// A material in the grid: its picture, what it is called, how it stands on this tablet, until when, how long it is.
Pressable {
    id: tile

    required property string key
    required property string title
    required property string thumb
    required property string symbol
    required property int tint
    required property string must
    required property bool read
    required property string standing
    required property string tone
    required property string mark
    required property string until
    required property bool ends_soon
    required property string length
    required property real progress
    required property bool dimmed
    required property bool favourite
    required property bool selected
    property string picture: ""

    around: Theme.radiusCard
    name: [tile.title, tile.must, tile.standing, tile.until, tile.length].filter(part => part !== "").join(", ")

    background: Card {
        selected: tile.selected
    }
    contentItem: Item {
        ProductPicture {
            id: shown

            x: Theme.s8
            y: Theme.s8
            width: parent.width - 2 * Theme.s8
            height: Math.max(0, words.y - 2 * Theme.s8)
            fills: true
            tint: tile.tint
            symbol: tile.symbol
            picture: tile.picture
            opacity: tile.dimmed ? Theme.disabled : 1
        }
        Rectangle { // the mark lies on the picture
            x: Theme.s16
            y: Theme.s16
            visible: tile.must !== ""
            width: mustWords.implicitWidth + 18
            height: Theme.grown(26)
            radius: Theme.radiusTag
            color: tile.read ? Theme.good : Theme.warn

            Words {
                id: mustWords

                anchors.centerIn: parent
                text: tile.must
                size: Theme.caption
                bold: true
                color: Theme.raised
                Accessible.ignored: true
            }
        }
        Rectangle {
            anchors.right: shown.right
            anchors.bottom: shown.bottom
            anchors.margins: Theme.s8
            visible: tile.symbol === "video" || tile.favourite
            width: 36
            height: 36
            radius: 18
            color: Theme.raised

            Icon {
                anchors.centerIn: parent
                name: tile.symbol === "video" ? "play" : "heart"
                size: 20
                tone: tile.symbol === "video" ? Theme.ink : Theme.clay
            }
        }
        ColumnLayout {
            id: words

            anchors.left: parent.left
            anchors.right: parent.right
            anchors.bottom: parent.bottom
            anchors.margins: Theme.s12
            spacing: 2

            Words {
                Layout.fillWidth: true
                text: tile.title
                bold: true
                color: tile.dimmed ? Theme.ink2 : Theme.ink
                wrapMode: Text.Wrap
                maximumLineCount: 2
                elide: Text.ElideRight
                Accessible.ignored: true
            }
            RowLayout {
                Layout.fillWidth: true
                spacing: Theme.s4

                Icon {
                    Layout.alignment: Qt.AlignTop
                    Layout.topMargin: 1
                    name: tile.mark
                    size: 16
                    tone: Theme.inkOf(tile.tone)
                }
                Words {
                    Layout.fillWidth: true
                    text: tile.standing
                    size: Theme.caption
                    color: Theme.inkOf(tile.tone)
                    wrapMode: Text.Wrap
                    Accessible.ignored: true
                }
            }
            ProgressTrack {
                Layout.fillWidth: true
                Layout.topMargin: Theme.s4
                visible: tile.progress >= 0
                implicitHeight: 6
                value: tile.progress
                name: tile.standing
            }
            GridLayout {
                id: ends

                // A date with its year takes the row alone; what is beside it goes under it, and neither breaks.
                readonly property bool roomy: words.width >= until.implicitWidth + length.implicitWidth + Theme.s8

                Layout.fillWidth: true
                visible: tile.progress < 0
                columns: ends.roomy ? 2 : 1
                columnSpacing: Theme.s8
                rowSpacing: 2

                Words {
                    id: until

                    Layout.fillWidth: true
                    text: tile.until
                    size: Theme.caption
                    bold: tile.ends_soon
                    color: tile.ends_soon ? Theme.warn : Theme.ink2
                    wrapMode: Text.Wrap
                    Accessible.ignored: true
                }
                Words {
                    id: length

                    visible: text !== ""
                    text: tile.length
                    size: Theme.caption
                    color: Theme.ink2
                    Accessible.ignored: true
                }
            }
        }
    }
}
