pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls

// One product of the basket: how many, what it costs, and opened, why.
ColumnLayout {
    id: line

    required property string key
    required property string name
    required property string detail
    required property int qty
    required property string each
    required property string amount
    required property string was
    required property string summary
    required property bool open
    required property var why
    required property int tint
    required property string picture
    signal stepped(int by)
    signal asked
    signal takenOff

    objectName: "basket-line"
    spacing: Theme.s4

    RowLayout {
        Layout.fillWidth: true
        spacing: Theme.s12

        ProductPicture {
            implicitWidth: 52
            implicitHeight: 52
            tint: line.tint
            picture: line.picture
        }
        ColumnLayout {
            Layout.fillWidth: true
            spacing: 0

            Words {
                Layout.fillWidth: true
                text: line.name
                bold: true
                wrapMode: Text.WordWrap
            }
            Words {
                Layout.fillWidth: true
                text: line.detail
                size: Theme.caption
                color: Theme.ink2
                wrapMode: Text.WordWrap
            }
        }
    }
    RowLayout {
        Layout.fillWidth: true
        spacing: Theme.s12

        Stepper {
            value: line.qty
            what: line.name
            onStepped: by => line.stepped(by)
        }
        Words {
            Layout.fillWidth: true
            text: qsTr("%1 each").arg(line.each)
            size: Theme.caption
            color: Theme.ink2
            wrapMode: Text.WordWrap
        }
        ColumnLayout {
            spacing: 0

            Words {
                objectName: "line-amount"
                Layout.alignment: Qt.AlignRight
                text: line.amount
                size: Theme.strong
                bold: true
            }
            Words {
                objectName: "line-was"
                Layout.alignment: Qt.AlignRight
                visible: text !== ""
                text: line.was
                size: Theme.caption
                color: Theme.ink3
                font.strikeout: true
                Accessible.name: qsTr("instead of %1").arg(line.was)
            }
        }
    }
    RowLayout {
        Layout.fillWidth: true
        spacing: Theme.s8

        Icon {
            visible: line.summary !== ""
            name: "badge-percent"
            size: 18
            tone: Theme.good
        }
        Words {
            Layout.fillWidth: true
            text: line.summary !== "" ? line.summary : qsTr("List price")
            size: Theme.caption
            color: line.summary !== "" ? Theme.good : Theme.ink2
            wrapMode: Text.WordWrap
        }
        ActionButton {
            objectName: "line-why"
            kind: "text"
            text: qsTr("Why")
            symbol: line.open ? "chevron-up" : "chevron-down"
            name: qsTr("Why %1 costs this").arg(line.name)
            onClicked: line.asked()
        }
    }
    Rectangle {
        Layout.fillWidth: true
        visible: line.open
        implicitHeight: told.implicitHeight + 2 * Theme.s12
        radius: Theme.radiusControl
        color: Theme.sunken

        ColumnLayout {
            id: told

            anchors.fill: parent
            anchors.margins: Theme.s12
            spacing: Theme.s4

            ReasonRows {
                Layout.fillWidth: true
                reasons: line.open ? line.why : []
            }
            ActionButton {
                objectName: "line-take-off"
                kind: "text"
                symbol: "percent"
                text: qsTr("Take something off")
                onClicked: line.takenOff()
            }
        }
    }
    Divider {
        Layout.fillWidth: true
        Layout.topMargin: Theme.s4
    }
}
