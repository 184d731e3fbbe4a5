pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme

// One sentence about the state of the tablet, with one thing to do about it.
Rectangle {
    id: banner

    property string lead: ""
    required property string text
    property string tone: "warn"
    property string symbol: "info"
    property string action: ""
    signal pressed

    implicitHeight: Math.max(Theme.grown(Theme.primary), row.implicitHeight + Theme.s8)
    radius: Theme.radiusControl
    color: Theme.soft(tone)

    RowLayout {
        id: row

        anchors.fill: parent
        anchors.leftMargin: 16
        anchors.rightMargin: 8
        spacing: Theme.s12

        Icon {
            name: banner.symbol
            tone: Theme.inkOf(banner.tone)
            size: 22
        }
        Flow {
            Layout.fillWidth: true
            Layout.alignment: Qt.AlignVCenter
            spacing: 6

            Words {
                visible: text !== ""
                text: banner.lead
                bold: true
                height: Theme.grown(28)
            }
            Words {
                width: Math.min(implicitWidth, parent.width)
                text: banner.text
                wrapMode: Text.WordWrap
                height: Math.max(implicitHeight, Theme.grown(28))
            }
        }
        ActionButton {
            visible: banner.action !== ""
            kind: "text"
            text: banner.action
            onClicked: banner.pressed()
        }
    }
}
