pragma ComponentBehavior: Bound
import QtQuick
import Theme

// A soft tile that stands for a product without a photo.
Rectangle {
    id: picture

    property int tint: 0
    property int drawing: 28

    color: Theme.tiles[tint % Theme.tiles.length]
    radius: Theme.radiusControl

    Icon {
        anchors.centerIn: parent
        name: ["package", "shopping-basket", "tag", "package-open", "gift", "shopping-bag"][picture.tint % 6]
        tone: Theme.avatarInks[picture.tint % 6]
        size: picture.drawing
        opacity: 0.75
    }
}
