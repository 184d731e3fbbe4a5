"""What crosses stores: forwarded operations, one person in two stores, members of other stores, in memory."""

from __future__ import annotations

import itertools
from datetime import timedelta

import msgspec
import pytest

from guide_app.domain import numbers
from guide_app.domain.errors import Refused
from guide_app.domain.records import (
    Card,
    Coupon,
    Member,
    MemberAlias,
    OpOutcome,
    Policy,
    Ref,
    Visitor,
    Wallet,
    decode,
)
from guide_app.domain.records.base import Names
from guide_app.domain.records.reminder import reminder_ref
from guide_app.operations import Versioned
from hq.handlers import abroad
from hq.handlers.work import Work, feed_rows
from hq.ledger.memory import MemoryLedger
from hq.ledger.port import FeedRow, Step, Stream, Transient
from hq.ledger.steps import MeetMember
from hq.sync_api import lookup
from hq.sync_api.memory_chain import MemoryChain, device_scope
from hq.sync_api.replay import replay
from hq.sync_api.running import Shop
from hq.sync_api.sweep import Sweeper, publish
from sync.protocol.messages import LookupRequest, LookupResponse, Result, WireOp
from tests.memory_hq import NOW, PRICE, MemoryShop, chain, swept
from tests.ops import body_of, new_id, new_phone

Shops = tuple[MemoryShop, MemoryShop, MemoryShop]


@pytest.fixture
def shops() -> Shops:
    first = MemoryShop()
    return first, MemoryShop(first.hq), MemoryShop(first.hq)


def send(shop: MemoryShop, stream: Stream, *ops: WireOp, past: tuple[MemoryShop, ...] = ()) -> list[Result]:
    return list(shop.push(stream, ops, past=[one.store_id for one in past]).results)


def told(shop: MemoryShop, stream: Stream, op: WireOp) -> OpOutcome | None:
    """What the device was told later of its operation."""
    row = shop.hq.state.feed.get((device_scope(shop.store_id, stream.device_id), Ref("op_outcome", op.op_id)))
    return decode(row.data or "", OpOutcome) if row else None


def in_feed(shop: MemoryShop, entity: str, row_id: str) -> str:
    """How the row stands in the shop's feed: "", put, gone, left."""
    row = shop.hq.state.feed.get((shop.scope, Ref(entity, row_id)))
    return row.kind if row else ""


def signed_up(shop: MemoryShop, **more: object) -> str:
    """A member of the shop."""
    op = shop.maker().sign_up(**more)
    assert send(shop, shop.stream(), op)[0].status == "applied"
    return str(body_of(op)["member_id"])


def visiting(shop: MemoryShop, *shops: MemoryShop, member_id: str) -> None:
    """The member of another shop comes into this one, as by a lookup."""
    branch = chain(shop, *shops).branch(shop.store_id)
    with shop.ledger.transaction():
        home = shop.aggregates.homes([member_id])[member_id]
        publish(shop.ledger, branch, abroad.invite(branch.here, home, NOW))


def moved(member_id: str, old: MemoryShop, new: MemoryShop) -> None:
    both = chain(old, new)
    one, two = both.branch(old.store_id), both.branch(new.store_id)
    with old.ledger.transaction():
        for branch, work in zip((one, two), abroad.move(one.here, two.here, member_id, NOW), strict=True):
            publish(old.ledger, branch, work)


# ------------------------------------------------------------------ operations of a store the device was in before


def test_an_operation_of_the_store_before_is_carried_there_and_closes_by_its_outcome(shops: Shops) -> None:
    before, now, _ = shops
    stream, maker = now.stream(), before.maker()
    sign_up = maker.sign_up()
    order = maker.order([(before.product_id, 2, PRICE)], before.list_id, member_id=body_of(sign_up)["member_id"])
    assert [r.status for r in send(now, stream, sign_up, order, past=(before,))] == ["forwarded", "forwarded"]
    assert before.record("order", body_of(order)["order_id"]) is None
    swept(*shops)
    member = before.record("member", body_of(sign_up)["member_id"])
    assert (member.order_count, member.spent, member.home_store_id) == (1, 2 * PRICE, before.store_id)
    assert before.record("stock", before.product_id).on_hand == 8
    for op in (sign_up, order):
        late = told(now, stream, op)
        assert late is not None
        assert (late.status, late.seq) == ("applied", op.seq)
    again = send(now, stream, sign_up, order, past=(before,))
    assert [(r.status, r.dup) for r in again] == [("applied", True)] * 2
    assert swept(*shops) == 0


def test_an_operation_of_any_other_store_parks(shops: Shops) -> None:
    before, now, stranger = shops
    op = stranger.maker().sign_up()
    (result,) = send(now, now.stream(), op, past=(before,))
    assert (result.status, result.code) == ("parked", "store_unknown")
    assert swept(*shops) == 0


def test_what_the_store_before_has_already_is_not_run_again(shops: Shops) -> None:
    before, now, _ = shops
    op = before.maker().order([(before.product_id, 1, PRICE)], before.list_id)
    assert send(before, before.stream(), op)[0].status == "applied"
    (result,) = send(now, now.stream(), op, past=(before,))
    assert (result.status, result.dup) == ("applied", True)
    swept(*shops)
    assert before.record("stock", before.product_id).on_hand == 9


def test_a_tablet_that_moves_on_twice_hears_of_its_first_stores_operations(shops: Shops) -> None:
    first, second, third = shops
    op = first.maker().sign_up()
    one, two = second.stream(), third.stream()
    assert send(second, one, op, past=(first,))[0].status == "forwarded"
    assert [(r.status, r.dup) for r in send(third, two, op, past=(first, second))] == [("forwarded", True)]
    swept(*shops)
    for shop, stream in ((second, one), (third, two)):
        late = told(shop, stream, op)
        assert late is not None
        assert late.status == "applied"


def test_what_parks_in_its_own_store_waits_there_for_the_mend(shops: Shops) -> None:
    before, now, _ = shops
    stream = now.stream()
    op = before.maker().sign_up(consents=[{"kind": "terms", "policy_version": "2", "granted": True}])
    send(now, stream, op, past=(before,))
    swept(*shops)
    assert told(now, stream, op) is None
    assert [p.entry.outcome.code for p in before.ledger.parked()] == ["policy_unknown"]
    policy = Policy(kind="terms", version="2", title=Names(), text=Names())
    before.hq.shop_row("", Ref("policy", new_id()), Versioned(policy, 1))
    assert replay(before.ledger, chain(*shops)) == (1, 0)
    swept(*shops)
    late = told(now, stream, op)
    assert late is not None
    assert late.status == "applied"


# ------------------------------------------------------------------ one person, signed up in two stores


def people(shops: Shops) -> dict[str, str]:
    """Member → store, of all stores."""
    rows = shops[0].hq.state.rows.items()
    return {ref.id: store_id for (store_id, ref), row in rows if type(row.record) is Member}


@pytest.mark.parametrize("order", [*itertools.permutations(range(3))])
def test_one_phone_in_three_stores_becomes_one_member_the_first_received(shops: Shops, order: tuple[int, ...]) -> None:
    phone = new_phone()
    ids = {at: signed_up(shops[at], phone=phone, name=f"N{at}") for at in order}
    swept(*shops)
    first = order[0]
    assert people(shops) == {ids[first]: shops[first].store_id}
    for at in order[1:]:
        assert shops[at].record("member_alias", ids[at]) == MemberAlias(member_id=ids[first])
        assert shops[at].record("visitor", ids[first]).home_store_id == shops[first].store_id
        assert in_feed(shops[at], "member", ids[at]) == "gone"


def test_the_survivor_takes_over_figures_numbers_and_withdrawals(shops: Shops) -> None:
    one, two, _ = shops
    phone = new_phone()
    survivor = signed_up(one, phone=phone, name="陈静", gender="")
    maker, stream = two.maker(), two.stream()
    second = maker.sign_up(phone=phone, gender="f", tags=["vip"])
    vanished = body_of(second)["member_id"]
    order = maker.order([(two.product_id, 3, PRICE)], two.list_id, member_id=vanished)
    send(two, stream, second, order, maker.consent(vanished, False))
    swept(*shops)
    member = one.record("member", survivor)
    assert (member.order_count, member.spent, member.gender, member.tags) == (1, 3 * PRICE, "f", ("vip",))
    assert member.other_numbers == (body_of(second)["member_no"],)
    assert not member.consent("terms").granted
    copy = two.record("visitor", survivor)
    assert isinstance(copy, Visitor)
    assert (copy.order_count, copy.spent, copy.home_ver) == (
        1,
        3 * PRICE,
        one.aggregates.homes([survivor])[survivor].row.ver,
    )
    cancel = maker.cancel(body_of(order)["order_id"])
    assert send(two, stream, cancel)[0].status == "applied"
    assert two.record("visitor", survivor).spent == 0
    swept(*shops)
    assert (one.record("member", survivor).order_count, one.record("member", survivor).spent) == (0, 0)
    assert two.record("visitor", survivor).order_count == 0


def test_late_operations_on_the_vanished_id_reach_the_survivor_once(shops: Shops) -> None:
    one, two, _ = shops
    phone = new_phone()
    survivor, vanished = signed_up(one, phone=phone), signed_up(two, phone=phone)
    swept(*shops)
    maker, stream = two.maker(), two.stream()
    order = maker.order([(two.product_id, 1, PRICE)], two.list_id, member_id=vanished)
    edit, talk, plan = maker.edit(vanished, name=("陈静", "陈静怡")), maker.talk(vanished), maker.followup(vanished)
    results = send(two, stream, order, edit, talk, plan)
    assert [r.status for r in results] == ["applied", "forwarded", "applied", "applied"]
    assert [r.status for r in send(two, stream, order, edit, talk, plan)] == [r.status for r in results]
    swept(*shops)
    member = one.record("member", survivor)
    assert (member.name, member.order_count, member.spent) == ("陈静怡", 1, PRICE)
    assert two.record("order", body_of(order)["order_id"]).member_id == survivor
    assert two.record("visitor", survivor).name == "陈静怡"
    late = told(two, stream, edit)
    assert late is not None
    assert late.status == "applied"
    position = two.hq.state.feed[two.scope, Ref("visitor", survivor)].seq
    assert late.feed_pos == position, "the copy with the change came with the news"


def test_an_alias_chain_is_followed_and_a_circle_ends(shops: Shops) -> None:
    one, two, three = shops
    phone, other = new_phone(), new_phone()
    first = signed_up(one, phone=other)
    second, third = signed_up(two, phone=phone), signed_up(three, phone=phone)
    swept(*shops)
    row = two.hq.state.rows[two.store_id, Ref("member", second)]
    same_phone = msgspec.structs.replace(row.record, phone=other)
    two.hq.state.rows[two.store_id, Ref("member", second)] = Versioned(same_phone, row.ver)
    step = MeetMember(to=two.store_id, member_id=second)
    with two.ledger.transaction():
        publish(
            two.ledger,
            chain(*shops).branch(two.store_id),
            abroad.meet(chain(*shops).branch(two.store_id).here, step, NOW),
        )
    swept(*shops)
    assert people(shops) == {first: one.store_id}
    maker = three.maker()
    assert send(three, three.stream(), maker.order([(three.product_id, 1, PRICE)], three.list_id, member_id=third))
    swept(*shops)
    assert one.record("member", first).order_count == 1
    assert three.record("visitor", first).order_count == 1
    assert three.record("visitor", second) is None
    one.hq.shop_row(three.store_id, Ref("member_alias", first), Versioned(MemberAlias(member_id=third), 1))
    (result,) = send(three, three.stream(), three.maker().talk(third))
    assert result.status == "applied"


# ------------------------------------------------------------------ members of other stores


def test_business_with_a_visitor_stays_here_and_counts_at_home(shops: Shops) -> None:
    home, here, _ = shops
    member_id = signed_up(home)
    visiting(here, home, member_id=member_id)
    maker, stream = here.maker(), here.stream()
    order = maker.order([(here.product_id, 2, PRICE)], here.list_id, member_id=member_id)
    withdrawal = maker.consent(member_id, False)
    assert [r.status for r in send(here, stream, order, withdrawal)] == ["applied", "forwarded"]
    assert here.record("visitor", member_id).spent == 2 * PRICE
    swept(*shops)
    member = home.record("member", member_id)
    assert (member.order_count, member.spent, member.consent("terms").granted) == (1, 2 * PRICE, False)
    assert home.record("order", body_of(order)["order_id"]) is None
    copy = here.record("visitor", member_id)
    assert (copy.spent, copy.consent("terms").granted) == (2 * PRICE, False)


def test_business_with_somebody_who_is_no_visitor_any_more_counts_at_home_too(shops: Shops) -> None:
    home, here, _ = shops
    member_id = signed_up(home)
    maker = here.maker()
    ops = [maker.order([(here.product_id, 1, PRICE)], here.list_id, member_id=member_id), maker.talk(member_id)]
    assert [r.status for r in send(here, here.stream(), *ops)] == ["applied", "applied"]
    assert here.record("visitor", member_id) is None
    swept(*shops)
    assert home.record("member", member_id).order_count == 1


@pytest.mark.parametrize("known_phone", [False, True])
def test_business_that_a_restored_hq_heard_of_before_the_sign_up_counts_at_home(
    shops: Shops, known_phone: bool
) -> None:
    """Each tablet tells a restored HQ again what it lost: that of the other store may come first."""
    home, here, _ = shops
    maker, phone = here.maker(), new_phone()
    sign_up = home.maker().sign_up(phone=phone)
    member_id = body_of(sign_up)["member_id"]
    survivor = signed_up(home, phone=phone) if known_phone else member_id
    early, cancelled, late = (
        maker.order([(here.product_id, 1, PRICE)], here.list_id, member_id=member_id) for _ in range(3)
    )
    send(here, here.stream(), early, cancelled)
    assert send(home, home.stream(), sign_up)[0].status == ("merged" if known_phone else "applied")
    send(here, here.stream(), late, maker.cancel(body_of(cancelled)["order_id"]))
    swept(*shops)
    member = home.record("member", survivor)
    assert (member.order_count, member.spent) == (2, 2 * PRICE)


def test_orders_in_another_currency_count_and_their_money_does_not(shops: Shops) -> None:
    home, here, _ = shops
    phone = new_phone()
    member_id = signed_up(home, phone=phone)
    visiting(here, home, member_id=member_id)
    maker = here.maker()
    same_phone = maker.sign_up(phone=phone)
    whose = (member_id, body_of(same_phone)["member_id"])
    orders = [maker.order([(here.product_id, 1, PRICE)], here.list_id, member_id=one) for one in whose]
    send(here, here.stream(), same_phone, *orders)
    in_two = MemoryChain(home.hq, [(Shop(home.store_id, "HKD"), home.scope), (Shop(here.store_id, "CNY"), here.scope)])
    assert Sweeper(home.ledger, in_two).sweep(NOW) > 0
    assert people(shops) == {member_id: home.store_id}
    member = home.record("member", member_id)
    assert (member.order_count, member.spent) == (2, 0)


def test_what_changes_at_home_reaches_the_copies(shops: Shops) -> None:
    home, here, _ = shops
    member_id = signed_up(home)
    visiting(here, home, member_id=member_id)
    send(home, home.stream(), home.maker().edit(member_id, name=("陈静", "陈静怡")))
    assert here.record("visitor", member_id).name == "陈静"
    swept(*shops)
    assert here.record("visitor", member_id).name == "陈静怡"


def test_a_copy_leaves_after_30_days_unless_it_was_asked_for_again(shops: Shops) -> None:
    home, here, _ = shops
    kept, gone = signed_up(home), signed_up(home)
    for member_id in (kept, gone):
        visiting(here, home, member_id=member_id)
    branch = chain(*shops).branch(here.store_id)
    with here.ledger.transaction():
        again = abroad.invite(branch.here, here.aggregates.homes([kept])[kept], NOW + timedelta(days=1))
        publish(here.ledger, branch, again)
    with here.ledger.transaction():
        publish(here.ledger, branch, abroad.expire(branch.here, NOW + timedelta(days=30)))
    assert here.record("visitor", gone) is None
    assert in_feed(here, "visitor", gone) == "left"
    assert in_feed(here, "visitor", kept) == "put"


def test_a_member_who_moves_leaves_a_copy_and_takes_open_followups_along(shops: Shops) -> None:
    old, new, _ = shops
    member_id = signed_up(old)
    maker, stream = old.maker(), old.stream()
    plan, done = maker.followup(member_id), maker.followup(member_id, state="done")
    order = maker.order([(old.product_id, 1, PRICE)], old.list_id, member_id=member_id)
    send(old, stream, plan, done, order)
    visiting(new, old, member_id=member_id)
    moved(member_id, old, new)
    assert people(shops) == {member_id: new.store_id}
    assert new.record("member", member_id).home_store_id == new.store_id
    assert (in_feed(old, "member", member_id), in_feed(new, "member", member_id)) == ("left", "put")
    assert (in_feed(old, "visitor", member_id), in_feed(new, "visitor", member_id)) == ("put", "left")
    plan_id = body_of(plan)["followup_id"]
    assert (in_feed(old, "followup", plan_id), in_feed(new, "followup", plan_id)) == ("left", "put")
    assert in_feed(old, "followup", body_of(done)["followup_id"]) == "put"
    late = [
        maker.edit(member_id, name=("陈静", "陈静怡")),
        maker.followup(member_id, followup_id=plan_id, state="done"),
        maker.cancel(body_of(order)["order_id"]),
    ]
    assert [r.status for r in send(old, stream, *late)] == ["forwarded", "forwarded", "applied"]
    swept(*shops)
    assert (new.record("member", member_id).name, new.record("member", member_id).order_count) == ("陈静怡", 0)
    assert new.record("followup", plan_id).state == "done"
    assert old.record("visitor", member_id).name == "陈静怡"


def test_marks_on_lists_lie_in_the_member_s_home_and_move_along(shops: Shops) -> None:
    old, new, third = shops
    member_id = signed_up(old)
    maker, stream = old.maker(), old.stream()
    mark = reminder_ref(member_id, "birthday", "2026-11-21").id
    send(old, stream, maker.reminder(member_id, guide_id=old.guide_id))
    assert old.record("reminder", mark).guide_id == old.guide_id
    moved(member_id, old, new)
    assert (in_feed(old, "reminder", mark), in_feed(new, "reminder", mark)) == ("left", "put")
    assert (new.record("reminder", mark).state, new.record("reminder", mark).guide_id) == ("done", "")
    again = maker.reminder(member_id, state="snoozed", until="2026-11-24")
    other = maker.reminder(member_id, list="lapsed", cycle="2026-09-01+1")
    assert [r.status for r in send(old, stream, again, other)] == ["forwarded", "forwarded"]
    swept(*shops)
    assert (new.record("reminder", mark).state, new.record("reminder", mark).until) == ("snoozed", "2026-11-24")
    assert new.record("reminder", reminder_ref(member_id, "lapsed", "2026-09-01+1").id).member_id == member_id
    moved(member_id, new, third)
    moved(member_id, third, old)
    assert old.record("reminder", mark).until == "2026-11-24"


def test_open_tickets_and_promises_move_with_their_member_into_the_hands_of_who_looks_after_them(shops: Shops) -> None:
    old, new, _ = shops
    member_id, owner = signed_up(old), new_id()
    maker, stream = old.maker(), old.stream()
    ticket, solved, promise = maker.ticket(member_id), maker.ticket(member_id), maker.promise(member_id)
    ticket_id, solved_id, promise_id = (
        body_of(ticket)["ticket_id"], body_of(solved)["ticket_id"], body_of(promise)["promise_id"],
    )  # fmt: skip
    send(old, stream, ticket, solved, maker.ticket_step(solved_id, member_id, "solve"), promise)
    both = chain(old, new)
    one, two = both.branch(old.store_id), both.branch(new.store_id)
    with old.ledger.transaction():
        for branch, work in zip((one, two), abroad.move(one.here, two.here, member_id, NOW, owner), strict=True):
            publish(old.ledger, branch, work)
    for entity, row_id in (("ticket", ticket_id), ("promise", promise_id)):
        assert (in_feed(old, entity, row_id), in_feed(new, entity, row_id)) == ("left", "put")
        assert (new.record(entity, row_id).guide_id, new.record(entity, row_id).state) == (owner, "open")
    assert (in_feed(old, "ticket", solved_id), in_feed(new, "ticket", solved_id)) == ("put", "")
    late = [
        maker.ticket_step(ticket_id, member_id, "solve", words="a new zip"),
        maker.settle(promise_id, member_id, "kept"),
        maker.ticket_step(solved_id, member_id, "reopen"),
    ]
    assert [r.status for r in send(old, stream, *late)] == ["forwarded", "forwarded", "applied"]
    swept(*shops)
    ticket_now, promise_now = new.record("ticket", ticket_id), new.record("promise", promise_id)
    assert [(step.what, step.to) for step in ticket_now.history] == [("raise", ""), ("solve", ""), ("assign", owner)]
    assert (ticket_now.state, ticket_now.guide_id) == ("solved", owner)
    assert (promise_now.state, promise_now.guide_id) == ("kept", owner)
    assert old.record("ticket", solved_id).state == "open"


def with_wallet(shop: MemoryShop, member_id: str, wallet: Wallet) -> None:
    """HQ published the member's wallet."""
    branch = chain(shop).branch(shop.store_id)
    with shop.ledger.transaction():
        saved = branch.aggregates.save({Ref("wallet", member_id): Versioned(wallet, 1)})
        publish(shop.ledger, branch, Work(feed_rows(saved)))


def test_a_wallet_moves_with_its_member(shops: Shops) -> None:
    old, new, _ = shops
    member_id = signed_up(old)
    with_wallet(old, member_id, Wallet(points=12))
    moved(member_id, old, new)
    assert (in_feed(old, "wallet", member_id), in_feed(new, "wallet", member_id)) == ("left", "put")
    assert new.record("wallet", member_id) == Wallet(points=12)


@pytest.mark.parametrize("both", [True, False])
def test_two_memberships_of_one_person_have_one_wallet(shops: Shops, both: bool) -> None:
    one, two, _ = shops
    phone = new_phone()
    first, second = signed_up(one, phone=phone), signed_up(two, phone=phone)
    soon, late = Coupon(title=Names(en="Soon"), until="2026-12-01"), Coupon(title=Names(en="Late"))
    if both:
        with_wallet(one, first, Wallet(points=12, coupons=(late,)))
    with_wallet(two, second, Wallet(points=5, coupons=(soon,), cards=(Card(digits="0417", balance=900),)))
    swept(*shops)
    assert in_feed(two, "wallet", second) == "gone"
    wallet = one.record("wallet", first)
    assert (wallet.points, wallet.cards) == (17 if both else 5, (Card(digits="0417", balance=900),))
    assert wallet.coupons == ((soon, late) if both else (soon,))


def test_a_member_who_moves_before_their_phone_was_compared_is_found_in_the_new_home(shops: Shops) -> None:
    one, two, three = shops
    phone = new_phone()
    first, second = signed_up(one, phone=phone), signed_up(two, phone=phone)
    moved(second, two, three)
    swept(*shops)
    assert people(shops) == {first: one.store_id}
    assert three.record("member_alias", second) == MemberAlias(member_id=first)
    assert (in_feed(three, "member", second), in_feed(three, "visitor", first)) == ("gone", "put")


def test_what_was_on_its_way_when_the_member_moved_follows_them(shops: Shops) -> None:
    old, new, visited = shops
    member_id = signed_up(old)
    maker, stream = visited.maker(), visited.stream()
    edit = maker.edit(member_id, name=("陈静", "陈静怡"))
    order = maker.order([(visited.product_id, 1, PRICE)], visited.list_id, member_id=member_id)
    send(visited, stream, edit, order)
    moved(member_id, old, new)
    swept(*shops)
    assert (new.record("member", member_id).name, new.record("member", member_id).order_count) == ("陈静怡", 1)
    late = told(visited, stream, edit)
    assert late is not None
    assert late.status == "applied"


def test_nobody_moves_onto_another_members_phone_or_out_of_nowhere(shops: Shops) -> None:
    old, new, _ = shops
    phone = new_phone()
    member_id = signed_up(old, phone=phone)
    signed_up(new, phone=phone)
    with pytest.raises(Refused, match="phone_taken"):
        moved(member_id, old, new)
    with pytest.raises(Refused, match="member_unknown"):
        moved(new_id(), old, new)


def test_a_look_up_prefers_the_askers_own_member_and_follows_merges(shops: Shops) -> None:
    home, here, third = shops
    phone = new_phone()
    survivor, own = signed_up(home, phone=phone), signed_up(here, phone=phone)
    branches = {shop: chain(*shops).branch(shop.store_id) for shop in (here, third)}

    def looked_up(shop: MemoryShop) -> str:
        return lookup.answer(shop.ledger, branches[shop], LookupRequest(phone=phone), NOW).member_id

    assert (looked_up(here), looked_up(third)) == (own, survivor)
    swept(*shops)
    assert looked_up(here) == survivor
    assert third.record("visitor", survivor).until == here.record("visitor", survivor).until
    nobody = LookupRequest(phone=new_phone())
    assert lookup.answer(here.ledger, branches[here], nobody, NOW) == LookupResponse(found=False)


def test_an_order_that_had_left_the_tablets_comes_again_and_another_stores_as_a_copy(shops: Shops) -> None:
    here, other, _ = shops
    made = numbers.compose("101", "AB", "7K", 42)
    order = here.maker().order([(here.product_id, 1, PRICE)], here.list_id, number=made)
    assert send(here, here.stream(), order)[0].status == "applied"
    order_id = body_of(order)["order_id"]
    number = here.record("order", order_id).number
    ref = Ref("order", order_id)
    with here.ledger.transaction():
        row = here.aggregates.load([ref])[ref]
        assert row is not None
        here.ledger.publish(here.scope, [FeedRow(ref, row.ver + 1, None, "left")])
    assert in_feed(here, "order", order_id) == "left"
    branches = {shop: chain(*shops).branch(shop.store_id) for shop in (here, other)}

    def asked(shop: MemoryShop, text: str) -> LookupResponse:
        return lookup.answer(shop.ledger, branches[shop], LookupRequest(order=text), NOW)

    told = asked(other, number)
    assert (told.found, told.order_id, told.member_id) == (True, order_id, "")
    assert told.store == here.hq.names.get(here.store_id, Names())
    assert (in_feed(other, "order", order_id), in_feed(other, "order_copy", order_id)) == ("", "put")
    assert asked(here, number) == LookupResponse(found=True, order_id=order_id)
    assert in_feed(here, "order", order_id) == "put"
    assert asked(here, "101AB7K99999") == asked(other, "TILL-1") == LookupResponse(found=False)


# ------------------------------------------------------------------ crashes


class Crash(Exception):
    """The process ends here."""


def _world() -> Shops:
    """Two stores with one person in both, an order on the vanished one, and an edit of a visitor; nothing swept."""
    first = MemoryShop()
    shops = (first, MemoryShop(first.hq), MemoryShop(first.hq))
    one, two, _ = shops
    phone = new_phone()
    survivor = signed_up(one, phone=phone)
    maker, stream = two.maker(), two.stream()
    second = maker.sign_up(phone=phone, gender="f")
    order = maker.order([(two.product_id, 1, PRICE)], two.list_id, member_id=body_of(second)["member_id"])
    foreign = one.maker().order([(one.product_id, 1, PRICE)], one.list_id, member_id=survivor)
    send(two, stream, second, order)
    send(two, two.stream(), foreign, past=(one,))
    return shops


@pytest.mark.parametrize("when", range(18))
def test_a_crash_between_any_two_transactions_changes_nothing_in_the_end(
    when: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    shops = _world()
    ledger = shops[0].ledger
    left = when
    whole = ledger.transaction

    def failing() -> object:
        nonlocal left
        if left == 0:
            left = -1
            raise Crash
        left -= 1
        return whole()

    monkeypatch.setattr(ledger, "transaction", failing)
    sweeper = Sweeper(ledger, chain(*shops))
    crashed = 0
    for _ in range(60):
        steps = ledger.open_steps(100)
        if not steps:
            break
        crashed += _carried(sweeper, steps[0])
    assert not ledger.open_steps(1)
    one, two, _ = shops
    (survivor,) = people(shops)
    member = one.record("member", survivor)
    assert (member.order_count, member.spent, member.gender) == (2, 2 * PRICE, "f")
    assert (one.record("stock", one.product_id).on_hand, two.record("stock", two.product_id).on_hand) == (9, 9)
    assert two.record("visitor", survivor).spent == 2 * PRICE
    assert crashed == (when < 16), "eight steps, two transactions each"


def _carried(sweeper: Sweeper, step: Step) -> bool:
    """Whether the process crashed in it."""
    try:
        sweeper.carry_out(step, NOW)
    except Crash:
        return True
    return False


@pytest.mark.expects_log
def test_a_step_that_cannot_be_done_stays_and_delays_no_other(shops: Shops) -> None:
    one, two, stranger = shops
    lost, kept = stranger.maker().sign_up(), one.maker().sign_up()
    send(two, two.stream(), lost, past=(stranger,))
    send(two, two.stream(), kept, past=(one,))
    assert swept(one, two) > 0
    assert one.record("member", body_of(kept)["member_id"]) is not None
    assert len(one.ledger.open_steps(10)) == 1
    swept(*shops)
    assert stranger.record("member", body_of(lost)["member_id"]) is not None


def test_steps_that_are_done_keep_nothing_about_anybody(shops: Shops) -> None:
    signed_up(shops[0], phone=new_phone())
    swept(*shops)
    assert [step.body for step, done_at in shops[0].hq.state.steps.values() if done_at is not None] == [""]


@pytest.mark.expects_log
def test_a_step_that_meets_a_lock_delays_no_other_and_a_database_that_is_gone_ends_the_sweep(
    shops: Shops, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, third = shops
    number = new_phone()
    for shop in shops:
        signed_up(shop, phone=number)
    locked = shops[0].ledger.open_steps(1)[0]
    take = MemoryLedger.take_step

    def taken(ledger: MemoryLedger, store_id: str, step_id: str) -> bool:
        if step_id == locked.step_id:
            raise Transient("LockNotAvailable")
        return take(ledger, store_id, step_id)

    with monkeypatch.context() as patch:
        patch.setattr(MemoryLedger, "take_step", taken)
        assert swept(first, second, third) > 1
    assert first.ledger.open_steps(9) == [locked]

    def gone(*_args: object) -> object:
        raise Transient("gone")

    with monkeypatch.context() as patch:
        patch.setattr(MemoryLedger, "take_step", gone)
        patch.setattr(MemoryLedger, "open_steps", gone)
        with pytest.raises(Transient):
            swept(first, second, third)
    assert swept(first, second, third) == 1
