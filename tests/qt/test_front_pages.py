"""Lock, enrolment, first sync, Today, attention, settings and trouble, each alone in a window: every look is without
a fault, and the taps reach their view-models. A QML warning fails any test of this file.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QUrl
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtQuick import QQuickItem, QQuickView
from PySide6.QtTest import QTest

from guide_app.domain.errors import Refused, StoreUnusable
from guide_app.domain.rhythm import Refill, Visits
from guide_app.services.ports.engine import AttentionRow, Progress, Waiting, WorkProof
from tests.qt.pictures import LANDSCAPE, PORTRAIT, Look, hold, take
from tests.qt.viewmodels.fakes import LIN, MILK, NOW, PIN, Counter, due, member, tablet, troubles
from tests.qt.walker import english, walk_through
from ui.runtime.figures import LocalFigures
from ui.runtime.icons import IconProvider
from ui.runtime.translations import CatalogueTranslator
from ui.runtime.windows import QML, load_fonts
from ui.viewmodels.attention import AttentionViewModel
from ui.viewmodels.enrol import EnrolViewModel
from ui.viewmodels.first_sync import FirstSyncViewModel
from ui.viewmodels.lock import LockViewModel
from ui.viewmodels.settings import SettingsViewModel
from ui.viewmodels.today import TodayViewModel
from ui.viewmodels.trouble import TroubleViewModel

FRAMED = {"Today": (96, 144), "Attention": (96, 144), "Settings": (96, 144)}
"""What rail, top bar and banner take of the window: across and down."""
PLAIN = Look(LANDSCAPE, "en")
HARD = Look(PORTRAIT, "zh_CN", dark=True, text_scale=1.3)
LOOKS = [
    Look(size, language, dark=scale > 1, text_scale=scale)
    for size in (LANDSCAPE, PORTRAIT)
    for language in ("en", "zh_CN")
    for scale in (1.0, 1.3)
]


class Stage:
    """One page in a window of its own, over a shop in memory."""

    def __init__(self) -> None:
        self.counter = Counter()
        self._views: list[QQuickView] = []
        self._models: list[QObject] = []
        self._translators: list[CatalogueTranslator] = []

    def show(self, name: str, model: QObject, look: Look) -> QQuickView:
        """Opens the page in a look."""
        view = QQuickView()
        self._views.append(view)
        self._models.append(model)  # bindings must never see it gone
        view.engine().addImportPath(str(QML))
        view.engine().addImageProvider("icon", IconProvider())
        view.setResizeMode(QQuickView.ResizeMode.SizeRootObjectToView)
        view.setInitialProperties({"model": model, "portrait": look.size == PORTRAIT})
        view.setSource(QUrl.fromLocalFile(str(QML / "Pages" / f"{name}.qml")))
        assert view.status() == QQuickView.Status.Ready, [error.toString() for error in view.errors()]
        theme = view.engine().singletonInstance("Theme", "Theme")
        assert isinstance(theme, QObject)
        theme.setProperty("dark", look.dark)
        theme.setProperty("textScale", look.text_scale)
        view.setColor(theme.property("surface"))
        looks = self.counter.looks
        looks.language, looks.text_scale = "zh_CN" if look.language == "zh_CN" else "en", look.text_scale
        looks.theme = "dark" if look.dark else "light"
        self._speak(view, model, look.language)
        across, down = FRAMED.get(name, (0, 0))
        hold(view, Look((look.size[0] - across, look.size[1] - down), look.language, look.dark, look.text_scale))
        view.show()
        view.requestActivate()
        QTest.qWaitForWindowExposed(view)
        return view

    def close(self) -> None:
        for view in self._views:
            view.close()
            view.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        app = QCoreApplication.instance()
        assert app is not None
        for translator in self._translators:
            app.removeTranslator(translator)
        self.counter.work.close()

    def _speak(self, view: QQuickView, model: QObject, language: str) -> None:
        """After the page has loaded: the loader's own thread must not wait for a translator written in Python."""
        app = QCoreApplication.instance()
        assert app is not None
        self._translators.append(CatalogueTranslator(language))
        app.installTranslator(self._translators[-1])
        figures = LocalFigures(self.counter.clock, language)
        figures.set_zone("Asia/Shanghai")
        self.counter.desk.figures = figures
        view.engine().retranslate()
        getattr(model, "retranslate")()  # noqa: B009  (every view-model of a page has it; their base does not)


@pytest.fixture
def stage(qapp: object) -> Iterator[Stage]:
    load_fonts()
    stage = Stage()
    fill(stage.counter)
    yield stage
    stage.close()
    del stage
    gc.collect()  # timers must end in this thread, not where another test's store collects them


def fill(counter: Counter) -> None:
    """A day in the shop."""
    shelf = counter.shelf
    shelf.due = [
        due("f1", member("m1", "许安然", level="金卡"), "2026-11-19", "奶粉到货要告诉她"),
        due(
            "f2", member("m2", "欧阳慕容晓棠", level="银卡"), "2026-11-21", "问问润肤乳用得怎么样，宝宝的皮肤好些了没有"
        ),
        due("f3", member("m3", "陆思远"), "2026-11-21"),
    ]
    shelf.cakes = [member("m4", "沈佳宁", birthday="11-22")]
    day = NOW.date().toordinal()
    shelf.habits = {
        member("m5", "唐雨桐", level="金卡"): (
            (Refill("product", MILK, 4, day - 26, 28),), Visits(9, day - 26, 21)
        ),
        member("m6", "方晨"): ((), Visits(5, day - 90, 20)),
        member("m7", "何佳怡", level="银卡"): ((), Visits(1, day - 57, None)),
    }  # fmt: skip
    shelf.mute = {"m7"}
    shelf.things = troubles()
    shelf.work = WorkProof(first=131, last=148, waiting=6, parked=(140,), missing=())
    shelf.waits = Waiting(
        by_kind={"order.place": 2, "talk.log": 3, "member.sign_up": 1}, oldest="2026-11-21T01:12:00.000Z", parked=0
    )


def lock(counter: Counter) -> LockViewModel:
    shelf, looks = counter.any_shelf, counter.looks
    model = LockViewModel(
        counter.desk, counter.session, shelf, shelf, counter.link, shelf, counter.clock, looks, looks.apply
    )
    model.open()
    return model


def lock_typing(counter: Counter) -> LockViewModel:
    model = lock(counter)
    model.choose(LIN)
    types(model.pad, PIN[:4])
    return model


def lock_barred(counter: Counter) -> LockViewModel:
    counter.shelf.info = tablet(barred="tablet_locked_out")
    return lock(counter)


def lock_waiting(counter: Counter) -> LockViewModel:
    counter.link.set(phase="offline", problem="no_network")
    model = lock(counter)
    model.choose(LIN)
    types(model.pad, "000001" * 3)
    return model


def enrol(counter: Counter) -> EnrolViewModel:
    return EnrolViewModel(counter.desk, counter.link, counter.looks, counter.looks.apply)


def enrol_refused(counter: Counter) -> EnrolViewModel:
    counter.link.refuses = Refused("enrol_code")
    model = enrol(counter)
    model.scanned("https://hq.example.com#K7P2-QXM4")
    return model


def enrol_old(counter: Counter) -> EnrolViewModel:
    counter.link.refuses = Refused("app_old")
    model = enrol(counter)
    model.scanned("https://hq.example.com#K7P2-QXM4")
    return model


def first_sync(counter: Counter) -> FirstSyncViewModel:
    load = Progress(step="members", rows_done=68_400, rows_total=100_312, bytes_done=52_000_000, seconds_left=230)
    counter.link.set(phase="loading", last_in_step="", progress=load)
    return FirstSyncViewModel(counter.desk, counter.link)


def first_sync_offline(counter: Counter) -> FirstSyncViewModel:
    model = first_sync(counter)
    counter.link.set(phase="offline", problem="no_network")
    return model


def today(counter: Counter) -> TodayViewModel:
    shelf = counter.any_shelf
    promises = counter.promises()
    model = TodayViewModel(
        counter.desk, counter.today, counter.morning, shelf, counter.session, shelf, promises, counter.ending(),
        counter.must(),
    )  # fmt: skip
    counter.sign_in()
    model.open()
    return model


def today_empty(counter: Counter) -> TodayViewModel:
    counter.shelf.due, counter.shelf.cakes, counter.shelf.habits = [], [], {}
    return today(counter)


def attention(counter: Counter) -> AttentionViewModel:
    model = AttentionViewModel(
        counter.desk,
        counter.attention,
        counter.reopened.append,
        counter.state,
        counter.session,
        counter.any_shelf,
        "key_file",
    )
    counter.sign_in()
    model.open()
    return model


def attention_settled(counter: Counter) -> AttentionViewModel:
    model = attention(counter)
    model.setFilter("settled")
    return model


def attention_goods(counter: Counter) -> AttentionViewModel:
    counter.shelf.things = [
        AttentionRow(key=kind, kind=kind, code=kind, at="2026-11-21T01:00:00.000Z", order_id="o", order_number="7",
                     member_name="陈静")
        for kind in ("way_too_late", "way_of_hq", "left_cancelled", "settled_twice")
    ]  # fmt: skip
    return attention(counter)


def attention_empty(counter: Counter) -> AttentionViewModel:
    counter.shelf.things = []
    return attention(counter)


def settings(counter: Counter) -> SettingsViewModel:
    looks = counter.looks
    model = SettingsViewModel(
        counter.desk, counter.session, counter.state, counter.any_shelf, counter.clock, looks, looks.apply, "0.1.0",
        counter.papers, "key_file",
    )  # fmt: skip
    counter.sign_in()
    model.open()
    return model


def settings_pin(counter: Counter) -> SettingsViewModel:
    model = settings(counter)
    model.changePin()
    return model


def trouble(counter: Counter) -> TroubleViewModel:
    return trouble_of(counter, StoreUnusable("damaged", "quick_check"))


def trouble_trying(counter: Counter) -> TroubleViewModel:
    model = trouble_of(counter, StoreUnusable("key_gone"))
    model.tryAgain()
    return model


def trouble_defect(counter: Counter) -> TroubleViewModel:
    return trouble_of(counter, RuntimeError("not for a customer's eyes"))


def trouble_of(counter: Counter, error: Exception) -> TroubleViewModel:
    model = TroubleViewModel(counter.looks, "0.1.0", counter.looks.apply)
    model.tell(error)
    return model


MAIN: dict[str, Callable[[Counter], QObject]] = {
    "Lock": lock_typing,
    "Enrol": enrol,
    "FirstSync": first_sync,
    "Today": today,
    "Attention": attention,
    "Settings": settings,
    "Trouble": trouble,
}
OTHER = [
    ("Lock", lock),
    ("Lock", lock_waiting),
    ("Lock", lock_barred),
    ("Enrol", enrol_refused),
    ("Enrol", enrol_old),
    ("FirstSync", first_sync_offline),
    ("Today", today_empty),
    ("Attention", attention_settled),
    ("Attention", attention_goods),
    ("Attention", attention_empty),
    ("Settings", settings_pin),
    ("Trouble", trouble_trying),
    ("Trouble", trouble_defect),
]


def types(pad: Any, digits: str) -> None:
    for digit in digits:
        pad.digit(digit)


def faults(view: QQuickView, look: Look) -> list[str]:
    sources = english("zh_CN") if look.language == "zh_CN" else []
    return [str(finding) for finding in walk_through(view.rootObject(), sources)]


@pytest.mark.parametrize("look", LOOKS, ids=str)
@pytest.mark.parametrize("name", MAIN)
def test_every_look_is_without_a_fault(stage: Stage, name: str, look: Look) -> None:
    view = stage.show(name, MAIN[name](stage.counter), look)
    take(view, f"{name}-alone" if name in FRAMED else name, look)  # the whole app takes it in its frame
    assert not faults(view, look)


@pytest.mark.parametrize("look", [PLAIN, HARD], ids=str)
@pytest.mark.parametrize(("name", "make"), OTHER, ids=[make.__name__ for _, make in OTHER])
def test_every_state_is_without_a_fault(
    stage: Stage, name: str, make: Callable[[Counter], QObject], look: Look
) -> None:
    view = stage.show(name, make(stage.counter), look)
    take(view, make.__name__, look)
    assert not faults(view, look)


def items(item: QQuickItem) -> Iterator[QQuickItem]:
    yield item
    for child in item.childItems():
        yield from items(child)


def tap(view: QQuickView, name: str) -> None:
    item = next(item for item in items(view.contentItem()) if item.objectName() == name)
    spot = item.mapToScene(item.boundingRect().center()).toPoint()
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=spot)


def test_a_guide_signs_in_by_taps_and_by_keys(stage: Stage) -> None:
    view = stage.show("Lock", lock(stage.counter), PLAIN)
    tap(view, "guide-林晓棠")
    for digit in PIN[:3]:
        tap(view, f"key-{digit}")
    for digit in PIN[3:]:
        QTest.keyClick(view, Qt.Key(ord(digit)))
    assert stage.counter.session.guide_id == LIN


def test_a_tap_on_contact_leads_to_the_person(stage: Stage) -> None:
    view = stage.show("Today", today(stage.counter), PLAIN)
    tap(view, "contact-1")
    assert stage.counter.heard.sheets == [("LogTalk", {"memberId": "m2", "followupId": "f2"})]


def test_a_tap_on_a_filter_narrows_the_list(stage: Stage) -> None:
    model: Any = today(stage.counter)
    view = stage.show("Today", model, PLAIN)
    tap(view, "filter-birthday")
    assert [row.key for row in model.people.rows] == ["birthday:m4"]


def test_a_repair_is_one_tap(stage: Stage) -> None:
    view = stage.show("Attention", attention(stage.counter), PLAIN)
    tap(view, "take_theirs-c")
    assert [draft.kind for _, draft in stage.counter.shelf.drafts] == ["member.edit"]


def test_a_new_tablet_is_connected_by_typing(stage: Stage) -> None:
    view = stage.show("Enrol", enrol(stage.counter), PLAIN)
    tap(view, "enrol-code")
    for letter in "hq.example.com#k7":
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QGuiApplication.sendEvent(view, QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, letter))
    tap(view, "enrol")
    assert stage.counter.link.enrolled == [("hq.example.com", "k7", "Counter tablet")]


def test_the_look_is_chosen_by_a_tap(stage: Stage) -> None:
    view = stage.show("Settings", settings(stage.counter), PLAIN)
    tap(view, "segment-dark")
    tap(view, "segment-1.3")
    assert (stage.counter.looks.theme, stage.counter.looks.text_scale) == ("dark", 1.3)


def test_who_reads_of_trouble_tries_again_or_closes(stage: Stage) -> None:
    model: Any = trouble_of(stage.counter, StoreUnusable("already_running"))
    said: list[str] = []
    model.again.connect(lambda: said.append("again"))
    model.closed.connect(lambda: said.append("closed"))
    view = stage.show("Trouble", model, PLAIN)
    tap(view, "trouble-again")
    tap(view, "trouble-again")
    assert (said, model.busy) == (["again"], True)
    model.tell(StoreUnusable("already_running"))
    tap(view, "trouble-close")
    tap(view, "segment-zh_CN")
    assert said == ["again", "closed"]
    assert stage.counter.looks.language == "zh_CN"
