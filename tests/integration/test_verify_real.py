"""Rows damaged by hand in a running tablet's file, and a real HQ that they are mended from; `/v1/verify` over HTTP."""

from __future__ import annotations

import asyncio
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from guide_app.adapters.keys import FileKeySource
from local_store.connection import connect
from sync import care
from sync.protocol import codec
from sync.protocol.digest import bucket
from sync.protocol.messages import VerifyRequest, VerifyResponse
from tests import shop
from tests.hq_server import serving
from tests.integration.test_sync_real import World, sign_up, world
from tests.tablet_client import Tablet as Client
from tests.tablets import Tablet

__all__ = ["world"]  # the fixture


def in_file(folder: Path, statement: str, *values: Any) -> list[tuple[Any, ...]]:
    """A statement in the tablet's file, behind its back."""
    key = FileKeySource(folder / "keys").load("database")
    assert key is not None
    connection = connect(next(folder.glob("*.db")), key, cache_mb=1)
    try:
        return connection.execute(statement, values).fetchall()
    finally:
        connection.close()


async def mended(tablet: Tablet, rows: int) -> None:
    """Waits until so many rows were mended in all."""

    async def done() -> bool:
        tablet.container.sync.nudge()
        await asyncio.sleep(0.5)  # a round ends a comparison
        found = in_file(tablet.settings.data, "SELECT value FROM meta WHERE key = 'mended'")
        return bool(found) and int(found[0][0]) >= rows

    await tablet.until(done, f"{rows} mended rows")


@pytest.mark.asyncio
@pytest.mark.expects_log
async def test_damaged_rows_are_found_and_mended_and_open_work_is_kept(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(care, "LOOK_EVERY_S", 0.0)
    for wait in ("FIRST_S", "FIRST_SPREAD_S"):
        monkeypatch.setattr(care, wait, 0.0)
    one = await world.tablet("one")
    folder = world.folder / "one"
    member = await sign_up(world, one)
    await world.assert_all_agree(one)
    stranger = world.work.id()  # HQ knows no such guide, and parks it: it stays open, and its effect too
    await one.container.journal.commit(stranger, world.work.edit(member.id, "note", None, "likes tea"))
    await one.in_step()
    scopes, feed = world.feed()

    in_file(folder, "DELETE FROM price WHERE n = 1")
    in_file(folder, "INSERT OR REPLACE INTO meta (key, value) VALUES ('compared_at', '')")  # a day has passed
    await mended(one, 1)
    assert {k: v for k, v in one.rows(scopes).items() if k[1] == "price"} == {
        k: v for k, v in feed.items() if k[1] == "price"
    }

    place = bucket("member", member.id)
    in_file(folder, "UPDATE shadow SET d = json_set(d, '$.name', 'X') WHERE id = ?", member.id)
    in_file(folder, "UPDATE member SET d = json_set(d, '$.name', 'X'), name = 'X' WHERE id = ?", member.id)
    in_file(folder, "INSERT OR REPLACE INTO meta (key, value) VALUES ('scrubbed_at', ''), ('next_bucket', ?)", place)
    await mended(one, 2)
    view = await one.container.read.members.get(member.id)
    assert view is not None
    assert (view.member.name, view.member.note) == ("陈静", "likes tea")
    assert (await one.container.read.outbox.waiting()).total == 1
    assert in_file(folder, "SELECT count(*) FROM outbox WHERE listed = 1") == [(1,)]


def test_verify_over_http(hq_database: str) -> None:
    chain = shop.make_chain()
    store = shop.make_shop(chain, stock=3)
    other = shop.make_shop(chain)
    with serving() as url, closing(Client(url, store.guide_id)) as tablet:
        tablet.enrol(shop.new_code(store))
        tablet.sync(tablet.maker.sign_up())
        while any(state.more for state in tablet.sync().scopes.values()):
            pass

        def verify(**fields: Any) -> VerifyResponse:
            answer = tablet.post("/v1/verify", codec.encode(VerifyRequest(**fields)))
            assert answer.status_code == 200, answer.text
            return codec.decode(answer.content, VerifyResponse)

        at = tablet.cursors[store.scope]
        found = verify(scope=store.scope, at=at, sums=["0" * 16] * 256)
        assert found.status == "ok"
        assert {row.e for row in found.rows} >= {"member", "staff", "stock"}
        assert set(found.buckets) == {bucket(row.e, row.id) for row in found.rows}
        one = verify(scope=store.scope, at=at, bucket=found.buckets[0])
        assert one.rows == [row for row in found.rows if bucket(row.e, row.id) == found.buckets[0]]
        assert verify(scope=store.scope, at=at + 1, bucket=0).status == "moved"
        assert verify(scope=other.scope, at=at, bucket=0).status == "moved"
        for body in (b"{}", b'{"scope":"s","at":1,"sums":[]}', b'{"scope":"s","at":1,"bucket":256}'):
            assert tablet.post("/v1/verify", body).status_code == 422
        assert tablet.http.post("/v1/verify", content=b"{}").status_code == 401
        assert tablet.http.get("/v1/verify").status_code == 405
