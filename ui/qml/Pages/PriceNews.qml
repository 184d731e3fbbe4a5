pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls

// The price changed though nobody touched the basket: what it is now, and why. One tap more takes it.
Rectangle {
    id: box

    required property var news

    visible: news.length > 0
    implicitHeight: rows.implicitHeight + 2 * Theme.s12
    radius: Theme.radiusControl
    color: Theme.warnSoft
    Accessible.role: Accessible.AlertMessage
    Accessible.name: news.length > 0 ? news[0] : ""

    RowLayout {
        id: rows

        anchors.fill: parent
        anchors.margins: Theme.s12
        spacing: Theme.s12

        Icon {
            Layout.alignment: Qt.AlignTop
            name: "circle-alert"
            size: 20
            tone: Theme.warn
        }
        ColumnLayout {
            Layout.fillWidth: true
            spacing: Theme.s4

            Repeater {
                model: box.news

                Words {
                    required property string modelData
                    required property int index

                    Layout.fillWidth: true
                    text: modelData
                    size: index === 0 ? Theme.body : Theme.caption
                    bold: index === 0
                    wrapMode: Text.WordWrap
                }
            }
        }
    }
}
