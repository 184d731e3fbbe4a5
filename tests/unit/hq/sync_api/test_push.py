"""Taking operations: each once, in order, a bad one parked; the verdicts fork, gap and ok."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec
import pytest

from guide_app.domain.nobodys import stripped
from guide_app.domain.records import Ref
from guide_app.operations import OPERATIONS, Versioned
from hq.ledger.memory import MemoryAggregates
from hq.ledger.port import Clash, Entry, Stream, Transient
from hq.sync_api.push import CHUNK, TRIES
from sync.protocol import codec
from sync.protocol.messages import OddOp, WireOp
from tests.memory_hq import PRICE, MemoryShop
from tests.ops import Maker, body_of, new_id

PIN = "$argon2id$v=19$m=65536,t=3,p=1$c29tZXNhbHRzb21l$RdescudvJCsgt3ub+b27dWRJJTmaaJObG"


@pytest.fixture
def shop() -> MemoryShop:
    return MemoryShop()


def statuses(results: Any) -> list[tuple[str, str]]:
    return [(result.status, result.code) for result in results]


def test_new_ops_are_run_in_order_and_counted(shop: MemoryShop) -> None:
    maker, stream = shop.maker(), shop.stream()
    ops = [maker.sign_up(), maker.sign_up()]
    taken = shop.push(stream, list(reversed(ops)))
    assert taken.batch.status == "ok"
    assert taken.batch.last_seq == 2
    assert [r.seq for r in taken.results] == [1, 2]
    assert [r.feed_pos for r in taken.results] == [1, 2]


def test_a_repeated_request_gets_the_stored_outcomes(shop: MemoryShop) -> None:
    maker, stream = shop.maker(), shop.stream()
    ops = [maker.sign_up(), maker.sign_up(phone="no phone"), maker.op("no.such_kind", {})]
    first = shop.push(stream, ops)
    again = shop.push(stream, ops, next_seq=1)
    assert again.batch == first.batch
    assert statuses(again.results) == statuses(first.results)
    assert [r.feed_pos for r in again.results] == [r.feed_pos for r in first.results]
    assert all(r.dup for r in again.results)
    assert not any(r.dup for r in first.results)


def test_an_op_that_another_stream_brought_is_not_run_again(shop: MemoryShop) -> None:
    op = shop.maker().sign_up()
    first, again = shop.results(op)[0], shop.results(op)[0]
    assert again.dup
    assert (again.status, again.feed_pos) == (first.status, first.feed_pos)


def test_an_op_twice_in_one_request_under_two_numbers_runs_once(shop: MemoryShop) -> None:
    maker = shop.maker()
    op = maker.sign_up()
    copy = maker.op(op.kind, op.body or "", op_id=op.op_id)
    results = shop.results(op, copy)
    assert statuses(results) == [("applied", "")] * 2
    assert [r.dup for r in results] == [False, True]


def test_the_same_op_id_with_other_content_parks_and_the_first_effect_stays(shop: MemoryShop) -> None:
    maker, stream = shop.maker(), shop.stream()
    op = maker.sign_up(name="First")
    other = maker.op(op.kind, (op.body or "").replace("First", "Other"), op_id=op.op_id)
    after = maker.sign_up()
    results = shop.push(stream, [op, other, after]).results
    assert statuses(results) == [("applied", ""), ("parked", "op_id_conflict"), ("applied", "")]
    assert shop.record("member", body_of(op)["member_id"]).name == "First"
    again = shop.push(stream, [op, other, after])
    assert again.batch.status == "ok"
    assert [r.dup for r in again.results] == [True] * 3


def test_a_sale_told_without_its_erased_customer_and_with_them_is_the_same_one(shop: MemoryShop) -> None:
    """Two copies of a tablet, of which one heard of the erasure, and an HQ that lost both (seed 14)."""
    maker, stream = shop.maker(), shop.stream()
    sale = maker.order([(shop.product_id, 1, PRICE)], shop.list_id, member_id=new_id())
    left = maker.op(sale.kind, stripped(sale.body or ""), op_id=sale.op_id)
    assert "member_id" in (sale.body or "")
    assert "member_id" not in (left.body or "")
    assert statuses(shop.push(stream, [msgspec.structs.replace(left, seq=1)]).results) == [("applied", "")]
    told_whole = shop.push(stream, [msgspec.structs.replace(sale, seq=2)]).results
    assert (statuses(told_whole), told_whole[0].dup) == ([("applied", "")], True)


def test_an_op_id_of_another_store_parks(shop: MemoryShop) -> None:
    other = MemoryShop(shop.hq)
    op = other.maker().sign_up()
    other.results(op)
    assert statuses(shop.results(op)) == [("parked", "op_id_conflict")]


def test_ops_before_a_hole_are_run_and_the_rest_is_asked_for(shop: MemoryShop) -> None:
    maker, stream = shop.maker(), shop.stream()
    ops = [maker.sign_up() for _ in range(4)]
    taken = shop.push(stream, [ops[0], ops[2], ops[3]])
    assert (taken.batch.status, taken.batch.last_seq, len(taken.results)) == ("gap", 1, 1)
    assert shop.push(stream, ops[2:]).batch.status == "gap"
    healed = shop.push(stream, ops[1:])
    assert (healed.batch.status, healed.batch.last_seq) == ("ok", 4)


def test_a_number_under_another_op_id_is_a_fork_and_nothing_is_run(shop: MemoryShop) -> None:
    maker, stream = shop.maker(), shop.stream()
    shop.push(stream, [maker.sign_up(), maker.sign_up()])
    clone = shop.maker()
    clone.next_seq = 2
    ops = [clone.sign_up(), clone.sign_up()]
    taken = shop.push(stream, ops)
    assert (taken.batch.status, taken.batch.last_seq, taken.results) == ("fork", 2, ())
    assert shop.record("member", body_of(ops[1])["member_id"]) is None


def test_a_tablet_behind_its_own_stream_is_a_fork_even_when_idle(shop: MemoryShop) -> None:
    maker, stream = shop.maker(), shop.stream()
    shop.push(stream, [maker.sign_up(), maker.sign_up()])
    assert shop.push(stream, [], next_seq=2).batch.status == "fork"
    assert shop.push(stream, [], next_seq=3).batch.status == "ok"


def test_two_ops_of_one_request_under_one_number_are_a_fork(shop: MemoryShop) -> None:
    maker = shop.maker()
    taken = shop.push(shop.stream(), [maker.sign_up(), maker.op("talk.log", {}, seq=1)])
    assert (taken.batch.status, taken.results) == ("fork", ())


def test_bad_ops_park_with_their_reason_and_delay_nobody(shop: MemoryShop) -> None:
    maker, member = shop.maker(), new_id()
    bad: list[tuple[Any, str]] = [
        (maker.op("member.sign_up", "{this is not JSON"), "body_invalid"),
        (maker.op("gift.give", {}), "kind_unknown"),
        (maker.op("talk.log", {}, schema_v=99), "schema_unknown"),
        (maker.op("talk.log", {}, store_id=new_id()), "store_unknown"),
        (maker.op("talk.log", {}, sha="0" * 64), "sha_mismatch"),
        (maker.followup(member, due_on="soon"), "body_invalid"),
        (
            OddOp(seq=maker.next_seq, op_id=new_id(), code="kind_unknown", raw=b'{"kind":"?"}'),
            "kind_unknown",
        ),
    ]
    maker.next_seq += 1
    stranger = Maker(shop.store_id, new_id())
    stranger.next_seq = maker.next_seq
    bad.append((stranger.followup(member), "guide_unknown"))
    maker.next_seq += 1
    good = maker.followup(member)
    results = shop.results(*(op for op, _code in bad), good)
    assert statuses(results) == [*(("parked", code) for _op, code in bad), ("applied", "")]


def test_a_body_is_kept_as_it_came(shop: MemoryShop) -> None:
    text = '{"note":"\\u8336 茶",  "a\\u0000":1}'
    op = shop.maker().op("followup.set", text)
    shop.results(op)
    assert shop.hq.state.ops[op.op_id][1].body == text.encode()


def test_all_of_an_op_that_cannot_be_placed_is_kept(shop: MemoryShop) -> None:
    op = shop.maker().op("talk.log", {}, store_id=new_id())
    shop.results(op)
    kept = shop.hq.state.ops[op.op_id][1]
    assert codec.decode(kept.body or b"", WireOp) == op
    assert kept.kind == ""


def test_an_erased_op_that_hq_never_had_is_closed_without_effect(shop: MemoryShop) -> None:
    made = shop.maker().sign_up()
    erased = WireOp(**{name: getattr(made, name) for name in made.__struct_fields__} | {"body": None})
    assert statuses(shop.results(erased)) == [("rejected", "erased")]
    known = shop.maker().sign_up()
    shop.results(known)
    again = WireOp(**{name: getattr(known, name) for name in known.__struct_fields__} | {"body": None})
    result = shop.results(again)[0]
    assert (result.status, result.dup) == ("applied", True)


def test_many_ops_are_taken_in_several_transactions(shop: MemoryShop, monkeypatch: pytest.MonkeyPatch) -> None:
    maker, stream = shop.maker(), shop.stream()
    ops = [maker.followup(new_id()) for _ in range(420)]
    sizes = _sizes(shop, monkeypatch)
    taken = shop.push(stream, ops)
    assert sizes == [200, 200, 20]
    assert (taken.batch.last_seq, len(taken.results)) == (420, 420)


@pytest.mark.expects_log
def test_a_transaction_with_savepoints_is_a_short_one(shop: MemoryShop, monkeypatch: pytest.MonkeyPatch) -> None:
    maker, stream = shop.maker(), shop.stream()
    ops = [maker.followup(new_id()) for _ in range(120)]
    shop.aggregates = Breaking(shop, ZeroDivisionError, body_of(ops[60])["followup_id"])
    sizes = _sizes(shop, monkeypatch)
    taken = shop.push(stream, ops)
    assert sizes == [50, 50, 20]
    assert [n for n, result in enumerate(taken.results) if result.status == "parked"] == [60]


def _sizes(shop: MemoryShop, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many operations each transaction takes from now on."""
    sizes: list[int] = []
    record = shop.ledger.record

    def counted(stream: Stream, entries: Sequence[Entry], seen: Mapping[int, str], last_seq: int) -> None:
        sizes.append(len(seen))
        record(stream, entries, seen, last_seq)

    monkeypatch.setattr(shop.ledger, "record", counted)
    return sizes


class Breaking(MemoryAggregates):
    """Aggregates whose `save` breaks when it meets a row that it was told of."""

    def __init__(self, shop: MemoryShop, error: Callable[[], Exception], breaks_on: str, times: int = 1_000) -> None:
        super().__init__(shop.hq, shop.store_id)
        self._error, self._breaks_on, self._times = error, breaks_on, times

    def save(self, rows: Mapping[Ref, Versioned]) -> Mapping[Ref, Versioned]:
        if self._times and any(ref.id == self._breaks_on for ref in rows):
            self._times -= 1
            raise self._error()
        return super().save(rows)


@pytest.mark.parametrize(("error", "code"), [(lambda: Clash("taken"), "body_invalid"), (ZeroDivisionError, "failed")])
@pytest.mark.expects_log
def test_an_op_that_fails_is_parked_alone(shop: MemoryShop, error: Callable[[], Exception], code: str) -> None:
    maker = shop.maker()
    ops = [maker.followup(new_id()) for _ in range(3)]
    shop.aggregates = Breaking(shop, error, body_of(ops[1])["followup_id"])
    assert statuses(shop.results(*ops)) == [("applied", ""), ("parked", code), ("applied", "")]
    assert shop.record("followup", body_of(ops[1])["followup_id"]) is None
    assert shop.record("followup", body_of(ops[2])["followup_id"]) is not None


def test_an_op_that_another_transaction_got_in_the_way_of_runs_again(shop: MemoryShop) -> None:
    maker = shop.maker()
    ops = [maker.followup(new_id()) for _ in range(3)]
    shop.aggregates = Breaking(shop, lambda: Clash("meanwhile"), body_of(ops[1])["followup_id"], times=2)
    assert statuses(shop.results(*ops)) == [("applied", "")] * 3


def test_a_transient_error_commits_nothing_and_parks_nothing(shop: MemoryShop) -> None:
    maker, stream = shop.maker(), shop.stream()
    op = maker.followup(new_id())
    shop.aggregates = Breaking(shop, lambda: Transient("deadlock"), body_of(op)["followup_id"], times=1)
    with pytest.raises(Transient):
        shop.push(stream, [op])
    assert statuses(shop.push(stream, [op]).results) == [("applied", "")]


def test_what_was_committed_before_a_transient_error_is_answered(shop: MemoryShop) -> None:
    maker, stream = shop.maker(), shop.stream()
    ops = [maker.followup(new_id()) for _ in range(CHUNK + 10)]
    shop.aggregates = Breaking(shop, lambda: Transient("gone"), body_of(ops[CHUNK + 5])["followup_id"], times=1)
    taken = shop.push(stream, ops)
    assert (taken.batch.status, taken.batch.last_seq, len(taken.results)) == ("ok", CHUNK, CHUNK)
    rest = shop.push(stream, ops[CHUNK:])
    assert (rest.batch.last_seq, len(rest.results)) == (CHUNK + 10, 10)


OF_ANOTHER_SHOP = {"order_copy.return", "order_copy.return_undo", "parcel.step"}
"""Kinds that need one: `test_they_write_to_this_store_s_and_the_tablet_s_scope_alone` of copies and of parcels."""


def test_every_kind_of_operation_writes_to_its_store_s_and_its_device_s_scope_alone(shop: MemoryShop) -> None:
    maker, stream = shop.maker(), shop.stream()
    lease = shop.grant(stream.device_id, shop.instrument(50), 20).lease
    assert lease is not None
    sign_up = maker.sign_up()
    member_id = body_of(sign_up)["member_id"]
    spends = [{"lease_id": lease.id, "amount": 5}]
    order = maker.order([(shop.product_id, 1, PRICE)], shop.list_id, member_id=member_id, spends=spends)
    ticket, promise = maker.ticket(member_id), maker.promise(member_id)
    leg, order_id, line = {"leg_id": new_id(), "method": "cash"}, body_of(order)["order_id"], body_of(order)["lines"][0]
    back = maker.take_back(order_id, [(line["line_id"], 1)], PRICE)
    other = body_of(maker.take_back(order_id, [], 0))
    shop.hire(manager := new_id(), "manager")
    quote, other_quote = (maker.quote([(shop.product_id, 1, PRICE)], member_id) for _ in range(2))
    quoted = body_of(quote)["quotation_id"]
    later = maker.order([(shop.product_id, 1, PRICE)], shop.list_id, fulfilment={"kind": "pick_up"})
    later_id = body_of(later)["order_id"]
    ops = [
        sign_up, maker.edit(member_id, name=("陈静", "陈静怡")), maker.consent(member_id, False), order,
        maker.op("order.pay", {"order_id": order_id, "legs": [{**leg, "amount": PRICE}]}),
        maker.op("order.pay_back", {"order_id": order_id, **leg, "leg_id": new_id(), "amount": 1, "reason": "slip"}),
        back, maker.op("order.return_undo", {"order_id": order_id, "return_id": body_of(back)["return_id"]}),
        maker.order([(shop.product_id, 1, PRICE)], shop.list_id, "order.exchange", back=other),
        maker.cancel(order_id), maker.talk(member_id), maker.followup(member_id),
        maker.reminder(member_id), maker.op("staff.set_pin", {"staff_id": shop.guide_id, "pin": PIN}),
        maker.give_back(lease.id, 20), maker.reveal(member_id), ticket,
        maker.ticket_step(body_of(ticket)["ticket_id"], member_id, "note", words="called"), promise,
        maker.settle(body_of(promise)["promise_id"], member_id, "kept"), maker.close_day(),
        maker.reshare(order_id, {manager: 10_000}, manager), quote, maker.take_quote(quoted, order_id), other_quote,
        maker.void_quote(body_of(other_quote)["quotation_id"]), later, maker.fulfil(later_id, "ready"),
        maker.reroute(later_id, "take_away"),
        maker.hand_over(later_id, body_of(later)["lines"][0]["line_id"], shop.gift_card(1_000)[1]),
        maker.material("show"), maker.material("read"), maker.material("keep"),
        maker.share(member_id),
    ]  # fmt: skip
    assert {op.kind for op in ops} | OF_ANOTHER_SHOP == OPERATIONS.keys()
    ops = [msgspec.structs.replace(op, seq=seq) for seq, op in enumerate(ops, 1)]  # as this list has them
    assert {result.status for result in shop.push(stream, ops).results} == {"applied"}
    assert {key for key, _ref in shop.hq.state.feed} == {shop.scope, shop.session(stream.device_id).device_scope}


def test_savepoints_are_made_only_once_something_failed(shop: MemoryShop, monkeypatch: pytest.MonkeyPatch) -> None:
    maker, stream, made = shop.maker(), shop.stream(), list[int]()
    savepoint = shop.ledger.savepoint

    def counted() -> Any:
        made.append(1)
        return savepoint()

    monkeypatch.setattr(shop.ledger, "savepoint", counted)
    ops = [maker.followup(new_id()) for _ in range(6)]
    shop.push(stream, ops[:3])
    assert made == []
    shop.aggregates = Breaking(shop, lambda: Clash("taken"), body_of(ops[4])["followup_id"], times=1)
    assert statuses(shop.push(stream, ops[3:]).results) == [("applied", "")] * 3
    assert made == [1] * 3


@pytest.mark.parametrize(("times", "taken"), [(TRIES - 1, True), (TRIES, False)])
def test_a_deadlock_is_run_again_four_times_at_most(shop: MemoryShop, times: int, taken: bool) -> None:
    maker, stream = shop.maker(), shop.stream()
    op = maker.followup(new_id())
    shop.aggregates = Breaking(
        shop, lambda: Transient("deadlock", rerun=True), body_of(op)["followup_id"], times
    )  # fmt: skip
    if taken:
        assert statuses(shop.push(stream, [op]).results) == [("applied", "")]
    else:
        with pytest.raises(Transient):
            shop.push(stream, [op])
    assert TRIES == 4
