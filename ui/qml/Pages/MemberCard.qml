pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// The membership card: what they are, until when they paid, and the number to be scanned.
ProfileCard {
    id: card

    required property MembersViewModel model
    readonly property MemberDetails details: model.details

    objectName: "membership-card"
    title: qsTr("Membership card")
    symbol: "id-card"

    GridLayout {
        id: parts

        // Beside the code where a sentence has room there, else under it.
        readonly property bool roomy: card.width >= Theme.grown(520)

        Layout.fillWidth: true
        columns: 2
        columnSpacing: Theme.s20
        rowSpacing: Theme.s12

        QrCode {
            objectName: "membership-qr"
            Layout.alignment: Qt.AlignTop
            Layout.rowSpan: parts.roomy ? 2 : 1
            implicitWidth: 132
            implicitHeight: 132
            text: card.model.memberNo
            Accessible.role: Accessible.Graphic
            Accessible.name: qsTr("QR code of the member number %1").arg(card.model.memberNo)
        }
        ColumnLayout {
            Layout.fillWidth: true
            Layout.alignment: Qt.AlignTop
            spacing: Theme.s8

            Words {
                Layout.fillWidth: true
                text: card.model.memberNo
                size: Theme.strong
                bold: true
                wrapMode: Text.WrapAnywhere
            }
            Tag {
                text: card.details.level
                tone: "gold"
                symbol: "crown"
            }
        }
        ColumnLayout {
            Layout.fillWidth: true
            Layout.alignment: Qt.AlignTop
            Layout.columnSpan: parts.roomy ? 1 : 2
            spacing: Theme.s8

            Repeater {
                model: [
                    {called: "level-kept", said: card.details.keptWords},
                    {called: "level-waits", said: card.details.levelWaits},
                    {called: "level-ahead", said: card.details.levelWords},
                    {called: "level-keep", said: card.details.keepWords},
                    {called: "membership-paid", said: card.details.paidWords},
                    {called: "membership-renewal", said: card.details.renewalWords}
                ]

                Words {
                    required property var modelData

                    objectName: modelData.called
                    Layout.fillWidth: true
                    visible: text !== ""
                    text: modelData.said
                    color: modelData.called === "membership-renewal" ? Theme.warn : Theme.ink2
                    wrapMode: Text.WordWrap
                }
            }
        }
    }
}
