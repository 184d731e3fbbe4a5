import QtQuick

// A list of rows that come and go. Rows are made when they are seen, none ahead of it: Qt makes those beside the view
// bit by bit, and where the model drops one amid that, it warns and keeps a dead row about. Old rows are used again, so
// that to scroll costs little all the same.
ListView {
    boundsBehavior: Flickable.StopAtBounds
    cacheBuffer: 0
    clip: true
    reuseItems: true
}
