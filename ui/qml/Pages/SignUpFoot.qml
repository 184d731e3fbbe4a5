pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// What a sign-up still lacks, and its one way on.
RowLayout {
    id: form

    required property SignUpViewModel model

    spacing: Theme.s12

    ActionButton {
        text: qsTr("Start over")
        symbol: "eraser"
        onClicked: form.model.startOver()
    }
    Words {
        Layout.fillWidth: true
        text: form.model.duplicate ? "" : form.model.missing
        size: Theme.caption
        color: Theme.ink2
        horizontalAlignment: Text.AlignRight
        wrapMode: Text.WordWrap
    }
    ActionButton {
        objectName: "open-duplicate"
        visible: form.model.duplicate
        kind: "primary"
        text: qsTr("Open this member")
        symbol: "user-check"
        onClicked: form.model.openDuplicate()
    }
    ActionButton {
        objectName: "save-member"
        visible: !form.model.duplicate
        kind: "primary"
        enabled: form.model.ready
        text: qsTr("Sign up")
        symbol: "user-plus"
        onClicked: form.model.save()
    }
}
