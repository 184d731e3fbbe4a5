pragma ComponentBehavior: Bound
import QtQuick

// Whoever it stands beside has unsolved tickets. `brief`: their number alone, where a row has no room for the words.
Tag {
    id: mark

    property int count: 0
    property bool brief: false
    readonly property string words: count > 0 ? qsTr("%n open ticket(s)", "", count) : ""

    text: mark.brief && count > 0 ? Number(count).toLocaleString(Qt.locale(), "f", 0) : words
    tone: "bad"
    symbol: "flag"
    Accessible.role: Accessible.StaticText
    Accessible.name: words
}
