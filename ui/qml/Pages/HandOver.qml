pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// The tablet in a customer's hands: the form in large type, their language, and nothing else until the guide's PIN.
Item {
    id: page

    required property HandOverViewModel model
    required property bool portrait

    Rectangle {
        anchors.fill: parent
        color: Theme.surface
    }
    ColumnLayout {
        anchors.fill: parent
        anchors.margins: Theme.s24
        spacing: Theme.s16

        RowLayout {
            Layout.fillWidth: true
            spacing: Theme.s12

            Mark {
                implicitWidth: 44
                implicitHeight: 44
            }
            Words {
                Layout.fillWidth: true
                text: page.model.thanks ? "" : qsTr("Become a member")
                size: Theme.title
                bold: true
                wrapMode: Text.WordWrap
                Accessible.role: Accessible.Heading
            }
            Segmented {
                objectName: "customer-language"
                name: qsTr("Language")
                model: [{ key: "zh_CN", label: "中文" }, { key: "en", label: "English" }]
                current: page.model.language
                onChosen: key => page.model.setLanguage(key)
            }
            IconButton {
                objectName: "take-back"
                visible: !page.model.askingPin
                symbol: "lock"
                name: qsTr("For the guide: take the tablet back")
                onClicked: page.model.askPin()
            }
        }
        Loader {
            Layout.fillWidth: true
            Layout.fillHeight: true
            active: !page.model.askingPin  // what was typed is not even behind the pad
            visible: active

            sourceComponent: HandOverForm {
                model: page.model
                portrait: page.portrait
            }
        }
        HandOverBack {
            Layout.fillWidth: true
            Layout.fillHeight: true
            visible: page.model.askingPin
            model: page.model
            portrait: page.portrait
        }
    }
}
