pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// The gift of a sign-up, handed over or not.
RowLayout {
    id: form

    required property SignUpViewModel model

    objectName: "gift"
    visible: form.model.giftName !== ""
    spacing: Theme.s12

    Words {
        Layout.fillWidth: true
        text: qsTr("Sign-up gift handed over: %1").arg(form.model.giftName)
        wrapMode: Text.WordWrap
    }
    Toggle {
        objectName: "give-gift"
        name: qsTr("Sign-up gift handed over: %1").arg(form.model.giftName)
        on: form.model.giftGiven
        onAsked: on => form.model.giveGift(on)
    }
}
