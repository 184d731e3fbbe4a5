pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// What may be added to a talk that is saved: note, what was shown, and the next step with its day and its guide.
Flickable {
    id: more

    required property TalkViewModel model

    contentHeight: rows.implicitHeight + 2 * Theme.s20
    clip: true
    boundsBehavior: Flickable.StopAtBounds

    component Chips: Flow {
        Layout.fillWidth: true
        spacing: Theme.s8
    }
    component Heading: Words {
        Layout.fillWidth: true
        Layout.topMargin: Theme.s8
        size: Theme.strong
        bold: true
        wrapMode: Text.WordWrap
        Accessible.role: Accessible.Heading
    }

    ColumnLayout {
        id: rows

        x: Theme.s24
        y: Theme.s20
        width: more.width - 2 * x
        spacing: Theme.s8

        Words {
            Layout.fillWidth: true
            objectName: "talk-summary"
            text: more.model.summary
            size: Theme.strong
            wrapMode: Text.WordWrap
        }
        InputField {
            Layout.fillWidth: true
            objectName: "talk-note"
            label: qsTr("Note (optional)")
            hint: qsTr("What was said, in a few words")
            text: more.model.note
            maximumLength: 2000
            onAccepted: more.model.setNote(text)
            onDeparted: more.model.setNote(text)
        }
        Heading {
            text: qsTr("Next contact (optional)")
        }
        Chips {
            Repeater {
                model: more.model.next.days

                FilterChip {
                    required property int index
                    required property string key
                    required property string label
                    required property bool selected

                    objectName: "talk-day-" + index
                    tall: true
                    text: label
                    chosen: selected
                    onClicked: more.model.next.choose(key)
                }
            }
            InputField {
                objectName: "talk-other-day"
                width: 260
                hint: qsTr("Another day, such as 12-31")
                problem: more.model.next.dayProblem
                maximumLength: 12
                onAccepted: more.model.next.typed(text)
                onDeparted: more.model.next.typed(text)
            }
        }
        Chips {
            Repeater {
                model: more.model.next.people

                FilterChip {
                    required property int index
                    required property string key
                    required property string label
                    required property bool selected

                    objectName: "talk-who-" + index
                    tall: true
                    text: label
                    chosen: selected
                    onClicked: more.model.next.handTo(key)
                }
            }
        }
        Heading {
            text: qsTr("Shown to them (optional)")
        }
        SearchField {
            Layout.fillWidth: true
            Layout.maximumWidth: 460
            objectName: "talk-product-search"
            hint: qsTr("Product, or scan it")
            onSearched: text => more.model.products.search(text)
        }
        Chips {
            Repeater {
                model: more.model.products.offered

                FilterChip {
                    required property int index
                    required property string key
                    required property string label
                    required property bool selected

                    objectName: "talk-product-" + index
                    tall: true
                    text: label
                    chosen: selected
                    onClicked: more.model.products.toggle(key)
                }
            }
        }
        Words {
            Layout.fillWidth: true
            visible: more.model.products.nothing
            text: qsTr("No product is called so.")
            color: Theme.ink2
        }
    }
}
