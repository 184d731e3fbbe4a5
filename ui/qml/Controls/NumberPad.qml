pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme

// Ten digits and a step back. extra: words of the key at the bottom left, empty for none.
GridLayout {
    id: pad

    property int keyWidth: 104
    property int keyHeight: 76
    property string extra: ""
    signal digit(string digit)
    signal back
    signal extraPressed

    columns: 3
    columnSpacing: Theme.s12
    rowSpacing: Theme.s12

    Repeater {
        model: ["1", "2", "3", "4", "5", "6", "7", "8", "9", "extra", "0", "back"]

        Pressable {
            id: key

            required property string modelData
            required property int index
            readonly property bool plain: modelData === "extra" || modelData === "back"

            objectName: "key-" + modelData
            Layout.row: Math.floor(index / 3)
            Layout.column: index % 3
            Layout.fillWidth: true
            Layout.preferredWidth: pad.keyWidth
            Layout.preferredHeight: pad.keyHeight
            around: Theme.radiusCard
            enabled: modelData !== "extra" || pad.extra !== ""
            visible: modelData !== "extra" || pad.extra !== ""
            text: modelData === "extra" ? pad.extra : modelData === "back" ? "" : Number(modelData).toLocaleString(Qt.locale(), "f", 0)
            name: modelData === "back" ? qsTr("Delete the last digit") : text
            onClicked: {
                if (modelData === "back")
                    pad.back()
                else if (modelData === "extra")
                    pad.extraPressed()
                else
                    pad.digit(modelData)
            }

            background: Rectangle {
                radius: Theme.radiusCard
                color: key.plain ? (key.down ? Theme.sunken : "transparent") : key.down ? Theme.sunken : Theme.surface
                border.width: key.plain ? 0 : 1
                border.color: Theme.line
            }
            contentItem: Item {
                Words {
                    anchors.fill: parent
                    text: key.text
                    size: key.plain ? Theme.body : Theme.amount
                    color: key.plain ? Theme.ink2 : Theme.ink
                    horizontalAlignment: Text.AlignHCenter
                    wrapMode: Text.WordWrap
                    Accessible.ignored: true
                }
                Icon {
                    anchors.centerIn: parent
                    visible: key.modelData === "back"
                    name: "delete"
                    size: 28
                    tone: Theme.ink2
                }
            }
        }
    }
}
