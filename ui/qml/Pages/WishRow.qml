pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls

// A product in a line: picture, name, price, what there is of it; buttons at the end.
RowLayout {
    id: row

    required property string key
    required property string name
    required property string detail
    required property string price
    required property string stock
    required property bool none_left
    required property int tint
    required property string picture
    default property alias buttons: end.data

    spacing: Theme.s12

    ProductPicture {
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
            text: row.name
            bold: true
            wrapMode: Text.Wrap
        }
        Words {
            Layout.fillWidth: true
            visible: text !== ""
            text: row.detail
            size: Theme.caption
            color: Theme.ink2
            wrapMode: Text.Wrap
        }
        Flow {
            Layout.fillWidth: true
            spacing: Theme.s8

            Words {
                text: row.price
                size: Theme.caption
                bold: true
            }
            Words {
                text: row.stock
                size: Theme.caption
                color: row.none_left ? Theme.warn : Theme.ink2
            }
        }
    }
    RowLayout {
        id: end

        spacing: Theme.s4
    }
}
