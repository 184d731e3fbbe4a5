pragma ComponentBehavior: Bound
import QtQuick
import Theme

// A product's picture on a soft tile, which stands alone until the picture is on the tablet. `picture` is the view-model's address.
Rectangle {
    id: tile

    property int tint: 0
    property int drawing: 28
    property string picture: ""
    readonly property bool there: photo.status === Image.Ready && photo.implicitWidth > 1

    color: there ? Theme.sunken : Theme.tiles[tint % Theme.tiles.length]
    radius: Theme.radiusControl

    Icon {
        anchors.centerIn: parent
        visible: !tile.there
        name: ["package", "shopping-basket", "tag", "package-open", "gift", "shopping-bag"][tile.tint % 6]
        tone: Theme.avatarInks[tile.tint % 6]
        size: tile.drawing
        opacity: 0.75
    }
    Image {
        id: photo

        anchors.fill: parent
        anchors.margins: Theme.s4
        source: tile.picture
        asynchronous: true
        fillMode: Image.PreserveAspectFit
        mipmap: true
        Accessible.ignored: true
    }
}
