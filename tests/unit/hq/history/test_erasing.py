"""Erasing a person in memory: what goes, what stays, and that nothing brings them back."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from guide_app.domain.errors import Refused
from guide_app.domain.records import Names, Policy, Product, Ref
from guide_app.operations import Versioned
from hq.handlers import abroad
from hq.handlers.abroad import Here
from hq.history.erasing import Eraser
from hq.ledger.memory import erased_mark
from hq.ledger.past import Person
from hq.ledger.past_memory import MemoryPast
from hq.ledger.port import ScopeKey, Transient
from hq.sync_api import wandering
from hq.sync_api.memory_chain import MemoryChain
from hq.sync_api.replay import Replayed, replay
from hq.sync_api.running import Shop, identity
from sync.protocol.messages import Result, WireOp
from tests.memory_hq import PRICE, MemoryShop, swept
from tests.ops import Maker, body_of, new_id, new_phone

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def chain_of(*shops: MemoryShop) -> MemoryChain:
    return MemoryChain(shops[0].hq, [(Shop(shop.store_id, "CNY"), shop.scope) for shop in shops])


def erase(shop: MemoryShop, *ids: str, others: tuple[MemoryShop, ...] = ()) -> list[Person]:
    """Returns what was written down meanwhile."""
    written: list[Person] = []
    past = MemoryPast(shop.hq)
    marks = past.whole(Person(shop.store_id, ids)).marks
    eraser = Eraser(shop.ledger, past, chain_of(shop, *others), NOW, written.append)
    eraser.erase(Person(shop.store_id, ids, marks), [one.store_id for one in (shop, *others)])
    return written


def memory(shop: MemoryShop) -> str:
    """All that HQ holds, as text."""
    state = shop.hq.state
    texts: list[Any] = [entry.body or b"" for _stream, entry in state.ops.values()]
    texts += [entry.body or b"" for entry in state.conflicts.values()]
    texts += [(row.data or "").encode() for row in state.feed.values()]
    texts += [msgspec.json.encode(row.record) for row in state.rows.values()]
    return b"\n".join(texts).decode()


@pytest.fixture
def shop() -> MemoryShop:
    return MemoryShop()


@pytest.fixture
def maker(shop: MemoryShop) -> Maker:
    return shop.maker()


def outcomes(results: list[Result]) -> list[tuple[str, str]]:
    return [(one.status, one.code) for one in results]


def test_nothing_of_the_person_is_left_and_the_sale_is(shop: MemoryShop, maker: Maker) -> None:
    number = new_phone()
    signed = maker.sign_up(name="PLANTED-NAME", phone=number, source="PLANTED-SOURCE")
    member_id = body_of(signed)["member_id"]
    ordered = maker.order([(shop.product_id, 2, PRICE)], shop.list_id, member_id=member_id, note="PLANTED-NOTE")
    cancelled = maker.op("order.cancel", {"order_id": body_of(ordered)["order_id"], "reason": "PLANTED reason"})
    friend = maker.sign_up(referrer=number[3:])
    talk, followup = maker.talk(member_id, note="PLANTED-TALK"), maker.followup(member_id, note="PLANTED-F")
    ticket, promise = maker.ticket(member_id, words="PLANTED-T"), maker.promise(member_id, words="PLANTED-P")
    step = maker.ticket_step(body_of(ticket)["ticket_id"], member_id, "solve", words="PLANTED-S")
    mark = maker.reminder(member_id, cycle="PLANTED-CYCLE")
    quoted = maker.quote([(shop.product_id, 2, PRICE)], member_id, note="PLANTED-Q")
    taken = maker.take_quote(body_of(quoted)["quotation_id"], body_of(ordered)["order_id"], member_id=member_id)
    shared = maker.share(member_id)
    edit = maker.edit(member_id, note=("", "PLANTED-EDIT"))
    twin = maker.op(edit.kind, {**body_of(edit), "base_ver": 7}, op_id=edit.op_id)
    said = (talk, followup, ticket, step, promise, mark, quoted, taken, shared, edit, twin)
    assert {r.status for r in shop.results(signed, ordered, cancelled, friend, *said)} == {"applied", "parked"}
    erase(shop, member_id)
    left = memory(shop)
    assert "PLANTED" not in left
    assert number[3:] not in left
    assert member_id not in left
    order = shop.record("order", body_of(ordered)["order_id"])
    assert (order.totals.total, order.member_id, order.note, order.cancel_reason) == (2 * PRICE, "", "", "")
    assert shop.record("member", body_of(friend)["member_id"]).referrer == ""
    gone = {ref.entity for (key, ref), row in shop.hq.state.feed.items() if row.kind == "erased" and key == shop.scope}
    assert gone == {"member", "talk", "followup", "reminder", "ticket", "promise", "quotation", "share"}
    assert shop.record("material_event", shared.op_id).what == "shared"


def test_whoever_names_them_later_brings_nothing_of_them_back(shop: MemoryShop, maker: Maker) -> None:
    number, again = new_phone(), new_phone()
    signed = maker.sign_up(phone=number)
    shop.results(signed)
    there, waits = MemoryShop(shop.hq), shop.maker().sign_up(referrer=number, consents=[_of_policy("9")])
    assert outcomes(shop.results(waits)) == [("parked", "policy_unknown")]
    erase(shop, body_of(signed)["member_id"], others=(there,))
    assert number[3:] not in memory(shop), "nor while a friend's sign-up waits"
    waits_too = there.maker().sign_up(referrer=number, consents=[_of_policy("9")])
    assert outcomes(there.results(waits_too)) == [("parked", "policy_unknown")]
    assert number[3:] not in memory(shop)
    elsewhere = there.maker()
    late = [elsewhere.sign_up(referrer=text) for text in (number, number[3:], body_of(signed)["member_no"])]
    told = there.results(*late, elsewhere.sign_up(phone=again), elsewhere.sign_up(phone=again, referrer=number))
    assert outcomes(told) == [("applied", "")] * 4 + [("merged", "phone_known")]
    assert [there.record("member", body_of(one)["member_id"]).referrer for one in late] == [""] * 3
    assert [(one.status, one.dup) for one in there.results(waits_too)] == [("parked", True)], (
        "by the hash of what it was"
    )
    policy = Policy(kind="terms", version="9", title=Names(), text=Names())
    shop.hq.shop_row("", Ref("policy", new_id()), Versioned(policy, 1))
    assert replay(shop.ledger, chain_of(shop, there)) == Replayed(2, 0)
    assert shop.record("member", body_of(waits)["member_id"]).referrer == ""
    assert there.record("member", body_of(waits_too)["member_id"]).referrer == ""
    left = {name: value for name, value in body_of(waits).items() if name != "referrer"}
    (again_told,) = shop.results(Maker(maker.store_id, maker.guide_id).op(waits.kind, left, op_id=waits.op_id))
    assert (again_told.status, again_told.dup) == ("applied", True), "by its op_id alone"
    assert number[3:] not in memory(shop)
    repeated = there.results(*late)
    assert [(one.status, one.dup) for one in repeated] == [("applied", True)] * 3


def test_a_sign_up_that_a_copy_tells_with_its_sender_is_the_one_told_without(shop: MemoryShop, maker: Maker) -> None:
    """One copy of the tablet had heard of the erasure, the other one had not (seed 25592)."""
    number = new_phone()
    signed = maker.sign_up(phone=number)
    shop.results(signed)
    told = shop.maker().sign_up(referrer=number)
    erase(shop, body_of(signed)["member_id"])
    left = {name: value for name, value in body_of(told).items() if name != "referrer"}
    without = msgspec.structs.replace(told, body=msgspec.json.encode(left).decode())
    without = msgspec.structs.replace(without, sha=identity(without))
    assert outcomes(shop.results(without)) == [("applied", "")]
    (again,) = shop.results(told)
    assert (again.status, again.dup) == ("applied", True)
    assert number[3:] not in memory(shop)


def test_who_signed_up_anew_may_be_named_again(shop: MemoryShop, maker: Maker) -> None:
    number = new_phone()
    signed = maker.sign_up(phone=number)
    shop.results(signed)
    erase(shop, body_of(signed)["member_id"])
    tablet, later = shop.maker(), shop.maker().sign_up(referrer=number)
    before, anew = tablet.sign_up(referrer=number), tablet.sign_up(phone=number)
    friends = [tablet.sign_up(referrer=text) for text in (number, number[3:])]
    shop.results(before, anew, *friends)
    shop.results(later)
    told = [shop.record("member", body_of(one)["member_id"]).referrer for one in (before, *friends, later)]
    assert told == ["", number, number[3:], number]


def test_a_sign_up_that_is_refused_gives_nobody_their_phone_back(shop: MemoryShop, maker: Maker) -> None:
    number, again = new_phone(), new_phone()
    signed, parked = maker.sign_up(phone=number), maker.sign_up(phone=again, consents=[_of_policy("9")])
    marks = tuple(map(erased_mark, (number, number[3:], body_of(signed)["member_no"], again)))
    MemoryPast(shop.hq).block(Person(shop.store_id, (body_of(signed)["member_id"],), marks), NOW)
    friends = [maker.sign_up(referrer=text) for text in (number, number[3:], body_of(signed)["member_no"], again)]
    assert outcomes(shop.results(signed, parked, *friends)) == [
        ("rejected", "erased"), ("parked", "policy_unknown"), *[("applied", "")] * 4,
    ]  # fmt: skip
    assert [shop.record("member", body_of(one)["member_id"]).referrer for one in friends] == [""] * 4
    assert number[3:] not in memory(shop)


def test_copies_of_those_whom_they_sent_lose_it_too(shop: MemoryShop, maker: Maker) -> None:
    number, there = new_phone(), MemoryShop(shop.hq)
    signed, friend = maker.sign_up(phone=number), maker.sign_up(referrer=number)
    who, sent = body_of(signed)["member_id"], body_of(friend)["member_id"]
    shop.results(signed, friend)
    with shop.ledger.transaction():
        home = there.aggregates.homes([sent])[sent]
        abroad.invite(Here(there.store_id, "CNY", there.aggregates), home, NOW)
    assert there.record("visitor", sent).referrer == number
    erase(shop, who, others=(there,))
    swept(shop, there)
    assert there.record("visitor", sent).referrer == ""
    assert number[3:] not in memory(shop)


def _of_policy(version: str) -> dict[str, Any]:
    return {"kind": "terms", "policy_version": version, "granted": True}


def test_a_friend_s_sign_up_is_known_again_by_what_the_tablet_kept_of_it(shop: MemoryShop, maker: Maker) -> None:
    number = new_phone()
    signed = maker.sign_up(phone=number)
    friend, stranger = maker.sign_up(referrer=number), maker.sign_up()
    shop.results(signed, friend, stranger)
    erase(shop, body_of(signed)["member_id"])

    def rest(op: WireOp) -> WireOp:
        left = {name: value for name, value in body_of(op).items() if name not in ("referrer", "source")}
        return Maker(maker.store_id, maker.guide_id).op(op.kind, left, op_id=op.op_id)

    told = [shop.results(rest(op))[0] for op in (friend, stranger)]
    assert [(one.status, one.code, one.dup) for one in told] == [
        ("applied", "", True), ("parked", "op_id_conflict", False),
    ]  # fmt: skip
    assert shop.record("member", body_of(friend)["member_id"]).referrer == ""


def test_their_points_are_gone_and_the_tablets_lease_of_them_is_closed(shop: MemoryShop, maker: Maker) -> None:
    signed = maker.sign_up()
    member_id, device = body_of(signed)["member_id"], new_id()
    shop.results(signed)
    points, others = shop.instrument(100, owner_id=member_id), shop.instrument(50)
    lease, stays = (shop.grant(device, one, 40).lease for one in (points, others))
    assert lease is not None
    assert stays is not None
    erase(shop, member_id)
    assert shop.record("instrument", points.id) is None
    assert shop.value(others).held == 40
    closed = shop.lease(lease.id)
    assert (closed.left, closed.returned_at) == (0, "2026-11-22T12:00:00.000Z")
    kinds = {
        ref.id: row.kind
        for (key, ref), row in shop.hq.state.feed.items()
        if key.scope == device[:12] and ref.entity == "lease"
    }
    assert kinds == {lease.id: "gone", stays.id: "put"}
    assert shop.grant(device, points, 5).code == "instrument_unknown"
    late = shop.maker().order(
        [(shop.product_id, 1, PRICE)], shop.list_id, member_id=member_id,
        spends=[{"lease_id": lease.id, "amount": 30}],
    )  # fmt: skip
    assert outcomes(shop.results(late)) == [("applied", "overspent")]
    assert shop.lease(lease.id).overspent == 30
    undone = shop.maker().op("order.cancel", {"order_id": body_of(late)["order_id"], "reason": "mistake"})
    assert outcomes(shop.results(undone)) == [("applied", "")]
    assert shop.lease(lease.id).overspent == 0


def test_nothing_brings_them_back(shop: MemoryShop, maker: Maker) -> None:
    signed = maker.sign_up()
    member_id = body_of(signed)["member_id"]
    stream = shop.stream()
    shop.push(stream, [signed])
    erase(shop, member_id)
    late = shop.maker()
    again = late.sign_up(member_id=member_id)
    sale = late.order([(shop.product_id, 1, PRICE)], shop.list_id, member_id=member_id, note="for her")
    results = shop.results(
        again, sale, late.edit(member_id, name=("", "x")), late.talk(member_id), late.followup(member_id),
        late.consent(member_id, granted=False),
    )  # fmt: skip
    assert outcomes(results) == [("rejected", "erased"), ("applied", "")] + [("rejected", "erased")] * 4
    assert shop.record("member", member_id) is None
    order = shop.record("order", body_of(sale)["order_id"])
    assert (order.member_id, order.note, order.totals.total) == ("", "", PRICE)
    assert member_id not in memory(shop)
    repeated = shop.push(stream, [WireOp(**{**msgspec.structs.asdict(signed), "body": None})])
    assert [(r.status, r.dup) for r in repeated.results] == [("applied", True)]


def test_another_content_of_an_op_that_was_about_them_is_passed_over(shop: MemoryShop, maker: Maker) -> None:
    signed = maker.sign_up()
    stream = shop.stream()
    shop.push(stream, [signed])
    erase(shop, body_of(signed)["member_id"])
    other = maker.op("member.sign_up", {**body_of(signed), "name": "PLANTED"}, op_id=signed.op_id)
    assert outcomes(list(shop.push(stream, [other]).results)) == [("applied", "")]
    assert "PLANTED" not in memory(shop)


def test_what_waited_is_closed_but_a_sale_is_taken_without_them(shop: MemoryShop, maker: Maker) -> None:
    member_id, unknown = new_id(), new_id()
    stream = shop.stream()
    edit = maker.edit(member_id, note=("", "PLANTED"))
    sale = maker.order([(unknown, 1, 100)], shop.list_id, member_id=member_id, note="kept while it waits")
    assert outcomes(list(shop.push(stream, [edit, sale]).results)) == [
        ("parked", "member_unknown"), ("parked", "product_unknown"),
    ]  # fmt: skip
    erase(shop, member_id)
    assert "PLANTED" not in memory(shop)
    known = shop.ledger.known([edit.op_id, sale.op_id])
    assert (known[edit.op_id].outcome.status, known[edit.op_id].outcome.code) == ("rejected", "erased")
    assert known[sale.op_id].outcome.status == "parked"
    told = [row for (_key, ref), row in shop.hq.state.feed.items() if ref == Ref("op_outcome", edit.op_id)]
    assert [json.loads(row.data or "")["code"] for row in told] == ["erased"]
    assert "kept while it waits" in memory(shop)
    shop.hq.shop_row("", Ref("product", unknown), Versioned(Product(names=Names(en="New"), sku="new"), 1))
    assert replay(shop.ledger, chain_of(shop)) == Replayed(1, 0)
    assert shop.record("order", body_of(sale)["order_id"]).member_id == ""
    assert "kept while it waits" not in memory(shop)
    assert member_id not in memory(shop)


def test_merged_ids_go_with_the_survivor(shop: MemoryShop, maker: Maker) -> None:
    number = new_phone()
    first, second = maker.sign_up(phone=number), maker.sign_up(phone=number, name="PLANTED")
    vanished = body_of(second)["member_id"]
    shop.results(first, second)
    erase(shop, body_of(first)["member_id"], vanished)
    assert shop.record("member_alias", vanished) is None
    assert "PLANTED" not in memory(shop)
    assert outcomes(shop.results(shop.maker().talk(vanished))) == [("rejected", "erased")]


def test_again_it_does_nothing_new_and_broken_off_it_ends_the_same(
    shop: MemoryShop, maker: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed = maker.sign_up(name="PLANTED")
    member_id = body_of(signed)["member_id"]
    shop.results(signed, maker.talk(member_id))
    past = MemoryPast(shop.hq)

    def gone(*_args: object) -> None:
        raise Transient("gone")

    with monkeypatch.context() as patch:
        patch.setattr(MemoryPast, "scrub", gone)
        with pytest.raises(Transient):
            erase(shop, member_id)
    assert past.unfinished([member_id]) == {member_id}
    erase(shop, member_id)
    assert past.unfinished([member_id]) == set()
    assert "PLANTED" not in memory(shop)
    digest = shop.hq.state.heads[shop.scope].digest
    erase(shop, member_id)
    assert shop.hq.state.heads[shop.scope].digest == digest


def test_other_stores_lose_their_traces_too(shop: MemoryShop, maker: Maker) -> None:
    there = MemoryShop(shop.hq)
    signed = maker.sign_up()
    member_id = body_of(signed)["member_id"]
    shop.results(signed)
    abroad = there.maker()
    visit = abroad.talk(member_id, note="PLANTED")
    there.results(visit)
    stranger = MemoryShop(shop.hq)
    erase(shop, member_id, others=(there, stranger))
    assert "PLANTED" not in memory(shop)
    assert there.record("talk", body_of(visit)["talk_id"]) is None
    told = {(key, ref.entity) for (key, ref), row in shop.hq.state.feed.items() if ref.id == member_id}
    assert told == {(shop.scope, "member"), (there.scope, "visitor")}


def test_a_reason_that_another_store_wrote_freely_goes_with_its_operation(shop: MemoryShop, maker: Maker) -> None:
    there = MemoryShop(shop.hq)
    signed = maker.sign_up()
    member_id = body_of(signed)["member_id"]
    shop.results(signed)
    abroad = there.maker()
    bought = abroad.order([(there.product_id, 1, PRICE)], there.list_id, member_id=member_id)
    back = abroad.op("order.cancel", {"order_id": body_of(bought)["order_id"], "reason": "PLANTED reason"})
    other = abroad.order([(there.product_id, 1, PRICE)], there.list_id, member_id=member_id)
    coded = abroad.op("order.cancel", {"order_id": body_of(other)["order_id"], "reason": "mistake"})
    there.results(bought, back, other, coded)
    erase(shop, member_id, others=(there,))
    assert "PLANTED" not in memory(shop)
    assert member_id not in memory(shop)
    assert shop.hq.state.ops[coded.op_id][1].body is not None


def test_who_was_merged_into_them_after_it_was_begun_is_the_same_person(shop: MemoryShop, maker: Maker) -> None:
    number, past = new_phone(), MemoryPast(shop.hq)
    signed, twin = maker.sign_up(phone=number), shop.maker().sign_up(phone=number, name="PLANTED")
    member_id, twin_id = body_of(signed)["member_id"], body_of(twin)["member_id"]
    shop.results(signed)
    with shop.ledger.transaction():
        past.block(Person(shop.store_id, (member_id,)), NOW)
    assert outcomes(shop.results(twin)) == [("merged", "phone_known")]
    assert [(one.store_id, one.ids) for one in erase(shop, member_id)] == [(shop.store_id, (member_id, twin_id))]
    assert "PLANTED" not in memory(shop)
    assert past.unfinished([member_id, twin_id]) == set()
    assert outcomes(shop.results(shop.maker().talk(twin_id))) == [("rejected", "erased")]


def test_who_is_merged_into_them_while_stores_are_looked_at_is_the_same_person(
    shop: MemoryShop, maker: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    number, there = new_phone(), MemoryShop(shop.hq)
    signed, twin = maker.sign_up(phone=number), shop.maker().sign_up(phone=number, name="PLANTED")
    member_id, twin_id = body_of(signed)["member_id"], body_of(twin)["member_id"]
    shop.results(signed)
    looked, sent = Eraser._traces, list[WireOp]()

    def meanwhile(eraser: Eraser, *about: Any) -> Any:
        found = looked(eraser, *about)
        if not sent:
            sent.append(twin)
            assert outcomes(shop.results(twin)) == [("merged", "phone_known")]
            there.results(there.maker().talk(twin_id, note="PLANTED"))
        return found

    monkeypatch.setattr(Eraser, "_traces", meanwhile)
    assert [set(person.ids) for person in erase(shop, member_id, others=(there,))] == [{member_id, twin_id}]
    assert "PLANTED" not in memory(shop)
    assert shop.record("member_alias", twin_id) is None
    assert outcomes(shop.results(shop.maker().talk(twin_id))) == [("rejected", "erased")]


def test_a_store_with_nothing_but_operations_about_them_hears_whom_to_forget(shop: MemoryShop, maker: Maker) -> None:
    there, stranger = MemoryShop(shop.hq), MemoryShop(shop.hq)
    signed = maker.sign_up()
    member_id = body_of(signed)["member_id"]
    shop.results(signed)
    edit = there.maker().edit(member_id, note=("", "PLANTED"))
    assert outcomes(there.results(edit)) == [("forwarded", "")]
    erase(shop, member_id, others=(there, stranger))
    assert "PLANTED" not in memory(shop)
    assert {key for (key, ref), row in shop.hq.state.feed.items() if ref.id == member_id and row.kind == "erased"} == {
        shop.scope, there.scope,
    }  # fmt: skip


def test_a_tablet_that_is_in_another_shop_now_hears_whom_to_forget(shop: MemoryShop, maker: Maker) -> None:
    there = MemoryShop(shop.hq)
    early, late = maker.sign_up(), maker.sign_up()
    shop.results(early, late)
    gone = [body_of(op)["member_id"] for op in (early, late)]
    stays, moved = ScopeKey(there.store_id, "d-stays"), ScopeKey(there.store_id, "d-moved")
    erase(shop, gone[0], others=(there,))
    wandering.came(shop.ledger, MemoryPast(shop.hq), moved, NOW)
    chain = MemoryChain(shop.hq, [(Shop(one.store_id, "CNY"), one.scope) for one in (shop, there)], wandered=[moved])
    eraser = Eraser(shop.ledger, MemoryPast(shop.hq), chain, NOW, list[Person]().append)
    eraser.erase(Person(shop.store_id, (gone[1],)), [shop.store_id, there.store_id])
    told = {(key, ref): row.kind for (key, ref), row in shop.hq.state.feed.items() if key in (stays, moved)}
    assert told == {(moved, Ref("member", member_id)): "erased" for member_id in gone}
    assert moved not in shop.hq.state.heads or shop.hq.state.heads[moved].digest == 0


def test_who_is_being_erased_goes_nowhere_any_more(shop: MemoryShop, maker: Maker) -> None:
    number, there = new_phone(), MemoryShop(shop.hq)
    first, later = maker.sign_up(phone=number), there.maker().sign_up(phone=number, name="PLANTED")
    there.results(later)
    shop.results(first)
    leaving = body_of(first)["member_id"]
    with shop.ledger.transaction():
        MemoryPast(shop.hq).block(Person(shop.store_id, (leaving,)), NOW)
    swept(shop, there)
    assert there.record("member", body_of(later)["member_id"]).name == "PLANTED"
    assert shop.record("member_alias", leaving) is None
    here, other = (chain_of(shop, there).branch(one.store_id).here for one in (shop, there))
    with pytest.raises(Refused, match="member_unknown"):
        abroad.move(here, other, leaving, NOW)
    erase(shop, leaving, others=(there,))
    assert there.record("member", body_of(later)["member_id"]).name == "PLANTED"
    assert shop.record("member", leaving) is None


def test_a_parcel_of_theirs_in_another_store_loses_them_and_is_still_to_be_handed_over(
    shop: MemoryShop, maker: Maker
) -> None:
    there = MemoryShop(shop.hq)
    signed = maker.sign_up()
    who = body_of(signed)["member_id"]
    to = {"name": "欧阳娜娜", "phone": "+8613800000007", "address": "长安路 1 号"}
    way = {"kind": "ship", "store_id": there.store_id, "to": to, "note": "给妈妈的"}
    sale = maker.order([(shop.product_id, 1, PRICE)], shop.list_id, member_id=who)
    body = {**body_of(sale), "fulfilment": way}
    placed = shop.maker().op("order.place", body, schema_v=4)
    assert [one.status for one in (*shop.results(signed), *shop.results(placed))] == ["applied"] * 2
    swept(shop, there)
    assert there.record("parcel", body["order_id"]).to.name == to["name"]
    erase(shop, who, others=(there,))
    swept(shop, there)
    parcel = there.record("parcel", body["order_id"])
    assert (parcel.to, parcel.note, parcel.cancelled) == (None, "", False)
    for word in (*to.values(), "给妈妈的"):
        assert word not in memory(shop)
