pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls

// A card of the profile: a picture, a title, and what stands under it.
Card {
    id: card

    required property string title
    property string symbol: ""
    property string note: ""
    default property alias content: body.data

    implicitHeight: body.implicitHeight + 40

    ColumnLayout {
        id: body

        anchors.fill: parent
        anchors.margins: Theme.s20
        spacing: Theme.s12

        RowLayout {
            Layout.fillWidth: true
            spacing: Theme.s8

            Icon {
                visible: card.symbol !== ""
                name: card.symbol
                size: 20
                tone: Theme.ink2
            }
            Words {
                Layout.fillWidth: true
                text: card.title
                size: Theme.strong
                bold: true
                wrapMode: Text.WordWrap
                Accessible.role: Accessible.Heading
            }
            Words {
                visible: text !== ""
                text: card.note
                size: Theme.caption
                color: Theme.ink2
            }
        }
    }
}
