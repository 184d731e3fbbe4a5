pragma ComponentBehavior: Bound
import QtQuick
import Theme

// A product's picture on a soft tile, which stands alone until the picture is on the tablet. `picture` is the view-model's address.
Rectangle {
    id: tile

    property int tint: 0
    property int drawing: 28
    property string picture: ""
    property string symbol: ["package", "shopping-basket", "tag", "package-open", "gift", "shopping-bag"][tint % 6]
    property bool fills: false // the tile to its edges, cut where the shapes differ
    readonly property bool there: photo.status === Image.Ready && photo.implicitWidth > 1

    color: there ? Theme.sunken : Theme.tiles[tint % Theme.tiles.length]
    radius: Theme.radiusControl

    Icon {
        anchors.centerIn: parent
        visible: !tile.there
        name: tile.symbol
        tone: Theme.avatarInks[tile.tint % 6]
        size: tile.drawing
        opacity: 0.75
    }
    Image {
        id: photo

        anchors.fill: parent
        anchors.margins: tile.fills ? 0 : Theme.s4
        source: tile.picture
        asynchronous: true
        fillMode: tile.fills ? Image.PreserveAspectCrop : Image.PreserveAspectFit
        mipmap: true
        Accessible.ignored: true
    }
}
