pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls

// Another shop's order in the list of what it asks of this one.
Pressable {
    id: row

    required property string key
    required property string number
    required property string detail
    required property string who
    required property string standing
    required property string tone
    required property bool selected

    objectName: "parcel-row"
    name: [who, number, detail, standing].filter(part => part !== "").join(", ")
    implicitHeight: Math.max(Theme.grown(76), body.implicitHeight + 16)
    Accessible.role: Accessible.ListItem
    Accessible.selected: selected

    background: Rectangle {
        radius: Theme.radiusControl
        color: row.selected ? Theme.accentSoft : row.down ? Theme.sunken : "transparent"
    }
    contentItem: RowLayout {
        id: body

        spacing: Theme.s12

        ColumnLayout {
            Layout.fillWidth: true
            Layout.leftMargin: Theme.s12
            spacing: 2

            Words {
                Layout.fillWidth: true
                text: row.who === "" ? row.number : row.who
                bold: true
                wrapMode: Text.Wrap
                Accessible.ignored: true
            }
            Words {
                Layout.fillWidth: true
                visible: row.who !== ""
                text: row.number
                size: Theme.caption
                color: Theme.ink2
                Accessible.ignored: true
            }
            Words {
                Layout.fillWidth: true
                text: row.detail
                size: Theme.caption
                color: Theme.ink2
                wrapMode: Text.WordWrap
                Accessible.ignored: true
            }
        }
        Tag {
            Layout.rightMargin: Theme.s12
            Layout.topMargin: Theme.s4
            Layout.alignment: Qt.AlignTop
            text: row.standing
            tone: row.tone
        }
    }
}
