pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// A customer takes a material home: a code for their camera, the link to send them, and whose it is.
BottomSheet {
    id: sheet

    required property ShareMaterialViewModel model
    required property bool portrait

    shown: true
    tallest: (portrait ? 1000 : 680) + 2 * (Theme.grown(100) - 100)
    fits: columns.implicitHeight + 2 * Theme.s24 + foot.height
    title: qsTr("Share")
    detail: model.title
    onClosed: model.close()

    Flickable {
        id: whole

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: parent.top
        anchors.bottom: foot.top
        contentHeight: columns.implicitHeight + 2 * Theme.s24
        clip: true
        boundsBehavior: Flickable.StopAtBounds

        GridLayout {
            id: columns

            x: Theme.s24
            y: Theme.s24
            width: whole.width - 2 * x
            columns: sheet.portrait ? 1 : 2
            columnSpacing: Theme.s32
            rowSpacing: Theme.s20

            QrCode {
                id: code
                objectName: "share-qr"
                Layout.alignment: Qt.AlignHCenter | Qt.AlignTop
                visible: sheet.model.link !== ""
                implicitWidth: Math.max(400, 6 * code.side)
                implicitHeight: code.implicitWidth
                text: sheet.model.link
                Accessible.role: Accessible.Graphic
                Accessible.name: qsTr("QR code of %1 for the customer's phone").arg(sheet.model.title)
            }
            ColumnLayout {
                Layout.fillWidth: true
                Layout.alignment: Qt.AlignTop
                spacing: Theme.s16

                StateNote {
                    objectName: "share-problem"
                    Layout.fillWidth: true
                    visible: sheet.model.problem !== ""
                    title: qsTr("Cannot be shared now")
                    text: sheet.model.problem
                    symbol: "ban"
                    tone: "warn"
                }
                Words {
                    Layout.fillWidth: true
                    visible: sheet.model.link !== ""
                    text: qsTr("The customer reads the code with their phone's camera and has it there.")
                    size: Theme.strong
                    wrapMode: Text.WordWrap
                }
                Words {
                    Layout.fillWidth: true
                    visible: sheet.model.link !== ""
                    text: qsTr("It needs no network here. The link is yours: what they open and buy by it counts for you.")
                    color: Theme.ink2
                    wrapMode: Text.WordWrap
                }
                Flow {
                    Layout.fillWidth: true
                    visible: sheet.model.link !== "" && sheet.model.memberName !== ""
                    spacing: Theme.s8
                    Accessible.role: Accessible.Grouping
                    Accessible.name: qsTr("With whom it is shared")

                    FilterChip {
                        objectName: "share-member"
                        tall: true
                        text: qsTr("Shared with %1").arg(sheet.model.memberName)
                        chosen: sheet.model.theirs
                        onClicked: sheet.model.choose(true)
                    }
                    FilterChip {
                        objectName: "share-nobody"
                        tall: true
                        text: qsTr("Shared with somebody else")
                        chosen: !sheet.model.theirs
                        onClicked: sheet.model.choose(false)
                    }
                }
                Words {
                    objectName: "share-link"
                    Layout.fillWidth: true
                    visible: sheet.model.link !== ""
                    text: sheet.model.link
                    size: Theme.caption
                    color: Theme.ink2
                    wrapMode: Text.WrapAnywhere
                    Accessible.name: qsTr("The link")
                }
                Words {
                    objectName: "share-copy-problem"
                    Layout.fillWidth: true
                    visible: sheet.model.link !== "" && text !== ""
                    text: sheet.model.copyProblem
                    size: Theme.caption
                    color: Theme.warn
                    wrapMode: Text.WordWrap
                }
            }
        }
    }
    SheetFoot {
        id: foot

        visible: sheet.model.link !== ""

        ActionButton {
            objectName: "share-not"
            text: qsTr("Not shared")
            symbol: "x"
            implicitHeight: Theme.grown(Theme.primary)
            onClicked: sheet.model.notShared()
        }
        ActionButton {
            objectName: "share-copy"
            text: qsTr("Copy the link")
            symbol: "copy"
            enabled: sheet.model.copyProblem === ""
            implicitHeight: Theme.grown(Theme.primary)
            onClicked: sheet.model.copyLink()
        }
        ActionButton {
            objectName: "share-done"
            kind: "primary"
            text: qsTr("They have it")
            symbol: "check"
            onClicked: sheet.model.close()
        }
    }
}
