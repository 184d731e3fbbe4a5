pragma ComponentBehavior: Bound
import QtQuick
import StoreGuide

// Where a page stands: made with its view-model when it is named, gone with the name.
Loader {
    id: slot

    required property Pages pages
    required property string page
    required property bool portrait

    function fill() {
        if (page === "")
            source = ""
        else
            setSource("Pages/" + page + ".qml", { model: pages.model(page), portrait: Qt.binding(() => slot.portrait) })
    }

    onPageChanged: fill()
}
