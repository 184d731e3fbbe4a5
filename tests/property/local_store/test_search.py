"""Search by an index of beginnings finds exactly what looking at every member would find."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guide_app.domain.records import Member
from tests.unit.local_store.fake_hq import uuid
from tests.unit.local_store.kit import Bench, member

SURNAMES, GIVEN = "王李单曾吕", "明芳伟建国绿雨"
LATIN = ("Anna Wang", "Wang Li", "Li Ming", "Bo")
COUNT = 300


class People:
    """A store with members of few different names, and the loop that it is asked in."""

    def __init__(self, path: Path) -> None:
        self.runner = asyncio.Runner()
        self.bench = Bench(path)
        self.members: dict[str, Member] = {}
        chosen = random.Random(5)
        for n in range(COUNT):
            name = chosen.choice(SURNAMES) + "".join(chosen.choice(GIVEN) for _ in range(chosen.choice((1, 2))))
            name = chosen.choice(LATIN) if n % 10 == 0 else name
            phone = f"+861{chosen.choice('35')}8{chosen.randrange(10**8):08d}"
            self.members[uuid()] = member(name, phone, member_no=f"101AB7K{n:04d}X", owner_id=f"owner{n % 3}")
        self.runner.run(self._load())

    async def _load(self) -> None:
        for member_id, record in self.members.items():
            self.bench.hq.publish("member", member_id, record)
        await self.bench.enrol()

    def close(self) -> None:
        """Ends the store and the loop."""
        self.bench.store.close()
        self.runner.close()


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Iterator[People]:
    made = People(tmp_path_factory.mktemp("search") / "store.db")
    yield made
    made.close()


han = st.text(alphabet=SURNAMES + GIVEN, min_size=1, max_size=3)
latin = st.sampled_from(
    ["wang", "wa", "w", "ming", "mi", "shan", "lv", "lu", "l", "xy", "wm", "zm", "anna", "annaw", "b"]
)
digits = st.text(alphabet="0123456789", min_size=1, max_size=4)
pieces = st.lists(han | latin | digits, min_size=1, max_size=3)


@given(asked=pieces, owner=st.sampled_from(["", "owner0", "owner2"]))
def test_as_if_every_member_were_looked_at(people: People, asked: list[str], owner: str) -> None:
    text = " ".join(asked)
    want = {
        member_id
        for member_id, record in people.members.items()
        if owner in ("", record.owner_id) and _fits(asked, record)
    }
    rows = people.runner.run(people.bench.store.members.search(text, owner_id=owner, limit=COUNT))
    assert {row.id for row in rows} == want
    assert len(rows) == len(want)
    assert people.runner.run(people.bench.store.members.count(text, owner_id=owner)) == len(want)


@given(text=st.text(max_size=12))
def test_no_text_breaks_it(people: People, text: str) -> None:
    people.runner.run(people.bench.store.members.search(text))
    people.runner.run(people.bench.store.catalogue.search(text))
    people.runner.run(people.bench.store.orders.list(text=text))


@given(asked=pieces, cut=st.integers(1, 20))
def test_pages_hold_each_member_once(people: People, asked: list[str], cut: int) -> None:
    text = " ".join(asked)

    async def page(offset: int) -> list[str]:
        return [row.id for row in await people.bench.store.members.search(text, limit=cut, offset=offset)]

    whole: list[str] = []
    while part := people.runner.run(page(len(whole))):
        whole += part
    assert len(whole) == len(set(whole)) == people.runner.run(people.bench.store.members.count(text))


def _fits(asked: list[str], record: Member) -> bool:
    """By the plain meaning of the search, without any index."""
    if all(piece.isdigit() for piece in asked):
        return _piece_fits("".join(asked), record)
    return all(_piece_fits(piece, record) for piece in asked)


def _piece_fits(piece: str, record: Member) -> bool:
    if piece.isdigit():
        return record.phone.endswith(piece) or record.member_no.startswith(piece)
    if not piece.isascii():
        return piece in record.name
    syllables = record.pinyin.split()
    spoken = ["".join(syllables[i:]) for i in range(len(syllables))]
    with_u = [text.replace("lv", "lu") for text in spoken] + [text.replace("lv", "lyu") for text in spoken]
    letters = [record.initials[i:] for i in range(len(record.initials))]
    return any(text.startswith(piece) for text in (*spoken, *with_u, *letters, record.member_no.lower()))
