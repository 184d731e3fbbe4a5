pragma ComponentBehavior: Bound
import QtQuick
import Theme
import Controls
import StoreGuide

// What a material shows, its pages or its film, with `tools` beside what leads through it.
FocusScope {
    id: viewer

    required property LibraryViewModel model
    default property list<Item> tools

    Loader {
        anchors.fill: parent
        focus: true
        sourceComponent: viewer.model.kind === "video" ? film : pages
    }
    Component {
        id: pages

        MaterialPages {
            focus: true
            model: viewer.model
            tools: viewer.tools
        }
    }
    Component {
        id: film

        MaterialFilm {
            focus: true
            model: viewer.model
            tools: viewer.tools
        }
    }
}
