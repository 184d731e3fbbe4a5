pragma ComponentBehavior: Bound
import QtQuick
import Theme
import Controls
import StoreGuide

// Whose sale the open basket will be: the guide's alone unless somebody says otherwise.
BottomSheet {
    id: sheet

    required property BasketSharesViewModel model
    required property bool portrait

    shown: true
    tallest: (portrait ? 800 : 560) + 3 * (Theme.grown(100) - 100)
    title: qsTr("Whose sale it is")
    detail: qsTr("A colleague who helped has a part of it")
    onClosed: model.close()

    Flickable {
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: parent.top
        anchors.bottom: foot.top
        contentHeight: form.implicitHeight + 2 * Theme.s24
        clip: true
        boundsBehavior: Flickable.StopAtBounds

        SharesForm {
            id: form

            x: Theme.s24
            y: Theme.s20
            width: parent.width - 2 * x
            model: sheet.model
        }
    }
    SheetFoot {
        id: foot

        ActionButton {
            objectName: "shares-save"
            kind: "primary"
            enabled: sheet.model.ready
            symbol: "check"
            text: qsTr("Keep it so")
            onClicked: sheet.model.save()
        }
    }
}
