pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Theme
import Controls
import StoreGuide

// A film as large as there is room: the space bar or the button plays and holds it, the arrow keys go 5 s back and on.
FocusScope {
    id: viewer

    required property LibraryViewModel model
    property list<Item> tools

    function clock(ms: int): string {
        const seconds = Math.floor(ms / 1000)
        return Math.floor(seconds / 60) + ":" + String(seconds % 60).padStart(2, "0")
    }

    Keys.onLeftPressed: film.seek(film.at - 5000)
    Keys.onRightPressed: film.seek(film.at + 5000)
    Keys.onSpacePressed: film.toggle()
    Component.onDestruction: film.close()

    ColumnLayout {
        anchors.fill: parent
        spacing: 0

        Item {
            Layout.fillWidth: true
            Layout.fillHeight: true

            Image {
                anchors.fill: parent
                visible: !film.begun
                source: viewer.model.pictureOf(viewer.model.poster, viewer.model.turn)
                asynchronous: true
                fillMode: Image.PreserveAspectFit
                Accessible.ignored: true
            }
            FilmView {
                id: film

                objectName: "film"
                anchors.fill: parent
                player: viewer.model.player
                film: viewer.model.film
                Accessible.role: Accessible.Graphic
                Accessible.name: viewer.model.title
                onEnded: viewer.model.sawEnd()
            }
            Tag {
                anchors.centerIn: parent
                visible: film.broken
                text: qsTr("This film cannot be played here")
                tone: "bad"
                symbol: "circle-alert"
            }
        }
        RowLayout {
            Layout.fillWidth: true
            Layout.leftMargin: Theme.s16
            Layout.rightMargin: Theme.s16
            Layout.topMargin: Theme.s8
            Layout.bottomMargin: Theme.s8
            spacing: Theme.s8

            IconButton {
                objectName: "film-play"
                focus: true
                enabled: !film.broken
                symbol: film.playing ? "pause" : "play"
                name: film.playing ? qsTr("Pause") : qsTr("Play")
                onClicked: film.toggle()
            }
            T.Slider {
                id: slider

                objectName: "film-place"
                Layout.fillWidth: true
                Layout.minimumWidth: 60
                implicitHeight: Theme.touch
                to: Math.max(1, film.length)
                value: film.at
                enabled: film.length > 0
                Accessible.role: Accessible.Slider
                Accessible.name: qsTr("Where it stands in the film")
                onMoved: film.seek(Math.round(value))

                background: ProgressTrack {
                    anchors.verticalCenter: parent.verticalCenter
                    width: slider.width
                    value: slider.visualPosition
                    Accessible.ignored: true
                }
                handle: Rectangle {
                    x: slider.visualPosition * (slider.width - width)
                    anchors.verticalCenter: parent.verticalCenter
                    width: 24
                    height: 24
                    radius: 12
                    color: Theme.raised
                    border.width: slider.visualFocus ? 3 : 2
                    border.color: Theme.accent
                }
            }
            Words {
                objectName: "film-clock"
                text: qsTr("%1 of %2").arg(viewer.clock(film.at)).arg(viewer.clock(film.length))
                color: Theme.ink2
            }
            Row {
                data: viewer.tools
                spacing: Theme.s8
            }
        }
    }
}
