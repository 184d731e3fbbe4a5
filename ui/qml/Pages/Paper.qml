pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// A document for paper, as it comes out of the printer: words left, figures right, the code on white.
Flickable {
    id: paper

    required property var rows
    property string name: ""

    contentHeight: column.implicitHeight + 2 * Theme.s20
    clip: true
    boundsBehavior: Flickable.StopAtBounds
    Accessible.role: Accessible.Document
    Accessible.name: name

    ColumnLayout {
        id: column

        x: Theme.s20
        y: Theme.s20
        width: paper.width - 2 * Theme.s20
        spacing: Theme.s4

        Repeater {
            model: paper.rows

            Loader {
                id: row

                required property string kind
                required property string text
                required property string figure
                required property bool strong
                required property bool big
                required property bool centred
                required property bool inset
                readonly property real size: big ? Theme.title : Theme.body

                Layout.fillWidth: true
                sourceComponent: kind === "code" ? code : kind === "rule" ? rule : kind === "pair" ? pair : line

                Component {
                    id: line

                    Words {
                        text: row.text
                        size: row.size
                        bold: row.strong
                        horizontalAlignment: row.centred ? Text.AlignHCenter : Text.AlignLeft
                        wrapMode: Text.Wrap
                    }
                }
                Component {
                    id: pair

                    RowLayout {
                        spacing: Theme.s12

                        Words {
                            Layout.fillWidth: true
                            Layout.leftMargin: row.inset ? Theme.s16 : 0
                            Layout.alignment: Qt.AlignBottom
                            text: row.text
                            size: row.size
                            bold: row.strong
                            color: row.inset ? Theme.ink2 : Theme.ink
                            wrapMode: Text.Wrap
                        }
                        Words {
                            Layout.alignment: Qt.AlignBottom
                            text: row.figure
                            size: row.size
                            bold: row.strong
                        }
                    }
                }
                Component {
                    id: rule

                    Item {
                        implicitHeight: 2 * Theme.s8 + 1

                        Divider {
                            width: parent.width
                            y: Theme.s8
                        }
                    }
                }
                Component {
                    id: code

                    Item {
                        implicitHeight: picture.height + 2 * Theme.s8

                        QrCode {
                            id: picture

                            anchors.centerIn: parent
                            width: 4 * side
                            height: width
                            text: row.text
                            Accessible.role: Accessible.Graphic
                            Accessible.name: qsTr("QR code of %1").arg(row.text)
                        }
                    }
                }
            }
        }
    }
}
