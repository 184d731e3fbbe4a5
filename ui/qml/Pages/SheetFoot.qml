pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme

// What a sheet is for, at its bottom on the right, where every sheet has it; what else can be done stands before it.
Item {
    id: foot

    default property alias content: row.data

    anchors.left: parent.left
    anchors.right: parent.right
    anchors.bottom: parent.bottom
    height: visible ? row.implicitHeight + Theme.s16 + Theme.s24 : 0

    RowLayout {
        id: row

        anchors.right: parent.right
        anchors.rightMargin: Theme.s24
        y: Theme.s16
        spacing: Theme.s12
    }
}
