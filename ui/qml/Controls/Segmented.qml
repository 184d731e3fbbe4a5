pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme

// A few choices side by side. model: list of {key, label}.
Rectangle {
    id: segmented

    required property var model
    property string current: ""
    property string name: ""
    property real widest: Theme.touch
    signal chosen(string key)

    function measure() {
        let found = Theme.touch
        for (let n = 0; n < parts.count; n++)
            found = Math.max(found, parts.itemAt(n)?.implicitWidth ?? 0)
        widest = found
    }

    implicitHeight: Theme.grown(Theme.touch)
    implicitWidth: parts.count * (widest + row.spacing) + 8
    radius: Theme.radiusControl
    color: Theme.sunken
    Accessible.role: Accessible.PageTabList
    Accessible.name: name

    RowLayout {
        id: row

        anchors.fill: parent
        anchors.leftMargin: 4
        anchors.rightMargin: 4
        spacing: 2
        uniformCellSizes: true

        Repeater {
            id: parts

            model: segmented.model
            onItemAdded: Qt.callLater(segmented.measure)

            Pressable {
                id: part

                required property var modelData
                readonly property bool current: modelData.key === segmented.current

                objectName: "segment-" + modelData.key
                text: modelData.label
                around: 9
                Layout.fillWidth: true
                Layout.fillHeight: true
                implicitWidth: Math.max(Theme.touch, words.implicitWidth + 28)
                Accessible.role: Accessible.PageTab
                Accessible.selected: current
                onImplicitWidthChanged: Qt.callLater(segmented.measure)
                onClicked: segmented.chosen(modelData.key)

                background: Item {
                    Rectangle {
                        anchors.fill: parent
                        anchors.topMargin: 4
                        anchors.bottomMargin: 4
                        radius: 9
                        color: part.current ? Theme.raised : "transparent"
                        border.width: part.current ? 1 : 0
                        border.color: Theme.line
                    }
                }
                contentItem: Words {
                    id: words

                    text: part.text
                    bold: part.current
                    color: part.current ? Theme.ink : Theme.ink2
                    horizontalAlignment: Text.AlignHCenter
                    Accessible.ignored: true
                }
            }
        }
    }
}
