pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// By which list prices are, and until when they hold with no network.
RowLayout {
    id: line

    required property OrderViewModel model

    spacing: Theme.s8

    Icon {
        name: line.model.pricesExpired ? "circle-alert" : "shield-check"
        size: 18
        tone: line.model.pricesExpired ? Theme.warn : Theme.good
    }
    Words {
        Layout.fillWidth: true
        text: line.model.priceWords
        size: Theme.caption
        color: line.model.pricesExpired ? Theme.warn : Theme.ink2
        wrapMode: Text.WordWrap
    }
}
