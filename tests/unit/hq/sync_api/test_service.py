"""One round of sync on the ports in memory: what is told of rows, scopes, grants, epochs and apps."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest

from guide_app.domain.records import Ref
from hq.ledger.port import FeedRow, Head, ScopeKey
from hq.sync_api.running import Shop
from hq.sync_api.service import Settings, SyncService
from hq.sync_api.session import Granted, Session
from sync.protocol.errors import EnvelopeInvalid
from sync.protocol.file_lists import fingerprint
from sync.protocol.messages import Grant, ScopeKind, SyncRequest, WireOp
from tests.memory_hq import NOW, MemoryShop
from tests.ops import body_of, new_id

KINDS: tuple[ScopeKind, ...] = ("store", "device", "region", "chain")


class Desk:
    """A tablet's session at an HQ in memory; scopes are named by their kind."""

    def __init__(self, min_app: str = "") -> None:
        self.shop = MemoryShop()
        keys = {kind: ScopeKey(self.shop.store_id if kind in ("store", "device") else "", kind) for kind in KINDS}
        self.shop.scope = keys["store"]
        granted = tuple(Granted(Grant(scope=kind, kind=kind, name=""), keys[kind]) for kind in KINDS)
        until = "2026-12-21T00:00:00.000Z"
        self.session = Session(new_id(), Shop(self.shop.store_id, "CNY"), "e1", granted, until)
        self.service = SyncService(self.shop.ledger, lambda _session: self.shop.aggregates, Settings(min_app=min_app))
        self.incarnation = new_id()

    def publish(self, kind: str, count: int) -> None:
        key = next(granted.key for granted in self.session.granted if granted.key.scope == kind)
        with self.shop.ledger.transaction():
            self.shop.ledger.publish(key, [FeedRow(Ref("talk", new_id()), 1, "{}") for _ in range(count)])

    def sync(self, ops: Sequence[WireOp] = (), app: str = "1.0.0", **over: Any) -> dict[str, Any]:
        fields: dict[str, Any] = {
            "incarnation": self.incarnation,
            "epoch": "e1",
            "next_seq": len(ops) + 1,
            "after": dict.fromkeys(KINDS, 0),
            "want": 100_000,
            **over,
        }
        answer: dict[str, Any] = json.loads(self.service.sync(self.session, SyncRequest(**fields), ops, app, NOW))
        return answer


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_a_tablet_with_other_keys_is_told_them_where_it_asks(desk: Desk) -> None:
    desk.service = SyncService(
        desk.shop.ledger, lambda _session: desk.shop.aggregates, Settings(keys=lambda: ("new", "old"))
    )
    assert "hq_public_keys" not in desk.sync()
    assert "hq_public_keys" not in desk.sync(keys=fingerprint(["old", "new"]))
    assert desk.sync(keys=fingerprint(["old"]))["hq_public_keys"] == ["new", "old"]
    assert desk.sync(keys=fingerprint([]))["hq_public_keys"] == ["new", "old"]


def test_an_idle_round_says_next_to_nothing(desk: Desk) -> None:
    assert desk.sync().keys() == {"batch", "server_time", "next_sync_after_ms", "authorised_until"}


def test_rows_of_this_requests_own_operations_come_with_it(desk: Desk) -> None:
    op = desk.shop.maker().sign_up()
    answer = desk.sync([op])
    assert answer["batch"] == {"status": "ok", "last_seq": 1}
    assert [(row["s"], row["e"], row["id"]) for row in answer["rows"]] == [
        ("store", "member", body_of(op)["member_id"])
    ]
    assert answer["scopes"].keys() == {"store"}


def test_a_page_begins_with_what_a_tablet_needs_first(desk: Desk) -> None:
    for kind in KINDS:
        desk.publish(kind, 2)
    whole = desk.sync()
    assert [row["s"] for row in whole["rows"]] == ["chain"] * 2 + ["region"] * 2 + ["device"] * 2 + ["store"] * 2
    part = desk.sync(want=1)
    assert [row["s"] for row in part["rows"]] == ["chain"]
    assert {scope: state.get("more", False) for scope, state in part["scopes"].items()} == dict.fromkeys(KINDS, True)
    assert whole["scopes"]["store"] == {"head": 2, "floor": 0, "digest": whole["scopes"]["store"]["digest"]}


def test_without_want_no_row_comes_but_what_moved_is_said(desk: Desk) -> None:
    desk.publish("chain", 1)
    answer = desk.sync(want=0)
    assert "rows" not in answer
    assert answer["scopes"]["chain"]["more"]
    assert "scopes" not in desk.sync(after=None)


def test_a_position_outside_the_feed_asks_to_fetch_again(desk: Desk) -> None:
    desk.publish("chain", 3)
    key = next(granted.key for granted in desk.session.granted if granted.key.scope == "chain")
    desk.shop.hq.state.heads[key] = Head(3, 2, 0)
    for at, refetch in ((4, True), (1, True), (2, False), (0, False)):
        answer = desk.sync(after={**dict.fromkeys(KINDS, 0), "chain": at})
        assert answer["scopes"]["chain"].get("refetch", False) is refetch


def test_grants_come_when_the_tablet_names_other_scopes(desk: Desk) -> None:
    assert "grants" not in desk.sync()
    others: list[dict[str, int]] = [{}, {"store": 0}, {**dict.fromkeys(KINDS, 0), "another": 5}]
    for after in others:
        answer = desk.sync(after=after)
        assert [grant["scope"] for grant in answer["grants"]] == list(KINDS)
        assert "another" not in answer.get("scopes", {})


def test_another_epoch_runs_nothing_and_tells_where_all_scopes_stand(desk: Desk) -> None:
    desk.publish("chain", 3)
    op = desk.shop.maker().sign_up()
    answer = desk.sync([op], epoch="e0")
    assert answer["batch"] == {"status": "epoch_changed", "last_seq": 0}
    assert answer["epoch"] == "e1"
    heads = {scope: state["head"] for scope, state in answer["scopes"].items()}
    assert heads == {"store": 0, "device": 0, "region": 0, "chain": 3}
    assert not {"rows", "results"} & answer.keys()
    assert desk.shop.record("member", body_of(op)["member_id"]) is None


def test_who_comes_from_an_epoch_that_was_lost_whole_fetches_everything_again(desk: Desk) -> None:
    """An earlier backup had been restored in between: its rows may have our versions and other contents (21098)."""
    desk.publish("chain", 3)
    desk.service = SyncService(
        desk.shop.ledger, lambda _session: desk.shop.aggregates, Settings(), continues=lambda epoch: epoch == "e0"
    )
    for epoch, again in (("e0", False), ("lost", True)):
        scopes = desk.sync(epoch=epoch)["scopes"]
        assert {scope: state.get("refetch", False) for scope, state in scopes.items()} == dict.fromkeys(KINDS, again)


def test_a_fork_gets_no_row(desk: Desk) -> None:
    maker = desk.shop.maker()
    desk.sync([maker.sign_up(), maker.sign_up()])
    answer = desk.sync(next_seq=2)
    assert answer["batch"]["status"] == "fork"
    assert not {"rows", "scopes"} & answer.keys()


def test_an_app_that_is_too_old_delivers_but_gets_no_row() -> None:
    desk = Desk(min_app="1.2.0")
    op = desk.shop.maker().sign_up()
    answer = desk.sync([op], app="1.1.9")
    assert (answer["results"][0]["status"], answer["min_app"]) == ("applied", "1.2.0")
    assert not {"rows", "scopes"} & answer.keys()
    new = desk.sync(app="1.2.0", next_seq=2)
    assert new["rows"]
    assert "min_app" not in new
    with pytest.raises(EnvelopeInvalid):
        desk.sync(app="newest", next_seq=2)


def test_tablets_do_not_ask_in_step(desk: Desk) -> None:
    pauses = {Session(new_id(), *desk.session[1:]).spread(20_000) for _ in range(50)}
    assert len(pauses) > 10
    assert all(15_000 <= pause <= 25_000 for pause in pauses)


def test_a_page_is_never_larger_than_the_contract_s_however_much_is_wanted(desk: Desk) -> None:
    key = desk.session.granted[0].key
    large = '{"note":"' + "x" * 200_000 + '"}'
    with desk.shop.ledger.transaction():
        desk.shop.ledger.publish(key, [FeedRow(Ref("talk", new_id()), 1, large) for _ in range(12)])
    answer = desk.sync(want=2**40)
    assert answer["scopes"]["store"]["more"]
    assert sum(len(json.dumps(row, separators=(",", ":"))) for row in answer["rows"]) <= 1_572_864
    assert len(answer["rows"]) == 7


def test_who_hears_at_once_what_moves_is_asked_to_come_half_as_often() -> None:
    desk = Desk()
    usual = desk.sync()["next_sync_after_ms"]
    listening = {desk.session.device_id}
    desk.service = SyncService(
        desk.shop.ledger, lambda _session: desk.shop.aggregates, Settings(), follows=listening.__contains__
    )
    assert desk.sync()["next_sync_after_ms"] == 2 * usual
    listening.clear()
    assert desk.sync()["next_sync_after_ms"] == usual
