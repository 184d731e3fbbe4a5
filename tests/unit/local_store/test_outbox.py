"""Writing: the operation and its effect in one transaction, HQ's answers over them."""

import asyncio

import msgspec
import pytest

from guide_app.domain.errors import Defect, Refused
from guide_app.domain.records import Member, Order, Ref, Stock
from guide_app.operations.orders import Place
from guide_app.operations.returns import LineBack, Promised, TakeBack, UndoReturn
from guide_app.services.ports.writing import Change, Draft
from local_store.repositories.attention import GIFTS, TOLD, TOLD_CODES
from sync.protocol import codec, digest
from sync.protocol.messages import WireOp
from tests.unit.local_store.fake_hq import STORE, uuid
from tests.unit.local_store.kit import (
    GUIDE,
    PHONES,
    PRODUCTS,
    Bench,
    cancel,
    consent,
    edit,
    followup,
    member,
    place,
    sign_up,
    talk,
)

pytestmark = pytest.mark.asyncio


async def the_member(bench: Bench, member_id: str) -> Member:
    view = await bench.store.members.get(member_id)
    assert view is not None
    return view.member


async def test_an_operation_stands_in_the_outbox_and_on_the_screen_at_once(bench: Bench) -> None:
    member_id, order_id = uuid(), uuid()
    refs = await bench.do(sign_up(member_id, PHONES[0]), place(order_id, [(PRODUCTS[0], 2)], member_id))
    assert refs == {Ref("member", member_id), Ref("order", order_id), Ref("stock", PRODUCTS[0])}
    found = await the_member(bench, member_id)
    assert (found.order_count, found.spent) == (1, 2000)
    row = await bench.store.orders.get(order_id)
    assert row is not None
    assert (row.member_name, row.outbox, row.order.state) == ("陈静", "pending", "placed")
    (product,) = await bench.store.catalogue.get([PRODUCTS[0]])
    assert product.on_hand == 98
    waiting = await bench.store.outbox.waiting()
    assert waiting.by_kind == {"member.sign_up": 1, "order.place": 1}
    assert waiting.total == 2


async def test_what_goes_out_is_what_was_written(bench: Bench) -> None:
    await bench.do(sign_up(uuid(), PHONES[0]))
    out = await bench.store.sync.outgoing()
    op = codec.decode(bytes(out.ops[0]), WireOp)
    assert op.body is not None
    assert op.sha == digest.op_sha(op.op_id, op.kind, op.schema_v, op.store_id, op.guide_id, op.made_at, op.body)
    assert (op.seq, out.next_seq, op.guide_id, op.store_id) == (1, 2, GUIDE, bench.hq.store_id)
    assert bench.sql("SELECT state, body FROM outbox") == [("sent", op.body)]


async def test_a_refused_operation_leaves_nothing_not_even_those_before_it(bench: Bench) -> None:
    good, bad = sign_up(uuid(), PHONES[0]), sign_up(uuid(), "+861")
    with pytest.raises(Refused, match="phone_invalid"):
        await bench.do(good, bad)
    assert bench.sql("SELECT count(*) FROM outbox") == [(0,)]
    assert bench.sql("SELECT count(*) FROM shadow") == [(0,)]
    assert await bench.store.members.count() == 0
    await bench.do(good)
    assert bench.sql("SELECT seq FROM outbox") == [(1,)]


async def test_an_operation_over_64_kib_is_refused_when_written(bench: Bench) -> None:
    lines = [(PRODUCTS[0], 1)] * 200
    body = place(uuid(), lines).body
    fat = msgspec.structs.replace(body, note="注" * 2000)
    discounts = tuple({"kind": "x" * 100, "amount": 0, "label": "y" * 100} for _ in range(3))
    lines_with = tuple(msgspec.structs.replace(line, discounts=discounts) for line in fat.lines)  # type: ignore[attr-defined]  # the body is a Place
    with pytest.raises(Refused, match="too_large"):
        await bench.do(Draft(kind="order.place", body=msgspec.structs.replace(fat, lines=lines_with)))


async def test_nothing_can_be_written_before_enrolment(tmp_path: object, bench: Bench) -> None:
    fresh = Bench(bench.path.with_name("other.db"))
    assert await fresh.store.shop.tablet() is None
    assert await fresh.store.sync.device() is None
    with pytest.raises(Defect):
        await fresh.do(sign_up(uuid(), PHONES[0]))
    fresh.store.close()


async def test_a_return_counts_once_while_the_rows_that_it_moved_come_one_by_one(bench: Bench) -> None:
    member_id, order_id = uuid(), uuid()
    sold = place(order_id, [(PRODUCTS[0], 3)], member_id)
    assert isinstance(sold.body, Place)
    (line,) = sold.body.lines
    await bench.do(sign_up(member_id, PHONES[0]), sold)
    await bench.drain()
    back = TakeBack(
        order_id=order_id, return_id=uuid(), lines=(LineBack(line_id=line.line_id, qty=2, reason="unwanted"),),
        refund=Promised(money=2000),
    )  # fmt: skip
    await bench.do(Draft(kind="order.return", body=back))
    for most in (0, 1, 1, 1, 1, 1):
        await bench.round(most=most)
        found = await the_member(bench, member_id)
        (product,) = await bench.store.catalogue.get([PRODUCTS[0]])
        assert (found.order_count, found.spent, product.on_hand) == (1, 1000, 99), most


async def test_a_return_that_hq_took_is_shown_the_same_while_its_rows_arrive_one_by_one(bench: Bench) -> None:
    member_id, order_id, return_id = uuid(), uuid(), uuid()
    sale = place(order_id, [(PRODUCTS[0], 2)], member_id)
    line_id = sale.body.lines[0].line_id  # type: ignore[attr-defined]  # the body is a Place
    await bench.do(sign_up(member_id, PHONES[0]))
    await bench.do(sale)
    await bench.drain()
    lines = (LineBack(line_id=line_id, qty=1, reason="wrong_size"),)
    back = TakeBack(order_id=order_id, return_id=return_id, lines=lines, refund=Promised(money=1000))
    undo = UndoReturn(order_id=order_id, return_id=return_id)
    for draft, expected in (
        (Draft(kind="order.return", body=back), (1, 1000, 99)),
        (Draft(kind="order.return_undo", body=undo), (1, 2000, 98)),
    ):
        await bench.do(draft)
        for most in (0, 1, 1, 1, 1):
            await bench.round(most=most)
            found = await the_member(bench, member_id)
            (product,) = await bench.store.catalogue.get([PRODUCTS[0]])
            assert (found.order_count, found.spent, product.on_hand) == expected, most
        await bench.drain()


async def test_applied_operations_leave_the_list_once_their_rows_are_here(bench: Bench) -> None:
    member_id, order_id = uuid(), uuid()
    await bench.do(sign_up(member_id, PHONES[0]))
    await bench.do(place(order_id, [(PRODUCTS[0], 2)], member_id))
    await bench.do(cancel(order_id))
    for most in (0, 1, 1, 1, 1, 1, 1):
        await bench.round(most=most)
        found = await the_member(bench, member_id)
        row = await bench.store.orders.get(order_id)
        (product,) = await bench.store.catalogue.get([PRODUCTS[0]])
        assert (found.order_count, found.spent, product.on_hand) == (0, 0, 100), most
        assert row is not None
        assert row.order.state == "cancelled"
    await bench.drain()
    assert bench.sql("SELECT count(*) FROM op_touch") == [(0,)]
    assert bench.sql("SELECT count(*) FROM shadow") == [(0,)]
    assert bench.sql("SELECT DISTINCT state, listed FROM outbox") == [("applied", 0)]


@pytest.mark.parametrize("most", [0, 1, 2, 3, 10])
async def test_a_lost_answer_doubles_nothing(bench: Bench, most: int) -> None:
    member_id = uuid()
    await bench.do(sign_up(member_id, PHONES[0]))
    for _ in range(3):
        await bench.do(place(uuid(), [(PRODUCTS[0], 1)], member_id))
    await bench.round(lost=True)
    await bench.do(place(uuid(), [(PRODUCTS[0], 1)], member_id))
    for _ in range(12):
        await bench.round(most=most)
        assert (await the_member(bench, member_id)).order_count == 4
    await bench.drain()
    assert bench.hq.record("member", member_id).order_count == 4
    assert bench.hq.record("stock", PRODUCTS[0]) == Stock(on_hand=96, as_of=bench.hq.record("stock", PRODUCTS[0]).as_of)


async def test_a_rejected_operation_goes_from_the_screen_to_the_attention_list(bench: Bench) -> None:
    member_id = uuid()
    await bench.do(sign_up(member_id, PHONES[0]))
    await bench.drain()
    bench.hq.verdict["member.edit"] = ("rejected", "not_allowed")
    await bench.do(edit(member_id, "note", "", "wrong"))
    await bench.do(talk(member_id, uuid()))
    await bench.drain()
    assert (await the_member(bench, member_id)).note == ""
    (row,) = await bench.store.outbox.attention()
    assert (row.kind, row.code, row.op_kind, row.member_name) == ("rejected", "not_allowed", "member.edit", "陈静")
    assert row.body.set["note"].new == "wrong"
    await bench.store.outbox.dismiss(row.key)
    assert await bench.store.outbox.attention_count() == 0


async def test_a_parked_operation_keeps_its_effect_until_its_outcome(bench: Bench) -> None:
    member_id, order_id = uuid(), uuid()
    bench.hq.verdict["order.place"] = ("parked", "total_mismatch")
    await bench.do(sign_up(member_id, PHONES[0]), place(order_id, [(PRODUCTS[0], 1)], member_id))
    await bench.drain()
    assert (await the_member(bench, member_id)).order_count == 1
    row = await bench.store.orders.get(order_id)
    assert row is not None
    assert row.outbox == "parked"
    (attention,) = await bench.store.outbox.attention()
    assert (attention.kind, attention.order_number) == ("parked", f"O{order_id[:8]}")
    bench.hq.mend()
    await bench.drain()
    assert (await the_member(bench, member_id)).order_count == 1
    assert await bench.store.outbox.attention() == []
    assert bench.sql("SELECT count(*) FROM shadow") == [(0,)]


async def test_forwarded_is_open_and_needs_nobody(bench: Bench) -> None:
    bench.hq.verdict["talk.log"] = ("forwarded", "")
    member_id = uuid()
    await bench.do(sign_up(member_id, PHONES[0]), talk(member_id, uuid()))
    await bench.drain()
    assert bench.sql("SELECT state, listed FROM outbox WHERE kind = 'talk.log'") == [("parked", 1)]
    assert await bench.store.outbox.attention() == []
    bench.hq.mend()
    await bench.drain()
    assert bench.sql("SELECT state, listed FROM outbox WHERE kind = 'talk.log'") == [("applied", 0)]


async def test_a_second_gift_is_told_until_somebody_has_seen_it(bench: Bench) -> None:
    bench.hq.verdict["member.sign_up"] = ("applied", "gift_twice")
    await bench.do(sign_up(member_id := uuid(), PHONES[0], "小明"))
    await bench.drain()
    (row,) = await bench.store.outbox.attention()
    assert (row.kind, row.code, row.member_id, row.member_name) == ("gift_twice", "gift_twice", member_id, "小明")
    plan = " ".join(str(step) for step in bench.sql(f"EXPLAIN QUERY PLAN {GIFTS}"))
    assert "outbox_gift" in plan
    await bench.store.outbox.dismiss(row.key)
    assert await bench.store.outbox.attention() == []


@pytest.mark.parametrize("code", TOLD_CODES)
async def test_what_hq_took_otherwise_is_told_until_somebody_has_seen_it(bench: Bench, code: str) -> None:
    bench.hq.verdict["order.place"] = ("applied", code)
    await bench.do(place(order_id := uuid(), [(PRODUCTS[0], 1)]))
    await bench.drain()
    bench.hq.publish("order", order_id, msgspec.structs.replace(bench.hq.record("order", order_id), number="NOW"))
    await bench.drain()
    (row,) = await bench.store.outbox.attention()
    assert (row.kind, row.code, row.order_id, row.op_kind) == (code, code, order_id, "order.place")
    assert (row.order_number == "NOW") == (code == "number_changed"), "a number that was changed is told as it is now"
    plan = " ".join(str(step) for step in bench.sql(f"EXPLAIN QUERY PLAN {TOLD}"))
    assert "outbox_told" in plan
    await bench.store.outbox.dismiss(row.key)
    assert await bench.store.outbox.attention() == []


async def test_a_merged_sign_up_and_all_its_work_go_to_the_survivor(bench: Bench) -> None:
    survivor, vanished, before, after = uuid(), uuid(), uuid(), uuid()
    bench.hq.publish("member", survivor, member(phone=PHONES[0]))
    await bench.do(sign_up(vanished, PHONES[0], "小明"))
    await bench.do(place(before, [(PRODUCTS[0], 1)], vanished), followup(vanished, uuid()))
    await bench.drain()
    await bench.do(place(after, [(PRODUCTS[0], 1)], vanished))
    view = await bench.store.members.get(vanished)
    assert view is not None
    assert (view.id, view.member.order_count, view.member.name) == (survivor, 2, "王小明")
    assert await bench.store.members.count() == 1
    kinds = [entry.kind for entry in await bench.store.members.timeline(vanished)]
    assert sorted(kinds) == ["consent", "followup", "order", "order", "sign_up"]
    row = await bench.store.orders.get(after)
    assert row is not None
    assert (row.order.member_id, row.member_name) == (survivor, "王小明")
    (attention,) = await bench.store.outbox.attention()
    assert (attention.kind, attention.member_id) == ("merged", survivor)
    assert [row.id for row in await bench.store.members.search("ming")] == [survivor]
    await bench.drain()
    assert bench.hq.record("member", survivor).order_count == 2
    assert bench.sql("SELECT count(*) FROM shadow") == [(0,)]


async def test_hqs_edit_under_an_open_operation_is_seen_through_it(bench: Bench) -> None:
    member_id = uuid()
    bench.hq.publish("member", member_id, member())
    await bench.drain()
    await bench.do(edit(member_id, "note", "", "mine"))
    bench.hq.publish("member", member_id, member(level="gold"))
    sent = await bench.store.sync.outgoing(max_ops=200)
    silent = msgspec.structs.replace(sent, ops=())
    answer = bench.hq.sync(silent)
    await bench.store.sync.take(silent, answer)
    found = await the_member(bench, member_id)
    assert (found.level, found.note) == ("gold", "mine")
    bench.hq.publish("member", member_id, member(level="gold", note="theirs"))
    await bench.drain()
    found = await the_member(bench, member_id)
    assert (found.note, found.conflicts[0].theirs) == ("theirs", "mine")
    (row,) = await bench.store.outbox.attention()
    assert (row.kind, row.field, row.hq, row.theirs) == ("conflict", "note", "theirs", "mine")


async def test_fields_that_this_version_does_not_know_survive_an_edit(bench: Bench) -> None:
    member_id = uuid()
    raw = msgspec.json.decode(msgspec.json.encode(member()))
    bench.hq.publish_raw("member", member_id, msgspec.Raw(msgspec.json.encode({**raw, "shoe_size": 42})))
    await bench.drain()
    await bench.do(edit(member_id, "note", "", "x"))
    ((text,),) = bench.sql("SELECT d FROM member")
    assert msgspec.json.decode(text)["shoe_size"] == 42


async def test_the_version_seen_is_hqs_whatever_waits_here(bench: Bench) -> None:
    member_id = uuid()
    await bench.do(sign_up(member_id, PHONES[0]))
    await bench.do(edit(member_id, "note", "", "x"))
    view = await bench.store.members.get(member_id)
    assert view is not None
    assert view.ver == 0
    await bench.do(consent(member_id, False, 2))
    await bench.drain()
    view = await bench.store.members.get(member_id)
    assert view is not None
    assert view.ver == 3
    assert await bench.store.sync.differing() == ()


async def test_listeners_hear_of_writes_and_of_answers(bench: Bench) -> None:
    heard: list[Change] = []
    stop = bench.store.journal.subscribe(heard.append)
    member_id = uuid()
    await bench.do(sign_up(member_id, PHONES[0]))
    (op_id,) = bench.sql("SELECT op_id FROM outbox")[0]
    assert heard[-1] == Change(refs=frozenset({Ref("member", member_id)}), state=True, ops=(op_id,))
    other = uuid()
    bench.hq.publish("member", other, member())
    await bench.drain()
    assert any(Ref("member", other) in change.refs for change in heard)
    stop()
    count = len(heard)
    await bench.do(talk(member_id, uuid()))
    await asyncio.sleep(0)
    assert len(heard) == count


async def test_requests_are_cut_by_count_and_by_size(bench: Bench) -> None:
    for n in range(5):
        await bench.do(sign_up(uuid(), PHONES[n]))
    out = await bench.store.sync.outgoing(max_ops=2)
    assert (len(out.ops), out.more) == (2, True)
    size = len(bytes(out.ops[0])) + len(bytes(out.ops[1]))
    out = await bench.store.sync.outgoing(max_bytes=size)
    assert (len(out.ops), out.more) == (2, True)
    out = await bench.store.sync.outgoing(max_bytes=1)
    assert len(out.ops) == 1
    out = await bench.store.sync.outgoing()
    assert (len(out.ops), out.more) == (5, False)


async def test_an_idle_round_writes_nothing(bench: Bench) -> None:
    await bench.round()
    before = bench.sql("PRAGMA data_version"), bench.path.with_name("store.db-wal").stat().st_mtime_ns
    await bench.round()
    assert (bench.sql("PRAGMA data_version"), bench.path.with_name("store.db-wal").stat().st_mtime_ns) == before


async def test_an_order_without_a_member_and_with_goods_not_kept(bench: Bench) -> None:
    order_id = uuid()
    refs = await bench.do(place(order_id, [(PRODUCTS[2], 1)]))
    assert refs == {Ref("order", order_id)}
    await bench.drain()
    assert isinstance(bench.hq.record("order", order_id), Order)
    assert bench.hq.heads[STORE] > 0
