pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls

// One thing to agree to: its words, in both languages where asked for, its version, and the answer.
Rectangle {
    id: policy

    required property string key
    required property string title
    required property string text
    required property string other
    required property string version
    required property bool required
    required property string answer
    property bool customer: false
    property bool both: false

    signal answered(bool granted)

    implicitHeight: terms.implicitHeight + 2 * Theme.s12
    radius: Theme.radiusControl
    color: Theme.surface

    ColumnLayout {
        id: terms

        anchors.fill: parent
        anchors.margins: Theme.s12
        spacing: Theme.s4

        RowLayout {
            spacing: Theme.s8

            Words {
                Layout.fillWidth: true
                text: policy.title
                bold: true
                wrapMode: Text.WordWrap
            }
            Tag {
                text: policy.required ? qsTr("needed") : ""
                tone: "warn"
            }
            IconButton {
                objectName: "words-" + policy.key
                symbol: policy.both ? "chevron-up" : "chevron-down"
                name: qsTr("%1: the words in both languages").arg(policy.title)
                onClicked: policy.both = !policy.both
            }
        }
        Words {
            Layout.fillWidth: true
            text: policy.text
            size: policy.customer ? Theme.body : Theme.caption
            color: policy.customer ? Theme.ink : Theme.ink2
            wrapMode: Text.WordWrap
        }
        Words {
            Layout.fillWidth: true
            visible: policy.both
            text: policy.other
            size: policy.customer ? Theme.body : Theme.caption
            color: Theme.ink2
            wrapMode: Text.WordWrap
        }
        Words {
            Layout.fillWidth: true
            visible: policy.both
            text: qsTr("Version %1").arg(policy.version)
            size: Theme.caption
            color: Theme.ink3
            wrapMode: Text.WordWrap
        }
        Segmented {
            Layout.fillWidth: true
            objectName: "consent-" + policy.key
            name: policy.title
            current: policy.answer
            model: [
                {key: "yes", label: policy.customer ? qsTr("I agree") : qsTr("Agrees")},
                {key: "no", label: policy.customer ? qsTr("I do not") : qsTr("Does not")}
            ]
            onChosen: key => policy.answered(key === "yes")
        }
    }
}
