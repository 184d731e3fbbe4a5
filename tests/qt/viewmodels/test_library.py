"""The library's page without a window: what it finds, narrows and says, and what a guide does with material."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import pytest

from guide_app.domain.clock import to_text
from guide_app.domain.records import Consent, Material, Member, Wish
from guide_app.services.ports.library import Reader
from tests.contract.library import NOW, LibraryContract, Shelved
from tests.qt.shown_library import Drawn, MemoryLibrary, a_library, row_of
from tests.qt.viewmodels.fakes import GU, LIN, Counter
from ui.viewmodels.library import LibraryViewModel
from ui.viewmodels.material import LibraryPorts


class TestMemory(LibraryContract):
    """The library of the page tests is held to the port too."""

    @pytest.fixture
    def shelf(self) -> Shelved:
        library = MemoryLibrary([], NOW)

        async def put(materials: Sequence[Material]) -> None:
            library.rows = [row_of(one) for one in materials]

        return Shelved(library, Reader(guide_id=LIN, role="guide"), put)


class Page:
    """The view-model over a library in memory; its guide is signed in."""

    def __init__(self, counter: Counter) -> None:
        self.counter, now = counter, counter.clock.now()
        self.library = MemoryLibrary(a_library(Drawn(now)), to_text(now))
        self.copied: list[str] = []
        shelf = counter.any_shelf
        ports = LibraryPorts(
            reader=self.library, doing=self.library, members=shelf, catalogue=shelf, shop=shelf, talks=counter.talks
        )
        counter.sign_in()
        self.model: Any = LibraryViewModel(counter.desk, ports, counter.session, shelf, self.copied.append)

    def id(self, n: int) -> str:
        return self.library.rows[n].material.material

    def change(self, n: int, **changes: object) -> None:
        self.library.rows[n] = msgspec.structs.replace(self.library.rows[n], **changes)

    def tiles(self) -> dict[str, Any]:
        return {tile.title: tile for tile in self.model.found.rows}

    def chips(self) -> dict[str, bool]:
        return {chip.label: chip.selected for chip in self.model.chips.rows}


@pytest.fixture
def page(counter: Counter) -> Page:
    page = Page(counter)
    page.model.enter({})
    return page


def test_at_a_glance_what_is_here_what_is_coming_and_what_is_not_and_why(page: Page) -> None:
    tiles = page.tiles()
    said = {title: (tile.standing, tile.dimmed) for title, tile in tiles.items()}
    assert said["Winter skin in three steps"] == ("On this tablet", False)
    assert said["Light pushchairs compared"][0].startswith("On its way, 6")
    assert said["How babies sleep"] == ("No room left for it: 84 MB", False)
    assert said["First foods, month by month"] == ("Ended on 20 November", True)
    assert said["November poster"] == ("Withdrawn on 20 November", True)
    assert said["Double twelve for members"] == ("May be shown from 24 November", True)
    assert tiles["Light pushchairs compared"].progress == pytest.approx(0.62, abs=0.01)
    assert page.model.counts == "5 of 7 on this tablet"
    assert (tiles["Nappy rash: three steps"].until, tiles["Nappy rash: three steps"].ends_soon) == (
        "Until 24 November", True,
    )  # fmt: skip
    assert [tiles[title].length for title in ("Nappy sizes in 40 seconds", "Changing to stage 2 milk")] == [
        "Film 0:40", "PDF, 12 page(s)",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("why", "said"),
    [
        ("queued", "Waits its turn: 84 MB"), ("disk_full", "The disk is full: 84 MB"),
        ("not_at_hq", "HQ does not have the file now"), ("", "Not on this tablet: 84 MB"),
    ],
)  # fmt: skip
def test_each_reason_why_it_is_not_here_has_words(page: Page, why: str, said: str) -> None:
    page.change(5, why_absent=why)
    page.model.refresh()
    assert page.tiles()["How babies sleep"].standing == said
    page.model.choose(page.id(5))
    assert (page.model.showable, page.model.away) == (False, True)
    page.model.bring()
    assert page.library.done == [("bring", page.id(5), 1)]


def test_must_reads_come_first_with_their_mark_until_they_are_confirmed(page: Page) -> None:
    first = [(tile.title, tile.must) for tile in page.model.found.rows][:2]
    assert first == [("Winter skin in three steps", "Must read"), ("Changing to stage 2 milk", "Must read")]
    assert "Must read 2" in page.chips()
    page.model.choose(page.id(0))
    page.model.confirm()
    assert page.library.done == [], "its end was not seen"
    page.model.sawEnd()
    page.model.confirm()
    assert page.library.done == [("read", page.id(0), 1)]
    assert (page.tiles()["Winter skin in three steps"].must, "Must read 1" in page.chips()) == ("Read", True)


def test_a_new_version_must_be_read_again_to_its_end(page: Page) -> None:
    page.model.choose(page.id(0))
    page.model.sawEnd()
    page.model.confirm()
    page.library.replace(msgspec.structs.replace(page.library.rows[0].material, version=2))
    page.model.refresh()
    assert (page.model.confirmable, page.model.endSeen) == (True, False)


def test_filters_narrow_one_of_each_and_all_takes_them_back(page: Page) -> None:
    whole = len(page.model.found.rows)
    page.model.narrow("topic", "换季护肤")
    page.model.narrow("kind", "pdf")
    assert [tile.title for tile in page.model.found.rows] == ["First foods, month by month"]
    assert (page.model.narrowed, page.chips()["Winter skin"]) == (1, True)
    page.model.narrow("kind", "pdf")
    assert page.model.narrowed == 0
    page.model.narrow("lies", "away")
    page.model.narrow("all", "")
    assert len(page.model.found.rows) == whole
    page.model.search("zys")
    assert page.model.nothing
    page.model.search("nzp")
    assert [tile.title for tile in page.model.found.rows] == []
    page.model.search("niaoku")
    assert [tile.title for tile in page.model.found.rows][:1] == ["Nappy sizes in 40 seconds"]


def test_favourites_and_what_was_used_lately(page: Page) -> None:
    page.model.choose(page.id(3))
    page.model.keep()
    page.model.narrow("only", "favourites")
    assert [tile.title for tile in page.model.found.rows] == ["Light pushchairs compared"]
    page.model.keep()
    assert page.model.found.rows == ()
    page.model.choose(page.id(4))
    shown: list[bool] = []
    page.model.showAsked.connect(lambda: shown.append(True))
    page.model.show()
    page.model.narrow("only", "recent")
    assert (shown, [tile.title for tile in page.model.found.rows]) == ([True], ["Nappy rash: three steps"])
    assert page.library.done[-1] == ("shown", page.id(4), 1)


@pytest.mark.parametrize("n", [6, 7, 8])
def test_what_is_over_withdrawn_or_to_come_is_never_shown(page: Page, n: int) -> None:
    page.model.choose(page.id(n))
    shown: list[bool] = []
    page.model.showAsked.connect(lambda: shown.append(True))
    page.model.show()
    page.model.look()
    assert (page.model.showable, page.model.pages, page.model.film, page.model.poster) == (False, [], "", "")
    assert page.model.whyNot
    assert (shown, page.library.done, page.counter.heard.sheets) == ([], [], [])


def test_words_are_filled_copied_and_logged_for_a_member_who_agreed(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.model.search("wenhou")
    page.model.choose(page.id(9))
    assert page.model.text == "wenhou", "what was searched for is something else"
    assert page.model.letterProblem == "Open it from a member's page: it calls them by name."
    page.model.copyLetter()
    assert page.copied == []
    consents = (Consent(kind="marketing_wechat", granted=True, policy_version="1", ver=1, at=NOW),)
    _member_is(page, monkeypatch, consents)
    page.model.enter({"memberId": "m1"})
    assert page.model.letter == "Dear 许安然, thank you for coming to Wutong Road today. 林晓棠"
    assert page.model.letterProblem == ""
    page.model.copyLetter()
    page.model.sent()
    assert page.copied == [page.model.letter]
    ((_, draft),) = page.counter.shelf.drafts
    body: Any = draft.body
    assert (body.member_id, body.channel, body.outcome, body.materials) == ("m1", "wechat", "sent", (page.id(9),))


def test_who_did_not_agree_gets_no_words(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    _member_is(page, monkeypatch, ())
    page.model.enter({"memberId": "m1", "materialId": page.id(9)})
    page.model.choose(page.id(9))
    page.model.copyLetter()
    page.model.sent()
    assert page.model.letterProblem == "Not asked yet whether offers may come this way"
    assert (page.copied, page.counter.shelf.drafts) == ([], [])


def test_the_next_guide_finds_nothing_of_the_last_one_s(page: Page) -> None:
    page.model.narrow("only", "must_read")
    page.model.choose(page.id(0))
    page.model.sawEnd()
    page.counter.sign_in(GU)
    assert (page.model.chosen, page.model.endSeen, page.model.letter) == (False, False, "")
    page.model.enter({})
    assert page.chips()["All 7"]


def _member_is(page: Page, monkeypatch: pytest.MonkeyPatch, consents: tuple[Consent, ...], **more: Any) -> None:
    from guide_app.services.ports.members import MemberView

    known = Member(member_no="101AB7K00439", phone="+8613800138000", name="许安然", consents=consents, **more)

    async def get(member_id: str) -> MemberView | None:
        if member_id != "m1":
            return None
        return MemberView(id="m1", member=known, ver=1, spent_90d=0, orders_90d=0, average_days=None)

    async def timeline(*_: object, **__: object) -> list[object]:
        return []

    monkeypatch.setattr(page.counter.shelf, "get", get)
    monkeypatch.setattr(page.counter.shelf, "timeline", timeline, raising=False)


def test_what_goes_with_a_member_is_what_they_wish_for(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    _member_is(page, monkeypatch, (), wishes=(Wish(product_id="p1", since=NOW),))
    row = page.library.rows[3]
    page.library.replace(msgspec.structs.replace(row.material, products=("p1",)))
    page.model.enter({"memberId": "m1"})
    assert ([tile.title for tile in page.model.found.rows], page.model.goesWith) == (
        ["Light pushchairs compared"], "许安然",
    )  # fmt: skip
    page.model.everything()
    assert (len(page.model.found.rows), page.model.goesWith, page.model.memberName) == (10, "", "")
