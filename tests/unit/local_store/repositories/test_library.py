"""The library on the tablet: found in both languages, narrowed, with what each guide did, without what is over."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from guide_app.domain.clock import from_text, to_text
from guide_app.domain.records import Material, MaterialFile, MaterialUse, Names, Share
from guide_app.domain.records.material import use_ref
from guide_app.operations.sharing import Handed, MaterialShare
from guide_app.services.ports.library import Reader, Wanted
from guide_app.services.ports.members import SharedMaterial, TimelineEntry
from guide_app.services.ports.writing import Draft
from local_store.base import KEYS_EVERY_S
from local_store.tables import TABLES
from sync.ports import Taken
from sync.protocol import file_lists
from sync.protocol.signature import SigningKey
from tests.contract.library import NOW, LibraryContract, Shelved
from tests.unit.local_store.fake_hq import KEY, uuid
from tests.unit.local_store.kit import GUIDE, PHONES, PRODUCTS, START, Bench, sign_up

pytestmark = pytest.mark.asyncio
ME, MANAGER = Reader(guide_id=GUIDE, role="guide"), Reader(guide_id=uuid(), role="manager")


def file(word: str, role: str = "page", size: int = 1000) -> MaterialFile:
    name = hashlib.sha256(word.encode()).hexdigest()
    return MaterialFile(sha256=name, bytes=size, type="image/webp", role=role, page=1)


def material(title: str = "冬季护肤三步", key: SigningKey = KEY, en: str = "Winter skin", **said: Any) -> Material:
    fields: dict[str, Any] = {
        "material": uuid(), "version": 1, "kind": "image", "title": Names(en=en, zh=title),
        "files": (file(title), file(f"{title} small", "thumb", 10)), "published_at": "2026-11-01T00:00:00.000Z",
    }  # fmt: skip
    return file_lists.sign(key, Material(**fields | said))


async def publish(bench: Bench, said: Material, row_id: str = "") -> str:
    row_id = row_id or uuid()
    bench.hq.publish("material", row_id, said)
    await bench.drain()
    return row_id


async def found(bench: Bench, text: str = "", reader: Reader = ME, **narrowed: Any) -> list[str]:
    return [row.material.title.zh for row in await bench.store.library.find(Wanted(text=text, **narrowed), reader)]


class TestStore(LibraryContract):
    """The tablet's own library is held to the port."""

    @pytest.fixture
    def shelf(self, bench: Bench) -> Shelved:
        async def put(materials: Sequence[Material]) -> None:
            for one in materials:
                bench.hq.publish("material", uuid(), file_lists.sign(KEY, one))
            bench.clock.advance((from_text(NOW) - bench.clock.now()).total_seconds())
            await bench.drain()

        return Shelved(bench.store.library, ME, put)


@pytest.mark.parametrize(
    "typed", ["冬季", "护肤", "dongji", "hufu", "djhf", "winter", "skin win", "礼盒", "lihe", "nov"]
)
async def test_it_is_found_in_both_languages_by_pinyin_and_by_initials(bench: Bench, typed: str) -> None:
    await publish(bench, material("推车", en="Prams"))
    await publish(bench, material(topic=Names(en="Care", zh="礼盒"), campaign="nov sale"))
    assert await found(bench, typed) == ["冬季护肤三步"]


@pytest.mark.parametrize(
    "narrowed",
    [{"kind": "video"}, {"topic": "Care"}, {"topic": "护理"}, {"tag": "new born"}, {"campaign": "11.11"},
     {"products": (PRODUCTS[1], PRODUCTS[0])}, {"only": "must_read"}],
)  # fmt: skip
async def test_it_is_narrowed_by_what_hq_said_of_it(bench: Bench, narrowed: dict[str, Any]) -> None:
    await publish(bench, material("别的", tags=("new",), topic=Names(en="Car", zh="护"), campaign="11"))
    await publish(bench, material(
        kind="video", topic=Names(en="Care", zh="护理"), tags=("new born",), campaign="11.11", products=(PRODUCTS[0],),
        must_read=True,
    ))  # fmt: skip
    assert await found(bench, **narrowed) == ["冬季护肤三步"]
    assert await found(bench, "winter", **narrowed) == ["冬季护肤三步"]


async def test_what_must_be_read_comes_first_then_the_newest_and_what_is_over_last(bench: Bench) -> None:
    ended = to_text(START - timedelta(days=1))
    await publish(bench, material("旧", published_at="2026-10-01T00:00:00.000Z"))
    await publish(bench, material("必读", published_at="2026-09-01T00:00:00.000Z", must_read=True))
    await publish(bench, material("过期", published_at="2026-11-20T00:00:00.000Z", valid_until=ended))
    await publish(bench, material("新"))
    assert await found(bench) == ["必读", "新", "旧", "过期"]
    assert [row.why_not for row in await bench.store.library.find(Wanted(), ME)] == ["", "", "", "expired"]
    assert [row.unread for row in await bench.store.library.find(Wanted(), ME)] == [True, False, False, False]


async def test_what_is_for_others_is_not_listed(bench: Bench) -> None:
    said = material(roles=("manager",))
    await publish(bench, said)
    await publish(bench, material("全息", kind="hologram"))
    assert await found(bench) == []
    assert await found(bench, reader=MANAGER) == ["冬季护肤三步"]
    row = await bench.store.library.get(said.material, ME)
    assert row is not None
    assert row.why_not == "not_for_you"


async def test_favourites_and_what_was_used_are_each_guide_s_own(bench: Bench) -> None:
    first, second = material("一"), material("二", must_read=True)
    for said, use in ((first, {"favourite": True, "used_at": "2026-11-20T00:00:00.000Z"}),
                      (second, {"read": 1, "used_at": "2026-11-21T00:00:00.000Z"})):  # fmt: skip
        await publish(bench, said)
        mine = MaterialUse(material=said.material, guide_id=GUIDE, **use)  # type: ignore[arg-type]
        bench.hq.publish("material_use", use_ref(said.material, GUIDE).id, mine)
    await bench.drain()
    assert await found(bench, only="favourites") == ["一"]
    assert await found(bench, only="recent") == ["二", "一"]
    assert await found(bench, only="recent", reader=MANAGER) == []
    assert (await bench.store.library.shelf(ME)).unread == 0
    assert (await bench.store.library.shelf(MANAGER)).unread == 1
    await publish(bench, file_lists.sign(KEY, msgspec.structs.replace(second, version=2)))
    assert (await bench.store.library.shelf(ME)).unread == 1


async def test_the_shelf_says_what_there_is_to_narrow_by(bench: Bench) -> None:
    await publish(bench, material("一", topic=Names(en="Care", zh="护理"), tags=("b", "a"), campaign="11.11"))
    await publish(bench, material("二", topic=Names(en="Care", zh="护理"), tags=("c",), files=(), kind="text"))
    await publish(bench, material("三", tags=("secret",), roles=("manager",)))
    shelf = await bench.store.library.shelf(ME)
    assert (shelf.all, shelf.here, shelf.tags, shelf.campaigns) == (2, 1, ("a", "b", "c"), ("11.11",))
    assert shelf.topics == (Names(en="Care", zh="护理"),)


async def test_it_says_what_is_here_and_what_is_not(bench: Bench) -> None:
    said = material()
    await publish(bench, said)
    row = await bench.store.library.get(said.material, ME)
    assert row is not None
    assert (row.lies, row.why_absent, row.here_bytes, row.all_bytes) == ("coming", "queued", 0, 1010)
    page, thumb = said.files
    await bench.store.files.came(page.sha256)
    assert await found(bench, lies="away") == ["冬季护肤三步"]
    await bench.store.files.came(thumb.sha256)
    row = await bench.store.library.get(said.material, ME)
    assert row is not None
    assert (row.lies, row.here_bytes) == ("here", 1010)
    assert await found(bench, lies="here") == ["冬季护肤三步"]
    await bench.store.files.let_go([page.sha256])
    row = await bench.store.library.get(said.material, ME)
    assert row is not None
    assert (row.lies, row.why_absent, row.here_bytes) == ("absent", "no_room", 10)


@pytest.mark.parametrize(
    ("said", "named"),
    [({}, 2), ({"key": SigningKey(b"s" * 32)}, 0), ({"valid_until": "2026-11-01T00:00:00.000Z"}, 0),
     ({"state": "withdrawn"}, 0), ({"valid_from": "2027-01-01T00:00:00.000Z"}, 2)],
)  # fmt: skip
async def test_only_files_that_hq_signed_are_named_and_only_until_it_is_over(
    bench: Bench, caplog: pytest.LogCaptureFixture, said: dict[str, Any], named: int
) -> None:
    row = material(**said)
    await publish(bench, row)
    assert ("did not sign" in caplog.text) == ("key" in said)
    assert (await bench.store.files.counts()).coming == named
    assert await found(bench, lies="here") == []


async def test_another_list_under_the_same_signature_takes_the_files_away(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    said = material()
    row_id = await publish(bench, said)
    await publish(bench, msgspec.structs.replace(said, files=(file("a forged one"),)), row_id)
    assert (await bench.store.files.counts()).coming == 0
    assert len(await bench.store.files.unnamed()) == 2
    assert "did not sign" in caplog.text


async def test_what_must_be_read_is_fetched_before_pictures_of_products_and_these_before_the_newest(
    bench: Bench,
) -> None:
    old, new = material("旧", published_at="2026-10-01T00:00:00.000Z"), material("新")
    must = material("必读", must_read=True, published_at="2026-09-01T00:00:00.000Z")
    for said in (old, new, must):
        await publish(bench, said)
    order = list[str]()
    while wanted := await bench.store.files.next_wanted():
        order.append(wanted.sha256)
        await bench.store.files.came(wanted.sha256)
    (must_page, must_thumb), (new_page, _), (old_page, _) = must.files, new.files, old.files
    assert order[:2] == [must_thumb.sha256, must_page.sha256]
    assert order[-2:] == [new_page.sha256, old_page.sha256]


async def test_rows_of_an_older_app_move_into_the_table(bench: Bench) -> None:
    said = material()
    table = TABLES.pop("material")
    try:
        await publish(bench, said)
    finally:
        TABLES["material"] = table
    assert await found(bench) == []
    bench.store.close()
    connection_reset(bench)
    bench.store = bench.opened()
    assert await found(bench, "dongji") == ["冬季护肤三步"]
    assert bench.sql("SELECT count(*) FROM other_row WHERE entity = 'material'") == [(0,)]
    assert (await bench.store.files.counts()).coming == 2


def connection_reset(bench: Bench) -> None:
    """As after an update: the newest step is one that the effects do not know."""
    from local_store.connection import connect
    from tests.unit.local_store.kit import KEY as FILE_KEY

    connection = connect(bench.path, FILE_KEY, cache_mb=1)
    connection.execute("UPDATE meta SET value = 'm0021_to_hand' WHERE key = 'effects_of'")
    connection.close()


async def test_a_tablet_without_hq_s_key_asks_once_and_takes_the_files_then(bench: Bench) -> None:
    old, new = KEY.public_text, SigningKey(b"n" * 32)
    assert (await bench.store.sync.outgoing()).keys == ""  # it asked after its start
    bench.hq.publish("material", uuid(), material(key=new))
    await bench.round()
    assert (await bench.store.files.counts()).coming == 0
    sent = await bench.store.sync.outgoing()
    assert sent.keys == file_lists.fingerprint([old])
    told = msgspec.structs.replace(bench.hq.sync(sent), hq_public_keys=[old, new.public_text])
    await bench.store.sync.take(sent, told)
    assert (await bench.store.files.counts()).coming == 2
    assert (await bench.store.sync.outgoing()).keys == ""
    await publish(bench, material("二"))
    assert (await bench.store.files.counts()).coming == 4


async def signed_anew(bench: Bench, key: SigningKey) -> Material:
    """A material whose files are here, and whose list is signed with another key then."""
    said = material()
    row_id = await publish(bench, said)
    for one in said.files:
        await bench.store.files.came(one.sha256)
    bench.hq.publish("material", row_id, file_lists.sign(key, said))
    await bench.round()
    return said


async def test_a_list_that_is_signed_anew_brings_no_file_a_second_time(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    old, new = KEY.public_text, SigningKey(b"n" * 32)
    await signed_anew(bench, new)
    assert await bench.store.files.unnamed() == [], "they stay while HQ is asked"
    assert await found(bench, lies="here") == ["冬季护肤三步"]
    for keys in ([new.public_text, old], [new.public_text]):
        bench.clock.advance(KEYS_EVERY_S)
        sent = await bench.store.sync.outgoing()
        assert sent.keys
        await bench.store.sync.take(sent, msgspec.structs.replace(bench.hq.sync(sent), hq_public_keys=keys))
        assert await bench.store.files.unnamed() == []
        assert await found(bench, lies="here") == ["冬季护肤三步"]
        assert (await bench.store.sync.outgoing()).keys == ""
    assert "did not sign" not in caplog.text
    await publish(bench, file_lists.sign(KEY, material("旧")))
    assert (await bench.store.files.counts()).coming == 0, "the last key is withdrawn"
    assert "did not sign" in caplog.text


async def test_a_list_that_is_signed_anew_by_a_stranger_loses_its_files_once_hq_says_so(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    said = await signed_anew(bench, SigningKey(b"s" * 32))
    sent = await bench.store.sync.outgoing()
    assert sent.keys == file_lists.fingerprint([KEY.public_text])
    await bench.store.sync.take(sent, bench.hq.sync(sent))
    assert set(await bench.store.files.unnamed()) == {one.sha256 for one in said.files}
    assert await found(bench, lies="here") == []
    assert "did not sign" in caplog.text


async def test_another_file_in_a_list_of_a_stranger_is_not_taken_while_hq_is_asked(bench: Bench) -> None:
    said = material()
    row_id = await publish(bench, said)
    forged = msgspec.structs.replace(said, files=(said.files[0], file("a forged one")))
    bench.hq.publish("material", row_id, file_lists.sign(SigningKey(b"s" * 32), forged))
    await bench.round()
    assert await bench.store.files.unnamed() == [said.files[1].sha256]
    assert (await bench.store.files.counts()).coming == 1


async def test_a_tablet_that_is_never_started_anew_asks_for_hq_s_keys_now_and_then(bench: Bench) -> None:
    assert (await bench.store.sync.outgoing()).keys == ""
    bench.clock.advance(KEYS_EVERY_S - 1)
    assert (await bench.store.sync.outgoing()).keys == ""
    bench.clock.advance(1)
    sent = await bench.store.sync.outgoing()
    assert sent.keys == file_lists.fingerprint([KEY.public_text])
    assert await bench.store.sync.take(sent, bench.hq.sync(sent)) == Taken()
    assert (await bench.store.sync.outgoing()).keys == ""


async def shared(bench: Bench, member_id: str) -> list[TimelineEntry]:
    return list(await bench.store.members.timeline(member_id, kinds=("share",)))


async def test_what_was_shared_stands_on_the_member_s_timeline_at_once(bench: Bench) -> None:
    said, member_id, share_id = material(), uuid(), uuid()
    row_id = await publish(bench, said)
    await bench.do(sign_up(member_id, PHONES[0], "陈静", await bench.store.numbers.next()))
    handed = Handed(share_id=share_id, material=said.material, version=1, channel="link", member_id=member_id)
    alone = Handed(share_id=uuid(), material=said.material, version=1, channel="qr")
    await bench.do(Draft(kind=MaterialShare.kind, body=handed), Draft(kind=MaterialShare.kind, body=alone))
    (entry,) = await shared(bench, member_id)
    assert (entry.id, entry.guide_id, entry.waiting) == (share_id, GUIDE, True)
    assert entry.record == SharedMaterial(
        share=Share(
            material=said.material, version=1, guide_id=GUIDE, channel="link", member_id=member_id, at=entry.at
        ),
        title=said.title,
    )  # fmt: skip
    await bench.drain()
    (taken,) = await shared(bench, member_id)
    assert (taken.record, taken.waiting) == (entry.record, False)
    bench.hq.publish("material", row_id, None, "gone")
    await bench.drain()
    (left,) = await shared(bench, member_id)
    assert isinstance(left.record, SharedMaterial)
    assert left.record.title is None
