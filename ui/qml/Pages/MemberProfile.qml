pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// One member on one page: who, how much, when last; what is good to know and to whom it belongs; what they wish for;
// what they agreed to; everything that happened. A card is one file.
Item {
    id: page

    required property MembersViewModel model
    required property bool portrait

    Flickable {
        anchors.fill: parent
        anchors.bottomMargin: foot.height + Theme.s12
        contentHeight: content.implicitHeight
        clip: true
        boundsBehavior: Flickable.StopAtBounds

        ColumnLayout {
            id: content

            width: parent.width
            spacing: Theme.s12

            MemberHead {
                Layout.fillWidth: true
                model: page.model
                portrait: page.portrait
            }
            Repeater {
                model: page.model.conflicts

                AttentionItem {
                    id: conflict

                    Layout.fillWidth: true
                    onAsked: repair => page.model.settle(conflict.key, repair)
                }
            }
            GridLayout {
                Layout.fillWidth: true
                columns: page.portrait ? 1 : 2
                columnSpacing: Theme.s12
                rowSpacing: Theme.s12

                ColumnLayout {
                    Layout.fillWidth: true
                    Layout.preferredWidth: 10
                    Layout.alignment: Qt.AlignTop
                    spacing: Theme.s12

                    MemberService {
                        Layout.fillWidth: true
                        model: page.model.service
                        memberId: page.model.memberId
                    }
                    MemberNotes {
                        Layout.fillWidth: true
                        model: page.model
                    }
                    MemberFamily {
                        Layout.fillWidth: true
                        model: page.model
                    }
                    MemberWishes {
                        Layout.fillWidth: true
                        model: page.model
                    }
                }
                ColumnLayout {
                    Layout.fillWidth: true
                    Layout.preferredWidth: 10
                    Layout.alignment: Qt.AlignTop
                    spacing: Theme.s12

                    MemberCard {
                        Layout.fillWidth: true
                        model: page.model
                    }
                    MemberStory {
                        Layout.fillWidth: true
                        model: page.model
                    }
                    MemberFacts {
                        Layout.fillWidth: true
                        model: page.model
                    }
                    MemberConsents {
                        Layout.fillWidth: true
                        model: page.model
                    }
                }
            }
        }
    }
    GridLayout {
        id: foot

        readonly property bool stacked: page.portrait && talk.implicitWidth + order.implicitWidth + Theme.touch + 2 * Theme.s12 > width

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.bottom: parent.bottom
        columns: stacked ? 2 : 4
        columnSpacing: Theme.s12
        rowSpacing: Theme.s12

        ActionButton {
            id: talk

            visible: page.portrait
            Layout.fillWidth: true
            Layout.preferredHeight: Theme.grown(Theme.primary)
            text: qsTr("Log a talk")
            symbol: "notebook-pen"
            onClicked: page.model.talk()
        }
        Item {
            visible: !page.portrait
            Layout.fillWidth: true
        }
        IconButton {
            objectName: "write-message"
            symbol: "message-square-text"
            framed: true
            name: qsTr("Write a message")
            onClicked: page.model.message()
        }
        ActionButton {
            id: order

            objectName: "order-for-member"
            Layout.columnSpan: foot.stacked ? 2 : 1
            Layout.fillWidth: page.portrait
            kind: "primary"
            text: qsTr("Order for %1").arg(page.model.name)
            symbol: "shopping-bag"
            onClicked: page.model.order()
        }
    }
}
