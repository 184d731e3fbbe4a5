pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// What a customer agrees to, one by one, and where they sign for it.
ColumnLayout {
    id: form

    required property SignUpViewModel model
    property bool customer: false

    spacing: Theme.s8

    Words {
        Layout.fillWidth: true
        text: form.customer ? qsTr("What you agree to") : qsTr("Ask for each, one by one")
        size: Theme.strong
        bold: true
        wrapMode: Text.WordWrap
    }
    Words {
        visible: text !== ""
        Layout.fillWidth: true
        text: form.model.problems.consents ?? ""
        color: Theme.warn
        wrapMode: Text.WordWrap
    }
    ListView {
        id: consents

        Layout.fillWidth: true
        Layout.fillHeight: true
        clip: true
        spacing: Theme.s8
        model: form.model.policies
        onFooterItemChanged: Qt.callLater(positionViewAtEnd)
        footer: form.model.signatureAsked ? pad : null
        boundsBehavior: Flickable.StopAtBounds
        reuseItems: true

        Component {
            id: pad

            SignaturePad {
                objectName: "signature"
                width: consents.width
                strokes: form.model.strokes
                onDrawn: strokes => form.model.sign(strokes)
            }
        }

        delegate: SignUpConsent {
            id: policy

            width: consents.width
            height: implicitHeight
            customer: form.customer
            onAnswered: granted => form.model.answer(policy.key, granted)
            ListView.onReused: both = false
        }
    }
}
