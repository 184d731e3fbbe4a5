pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// What else can be done about a row: done, not before a day, a colleague's.
BottomSheet {
    id: sheet

    required property TodayViewModel model

    title: model.moreName
    detail: model.moreReason
    shown: model.moreName !== ""
    tallest: Theme.grown(420)
    onClosed: model.closeMore()

    Flickable {
        anchors.fill: parent
        anchors.margins: Theme.s24
        contentHeight: grid.implicitHeight
        clip: true
        boundsBehavior: Flickable.StopAtBounds

        GridLayout {
            id: grid

            width: parent.width
            columns: width > 700 && Theme.textScale <= 1.1 ? 2 : 1
            columnSpacing: Theme.s12
            rowSpacing: Theme.s12

            Repeater {
                model: sheet.model.choices

                ActionButton {
                    required property string key
                    required property string label
                    required property string icon_name

                    Layout.fillWidth: true
                    Layout.preferredWidth: 10
                    objectName: "choice-" + key
                    kind: "secondary"
                    symbol: icon_name
                    text: label
                    onClicked: sheet.model.choose(key)
                }
            }
        }
    }
}
