pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// A sheet about a document for paper. Held upright the paper lies below what can be set, else beside it: as much of it in sight as there is room for,
// and no more room than it needs. `actions` stand at the bottom on the right.
BottomSheet {
    id: sheet

    required property bool portrait
    property alias rows: paper.rows
    property string paperName: ""
    property bool paperAside: false
    property alias actions: foot.content
    default property alias controls: column.data
    readonly property real around: Theme.s12 + (sheet.portrait ? 0 : Theme.s24)
    readonly property real above: sheet.portrait && column.implicitHeight > 0 ? column.implicitHeight + Theme.s12 : 0
    readonly property real needed: sheet.portrait ? sheet.above + (card.visible ? paper.contentHeight : 0) + foot.height : Math.max(paper.contentHeight, column.implicitHeight + Theme.s12 + foot.height)

    shown: true
    tallest: portrait ? 1200 : 760
    fits: needed + around

    Item {
        id: body

        anchors.fill: parent

        Card {
            id: card

            visible: !(sheet.portrait && sheet.paperAside)
            width: Math.min(body.width - 2 * Theme.s48, Theme.grown(460))
            height: Math.min(paper.contentHeight, body.height - y - (sheet.portrait ? foot.height : Theme.s24))
            x: sheet.portrait ? (body.width - width) / 2 : Theme.s24
            y: Theme.s12 + sheet.above

            Paper {
                id: paper

                anchors.fill: parent
                name: sheet.paperName
            }
        }
        Flickable {
            x: sheet.portrait ? Theme.s24 : card.x + card.width + Theme.s24
            y: Theme.s12
            width: body.width - x - Theme.s24
            height: Math.min(contentHeight, body.height - y - foot.height)
            contentHeight: column.implicitHeight
            clip: true
            boundsBehavior: Flickable.StopAtBounds

            ColumnLayout {
                id: column

                width: parent.width
                spacing: Theme.s12
            }
        }
        SheetFoot {
            id: foot
        }
    }
}
