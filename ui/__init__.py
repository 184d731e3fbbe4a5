"""What a guide sees: view-models in Python, pages in QML, and the window that holds them.

A page is a view-model, a QML file and its tests.

The view-model (`ui/viewmodels/<page>.py`) is a `ViewModel` with `@QmlElement`: typed properties with one `changed`
signal, slots named as QML names them, lists as `KeyedListModel` of a `Row`. It is given services and a `Desk` (work in
the event loop, toasts, figures, navigation), does no I/O itself and holds no rule of the trade. Its `enter` says what
its page is opened with. A line in `ui/runtime/pages.py` names it; it is made when its page is first opened.

The QML (`ui/qml/Pages/<Page>.qml`, listed in `Pages/qmldir`) starts with ``pragma ComponentBehavior: Bound``, imports
`Theme`, `Controls` and `StoreGuide`, and has ``required property XViewModel model`` and ``required property bool
portrait``. Colours, sizes and durations come from `Theme`; heights around text from ``Theme.grown(px)``. What can be
pressed is a control of `Controls` (or stands on `Pressable`): it has a name for a screen reader, the focus ring, Space
and Enter, and 48 × 48 to hit; where less is drawn and the control is not larger, a child ``objectName: "hitArea"`` is.
`tests/qt/gallery.qml` shows every control with its properties. `PageSlot.qml` loads the page when it is opened.

Words are English in the source: ``qsTr("…")`` in QML, `tr` and `trn` in Python, never glued from pieces. The Chinese
stands in `assets/translations/zh_CN.json`; ``python -m ui.runtime.translations check`` names what is missing. Money,
numbers, days and times go through the desk's figures.

Tests: the view-model without a window (`tests/qt/viewmodels/`); the page in a window without one Qt warning, held to
`tests/qt/walker.py` (nothing cut, overlapping, unnamed, under 48 dp or left in English) and drawn by
`tests/qt/pictures.py` in the looks a person may choose.
"""
