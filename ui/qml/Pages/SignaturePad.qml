pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import QtQuick.Shapes
import Theme
import Controls

// Where a customer signs: strokes as an SVG path on a pad of 1000 by 400, each point a whole number.
ColumnLayout {
    id: pad

    property string strokes
    readonly property int longest: 8192

    signal drawn(string strokes)

    function point(x: real, y: real): string {
        const across = Math.round(Math.max(0, Math.min(1, x / paper.width)) * 1000);
        const down = Math.round(Math.max(0, Math.min(1, y / paper.height)) * 400);
        return across + " " + down;
    }

    spacing: Theme.s4

    RowLayout {
        Layout.fillWidth: true

        Words {
            Layout.fillWidth: true
            text: qsTr("Signature")
            size: Theme.caption
            color: Theme.ink2
            wrapMode: Text.WordWrap
        }
        IconButton {
            symbol: "eraser"
            name: qsTr("Wipe the signature")
            enabled: pad.strokes !== ""
            onClicked: pad.drawn("")
        }
    }
    Rectangle {
        id: paper

        implicitWidth: Math.min(pad.width, 400)
        implicitHeight: implicitWidth * 0.4
        radius: Theme.radiusControl
        color: Theme.surface
        border.color: Theme.line2

        Shape {
            anchors.fill: parent
            visible: area.shown !== ""
            layer.enabled: true // without a graphics card a shape is drawn beyond the list that it scrolls in

            ShapePath {
                scale: Qt.size(paper.width / 1000, paper.height / 400)
                strokeWidth: 3
                strokeColor: Theme.ink
                fillColor: "transparent"
                capStyle: ShapePath.RoundCap
                joinStyle: ShapePath.RoundJoin

                PathSvg {
                    path: area.shown
                }
            }
        }
        MouseArea {
            id: area

            property string kept
            readonly property string shown: pressed ? kept : pad.strokes

            anchors.fill: parent
            preventStealing: true
            Accessible.role: Accessible.Canvas
            Accessible.name: qsTr("Signature")

            onPressed: mouse => {
                const at = pad.point(mouse.x, mouse.y);
                const longer = pad.strokes + "M" + at + "L" + at;
                kept = longer.length <= pad.longest ? longer : pad.strokes;
            }
            onPositionChanged: mouse => {
                const longer = kept + "L" + pad.point(mouse.x, mouse.y);
                if (kept !== "" && longer.length <= pad.longest)
                    kept = longer;
            }
            onReleased: pad.drawn(kept)
        }
    }
}
