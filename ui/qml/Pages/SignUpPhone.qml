pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// The phone of a sign-up. The guide sees at once whose it is; the customer, in whose hands the tablet may be, does not.
ColumnLayout {
    id: form

    required property SignUpViewModel model
    property bool customer: false
    readonly property bool told: form.model.duplicate && !form.customer

    spacing: Theme.s16

    InputField {
        objectName: "phone"
        Layout.fillWidth: true
        big: true
        label: qsTr("Phone number")
        hint: form.customer ? qsTr("Your mobile number") : qsTr("The customer's mobile number")
        text: form.model.phone
        problem: form.told ? qsTr("This number has a member already") : form.model.duplicate ? "" : form.model.problems.phone ?? ""
        inputMethodHints: Qt.ImhDialableCharactersOnly
        maximumLength: 32
        onEdited: text => form.model.setPhone(text)
        Component.onCompleted: input.forceActiveFocus()
    }
    RowLayout {
        objectName: "phone-good"
        Layout.fillWidth: true
        visible: form.model.phoneGood && !form.customer
        spacing: Theme.s8

        Icon {
            name: "circle-check"
            size: 20
            tone: Theme.good
        }
        Words {
            Layout.fillWidth: true
            text: qsTr("%1 is not a member of this shop yet").arg(form.model.phoneShown)
            color: Theme.good
            wrapMode: Text.WordWrap
        }
    }
}
