pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// What of an order was paid and given back, leg by leg.
ColumnLayout {
    id: part

    required property OrdersViewModel model

    spacing: Theme.s4

    Repeater {
        model: part.model.legs

        RowLayout {
            id: leg

            required property string label
            required property string amount

            Layout.fillWidth: true

            Words {
                Layout.fillWidth: true
                text: leg.label
                size: Theme.caption
                color: Theme.ink2
                wrapMode: Text.WordWrap
            }
            Words {
                text: leg.amount
                size: Theme.caption
            }
        }
    }
}
