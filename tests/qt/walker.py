"""A walk over everything a window shows, as a person with poor sight, a thick thumb or another language meets it.

It finds text that is cut or hardly stands out from what is behind it, text and controls that lie over each other,
controls that a screen reader cannot name, that are smaller than a thumb, and words that were left in English.
Overlays (a sheet, a toast) are layers of their own: what lies in one is not held against what lies under it.
"""

from __future__ import annotations

import re
import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import chain, combinations, islice

from PySide6.QtCore import QCoreApplication, QMetaObject, QObject, QRectF, Qt, QTranslator
from PySide6.QtGui import QAccessible
from PySide6.QtQml import QJSValue, QQmlExpression, qmlContext
from PySide6.QtQuick import QQuickItem

from tests.qt import contrast
from ui.runtime.translations import load

TOUCH = 48
SLACK = 1.0
"""A pixel that rounding may take."""
PATIENCE_S = 20.0
QUIET_TURNS = 2
"""Turns in which nothing moves, after which nothing will."""
DEPTH = 6
"""How many steps outwards tell a person where an item is."""
CONTROLS = ("QQuickAbstractButton", "QQuickTextInput", "QQuickTextEdit", "QQuickSlider")
LAYERS = (QAccessible.Role.Dialog, QAccessible.Role.AlertMessage)


@dataclass(frozen=True)
class Finding:
    """One fault. kind: cut, faint, overlap, unnamed, small or untranslated."""

    kind: str
    where: str
    what: str


@dataclass(frozen=True)
class _Seen:
    item: QQuickItem
    rect: QRectF
    layer: int
    behind: bool
    """Whether it is disabled as a whole, as a page under a sheet is."""


def walk(root: QQuickItem, sources: Collection[str] = (), *, colours: bool = True) -> list[Finding]:
    """Every fault of what is shown under `root`; `colours`: also of its contrast, for which the window is drawn.

    `sources` are the English sentences that must not be read in another language (`%1`, `%n` stand for anything).
    """
    frame = root.mapRectToScene(QRectF(0, 0, root.width(), root.height()))
    seen = list(_shown(root, frame, 0))
    texts = [one for one in seen if one.item.inherits("QQuickText") and one.item.property("text")]
    controls = [one for one in seen if _pressable(one.item, frame)]
    return [
        *(finding for one in texts for finding in _cut(one.item, frame)),
        *(_faint(root, texts, seen) if colours else ()),
        *_text_on_text(texts),
        *_control_on_control(controls),
        *(finding for one in controls for finding in _held(one)),
        *_english(texts, controls, sources),
    ]


def walk_through(root: QQuickItem, sources: Collection[str] = (), *, colours: bool = True) -> list[Finding]:
    """As `walk`, with everything that scrolls down scrolled from its top to its end; each fault once."""
    lay_out(root)
    found = dict.fromkeys(walk(root, sources, colours=colours))
    for number in range(len(_scrolled(root))):
        for flick in _scrolled(root)[number : number + 1]:  # none where a list that was longer fits by now
            start, height = float(flick.property("contentY")), flick.height()
            room, here = float(flick.property("contentHeight")) - height, start + height / 2
            while room > SLACK and here < room + height / 2 and len(_scrolled(root)) > number:
                _scrolled(root)[number].setProperty("contentY", min(here, room))
                lay_out(root)
                found |= dict.fromkeys(walk(root, sources, colours=colours))
                here += height / 2
            for back in _scrolled(root)[number : number + 1]:
                _scroll_back(back, start)
            lay_out(root)
    return list(found)


def lay_out(root: QQuickItem) -> None:
    """Lets everything find its place: a layout inside another takes a turn more, and a list moves its rows only after
    one of them has grown. Before each walk, so that it never meets a page halfway. AssertionError when it never ends.
    """
    until, before, quiet = time.monotonic() + PATIENCE_S, _places(root), 0
    while quiet < QUIET_TURNS:
        QCoreApplication.processEvents()
        for item in _items(root):
            item.ensurePolished()
        now = _places(root)
        quiet = quiet + 1 if now == before else 0
        before = now
        if time.monotonic() > until:
            raise AssertionError("the page never comes to rest")


def _places(root: QQuickItem) -> list[tuple[float, float, float, float, bool]]:
    return [(one.x(), one.y(), one.width(), one.height(), one.isVisible()) for one in _items(root)]


def _scroll_back(flick: QQuickItem, start: float) -> None:
    """To where it was. A list goes to its first row: where that lies is guessed anew as rows come and go."""
    if flick.inherits("QQuickItemView"):
        QMetaObject.invokeMethod(flick, "positionViewAtBeginning")
    else:
        flick.setProperty("contentY", start)


def _scrolled(root: QQuickItem) -> list[QQuickItem]:
    """What scrolls, found anew for each use: PySide lets a wrapper go stale when its parent's was let go."""
    return [one for one in _items(root) if one.inherits("QQuickFlickable") and one.isVisible()]


def controls(root: QQuickItem) -> list[str]:
    """The labels of everything that can be pressed or typed into now."""
    frame = root.mapRectToScene(QRectF(0, 0, root.width(), root.height()))
    return [label(one.item) for one in _shown(root, frame, 0) if not one.behind and _pressable(one.item, frame)]


def label(control: QQuickItem) -> str:
    """Tells one control of a page from the others."""
    return f"{_name(control)!r} {path(control)}"


def raw(root: QQuickItem, data: Collection[str] = ()) -> list[Finding]:
    """Texts with letters of the Latin alphabet that never went through translation, with `Brackets` installed.

    `data` are the texts of the shop itself: names, codes.
    """
    frame = root.mapRectToScene(QRectF(0, 0, root.width(), root.height()))
    told = re.compile(r"⟦.*⟧", re.DOTALL)
    return [
        Finding("untranslated", path(one.item), text)
        for one in _shown(root, frame, 0)
        if one.item.inherits("QQuickText") and (text := str(one.item.property("text")))
        if re.search(r"[A-Za-z]{2}", told.sub("", text)) and not any(known in text for known in data)
    ]


def path(item: QQuickItem) -> str:
    """Where an item is, as a person who looks for it in the QML would say it."""
    names: list[str] = []
    for here in islice(chain([item], _above(item)), DEPTH):
        kind = here.metaObject().className().split("_QML")[0].removeprefix("QQuick")
        names.append(f"{kind}#{here.objectName()}" if here.objectName() else kind)
    return " < ".join(names)


def _items(item: QQuickItem) -> Iterator[QQuickItem]:
    yield item
    for child in item.childItems():
        yield from _items(child)


def _above(item: QQuickItem) -> Iterator[QQuickItem]:
    """What an item stands in, from the nearest outwards."""
    here = item.parentItem()
    while here:
        yield here
        here = here.parentItem()


def _shown(item: QQuickItem, clip: QRectF, layer: int, behind: bool = False) -> Iterator[_Seen]:
    """Every item that can be seen, with the part of it that is not clipped away."""
    if not item.isVisible() or item.opacity() == 0:
        return
    behind = behind or not item.isEnabled()
    rect = item.mapRectToScene(QRectF(0, 0, item.width(), item.height()))
    if _role(item) in LAYERS:
        layer = id(item)
    if item.clip():
        clip = clip.intersected(rect)
    shown = rect.intersected(clip)
    if not shown.isEmpty():
        yield _Seen(item, shown, layer, behind)
    gone = _gone(item)
    for child in item.childItems():
        if child not in gone:
            yield from _shown(child, clip, layer, behind)


def _gone(item: QQuickItem) -> list[QQuickItem]:
    """The rows under a list's `contentItem` that stand for nothing any more: Qt keeps a row that was being made when
    it went, and neither draws it nor lets it be touched ("culled"), but calls it visible."""
    view = item.parentItem()
    context = qmlContext(view) if view and view.inherits("QQuickItemView") else None
    if context is None:
        return []
    rows = "(() => Array.from({length: count}, (_, at) => itemAtIndex(at)).filter(Boolean))()"
    answer = QQmlExpression(context, view, rows).evaluate()
    told = answer[0] if isinstance(answer, tuple) else answer
    standing = told.toVariant() if isinstance(told, QJSValue) else told
    others = [view.property(name) for name in ("headerItem", "footerItem", "highlightItem")]
    drawn = [*standing, *(one for one in others if one)]
    return [one for one in item.childItems() if one not in drawn]


# ---------------------------------------------------------------------------------------------- text


def _ink(text: QQuickItem) -> QRectF:
    """Where the words themselves are, in the scene: a Text may be wider than what it says."""
    width, height = float(text.property("contentWidth")), float(text.property("contentHeight"))
    across, down = _alignment(text)
    left, top = float(text.property("leftPadding")), float(text.property("topPadding"))
    room = text.width() - left - float(text.property("rightPadding"))
    depth = text.height() - top - float(text.property("bottomPadding"))
    if across & Qt.AlignmentFlag.AlignHCenter.value:
        left += (room - width) / 2
    elif across & Qt.AlignmentFlag.AlignRight.value:
        left += room - width
    if down & Qt.AlignmentFlag.AlignVCenter.value:
        top += (depth - height) / 2
    elif down & Qt.AlignmentFlag.AlignBottom.value:
        top += depth - height
    return text.mapRectToScene(QRectF(left, top, width, height))


def _alignment(text: QQuickItem) -> tuple[int, int]:
    """Across and down. Asked of QML: Python has no type for a Text's own enumerations."""
    context = qmlContext(text)
    both = QQmlExpression(context, text, "horizontalAlignment + 65536 * verticalAlignment") if context else None
    value = both.evaluate() if both is not None else 0
    down, across = divmod(int(value[0] if isinstance(value, tuple) else value), 65536)
    return across, down


def _cut(text: QQuickItem, frame: QRectF) -> Iterator[Finding]:
    words, where, ink = str(text.property("text")), path(text), _ink(text)
    if text.property("truncated"):
        yield Finding("cut", where, f"{words!r} ends in dots")
    elif text.width() > 0 and float(text.property("contentWidth")) > text.width() + SLACK:
        yield Finding("cut", where, f"{words!r} is wider than its place")
    elif text.height() > 0 and float(text.property("contentHeight")) > text.height() + 2 * SLACK and text.clip():
        yield Finding("cut", where, f"{words!r} is higher than its place")
    else:
        beyond = _beyond(text, ink, frame)
        if beyond:
            yield Finding("cut", where, f"{words!r} reaches beyond {beyond}")


def _beyond(text: QQuickItem, ink: QRectF, frame: QRectF) -> str:
    """What the words reach out of: the box they stand in, what clips them, or the window."""
    scrolls_across = scrolls_down = False
    box = False
    for here in _above(text):
        rect = here.mapRectToScene(QRectF(0, 0, here.width(), here.height()))
        if here.inherits("QQuickFlickable"):
            scrolls_across = scrolls_across or float(here.property("contentWidth")) > here.width() + SLACK
            scrolls_down = scrolls_down or float(here.property("contentHeight")) > here.height() + SLACK
        if here.clip() or (not box and _is_box(here)):
            box = box or _is_box(here)
            if _out_of(ink, rect, scrolls_across, scrolls_down):
                return path(here)
    return "the window" if _out_of(ink, frame, scrolls_across, scrolls_down) else ""


def _is_box(item: QQuickItem) -> bool:
    """Whether a person sees an edge: a control, or a rectangle that is filled or has a line."""
    if item.inherits("QQuickAbstractButton"):
        return True
    return item.inherits("QQuickRectangle") and item.width() > 0 and item.property("color").alpha() > 0


def _out_of(ink: QRectF, rect: QRectF, any_x: bool, any_y: bool) -> bool:
    across = ink.left() < rect.left() - SLACK or ink.right() > rect.right() + SLACK
    down = ink.top() < rect.top() - 2 * SLACK or ink.bottom() > rect.bottom() + 2 * SLACK
    return (across and not any_x) or (down and not any_y)


def _faint(root: QQuickItem, texts: list[_Seen], seen: list[_Seen]) -> Iterator[Finding]:
    """Words that hardly stand out. What is disabled is told in words elsewhere; what a message covers is not seen."""
    picture = contrast.photographed(root)
    covers = [one for one in seen if _role(one.item) in LAYERS]
    for one in texts if picture is not None else []:
        where = _ink(one.item).intersected(one.rect)
        over = any(cover.layer != one.layer and cover.rect.intersects(where) for cover in covers)
        if picture is not None and not one.behind and not over and (what := contrast.faint(one.item, where, picture)):
            yield Finding("faint", path(one.item), f"{one.item.property('text')!r}: {what}")


def _text_on_text(texts: list[_Seen]) -> Iterator[Finding]:
    """Words over other words. The air above and below the letters, a fifth of the line, may be shared."""
    inked = [(one, _ink(one.item).intersected(one.rect)) for one in texts if not one.behind]
    for (first, a), (second, b) in combinations(inked, 2):
        shared = a.intersected(b)
        if first.layer == second.layer and shared.width() > 2 and shared.height() > min(a.height(), b.height()) / 5:
            what = f"{first.item.property('text')!r} and {second.item.property('text')!r} lie over each other"
            yield Finding("overlap", path(first.item), what)


# ---------------------------------------------------------------------------------------------- controls


def _pressable(item: QQuickItem, frame: QRectF) -> bool:
    """A control; or anything that answers a tap, but for what covers the whole window (a scrim, a watch for touch)."""
    if any(item.inherits(kind) for kind in CONTROLS):
        return bool(item.property("focusPolicy")) or not item.inherits("QQuickAbstractButton")
    if item.inherits("QQuickMouseArea"):
        whole = item.mapRectToScene(QRectF(0, 0, item.width(), item.height())).contains(frame)
        return not whole and _answers(item, "clicked(QQuickMouseEvent*)")
    taps = item.findChildren(QObject, options=Qt.FindChildOption.FindDirectChildrenOnly)
    return any(child.inherits("QQuickTapHandler") for child in taps)


def _answers(item: QObject, signal: str) -> bool:
    meta = item.metaObject()
    return item.isSignalConnected(meta.method(meta.indexOfSignal(signal)))


def _role(item: QQuickItem) -> QAccessible.Role:
    told = QAccessible.queryAccessibleInterface(item)
    return told.role() if told is not None else QAccessible.Role.NoRole


def _name(item: QQuickItem) -> str:
    told = QAccessible.queryAccessibleInterface(item)
    return told.text(QAccessible.Text.Name) if told is not None else ""


def _hit(item: QQuickItem) -> QRectF:
    """Where a tap counts: the item, or its child `hitArea` where less is drawn."""
    area = next((child for child in item.childItems() if child.objectName() == "hitArea"), item)
    return area.mapRectToScene(QRectF(0, 0, area.width(), area.height()))


def _held(one: _Seen) -> Iterator[Finding]:
    item, hit = one.item, _hit(one.item)
    if not _name(item).strip():
        yield Finding("unnamed", path(item), "a screen reader has no name for it")
    if hit.width() < TOUCH - SLACK or hit.height() < TOUCH - SLACK:
        yield Finding("small", path(item), f"{hit.width():.0f}×{hit.height():.0f}: {_name(item)!r}")


def _control_on_control(controls: list[_Seen]) -> Iterator[Finding]:
    for first, second in combinations([one for one in controls if not one.behind], 2):
        if first.layer != second.layer or _within(first.item, second.item) or _within(second.item, first.item):
            continue
        shared = _hit(first.item).intersected(_hit(second.item)).intersected(first.rect).intersected(second.rect)
        if shared.width() > SLACK and shared.height() > SLACK:
            what = f"{_name(first.item)!r} and {_name(second.item)!r} are pressed in the same place"
            yield Finding("overlap", path(first.item), what)


def _within(item: QQuickItem, other: QQuickItem) -> bool:
    return any(here == other for here in _above(item))


# ---------------------------------------------------------------------------------------------- words


def _english(texts: list[_Seen], controls: list[_Seen], sources: Collection[str]) -> Iterator[Finding]:
    patterns = [_pattern(source) for source in sources if re.search(r"[A-Za-z]{2}", re.sub(r"%[\dn]", "", source))]
    said = [(one.item, str(one.item.property("text"))) for one in texts]
    said += [(one.item, _name(one.item)) for one in controls]
    for item, text in said:
        if any(pattern.fullmatch(text) for pattern in patterns):
            yield Finding("untranslated", path(item), text)


def _pattern(source: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"%(?:\d|n)", ".+", re.escape(source)), re.DOTALL)


def english(language: str) -> list[str]:
    """The sentences of which nothing may be read when `language` is spoken."""
    return [source for source, said in load(language).items() if said != source]


class Brackets(QTranslator):
    """A language in which every translated sentence stands in ⟦brackets⟧: what stands without was never translated."""

    def translate(self, context: str, source: str, disambiguation: str | None = None, n: int = -1) -> str:
        """Qt: one sentence."""
        return f"⟦{source}⟧"

    def isEmpty(self) -> bool:
        """Qt: never, so that it is always asked."""
        return False
