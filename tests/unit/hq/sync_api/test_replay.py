"""Running parked operations again, without a database."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pytest

from guide_app.domain.records import Names, OpOutcome, Policy, Product, Ref, decode
from guide_app.operations import Versioned
from hq.ledger.memory import MemoryAggregates, MemoryLedger
from hq.ledger.port import Parked, Transient
from hq.sync_api.memory_chain import device_scope
from hq.sync_api.replay import Replayed, replay
from tests.memory_hq import PRICE, MemoryShop, chain
from tests.ops import body_of, new_id, new_phone


@pytest.fixture
def shop() -> MemoryShop:
    return MemoryShop()


def replayed(shop: MemoryShop) -> Replayed:
    return replay(shop.ledger, chain(shop))


def test_an_order_of_a_product_that_hq_lacked_counts_once(shop: MemoryShop) -> None:
    product, maker, stream = new_id(), shop.maker(), shop.stream()
    op = maker.order([(product, 1, 500)])
    assert shop.push(stream, [op]).results[0].code == "product_unknown"
    assert replayed(shop) == (0, 1)
    shop.hq.shop_row("", Ref("product", product), Versioned(Product(names=Names(en="New"), sku="N1"), 1))
    assert replayed(shop) == (1, 0)
    assert replayed(shop) == (0, 0)
    assert shop.record("order", body_of(op)["order_id"]).state == "accepted"
    again = shop.push(stream, [op]).results[0]
    assert (again.status, again.dup, again.feed_pos) == ("applied", True, 1)
    late = next(row for (_key, ref), row in shop.hq.state.feed.items() if ref == Ref("op_outcome", op.op_id))
    assert decode(late.data or "", OpOutcome).status == "applied"


def test_what_waits_for_another_runs_after_it(shop: MemoryShop) -> None:
    maker = shop.maker()
    sign_up = maker.sign_up(consents=[{"kind": "terms", "policy_version": "2", "granted": True}])
    member_id = body_of(sign_up)["member_id"]
    shop.results(sign_up, maker.edit(member_id, name=("陈静", "陈静怡")), maker.consent(member_id, False))
    policy = Policy(kind="terms", version="2", title=Names(), text=Names())
    shop.hq.shop_row("", Ref("policy", new_id()), Versioned(policy, 1))
    assert replayed(shop) == (3, 0)
    member = shop.record("member", member_id)
    assert (member.name, member.consent("terms").granted) == ("陈静怡", False)


@pytest.mark.parametrize("known_phone", [False, True])
def test_orders_that_came_before_their_member_count_for_it(shop: MemoryShop, known_phone: bool) -> None:
    maker, phone = shop.maker(), new_phone()
    survivor = maker.sign_up(phone=phone)
    if known_phone:
        assert shop.results(survivor)[0].status == "applied"
    late = shop.maker()
    consents = [{"kind": "terms", "policy_version": "2", "granted": True}]
    sign_up = late.sign_up(phone=phone, consents=consents)
    member_id = body_of(sign_up)["member_id"]
    kept, taken_back, cancelled = (
        late.order([(shop.product_id, 1, PRICE)], shop.list_id, member_id=member_id) for _ in range(3)
    )
    ops = [sign_up, kept, taken_back, cancelled, late.cancel(body_of(cancelled)["order_id"])]
    assert [result.status for result in shop.results(*ops)] == ["parked", *["applied"] * 4]
    policy = Policy(kind="terms", version="2", title=Names(), text=Names())
    shop.hq.shop_row("", Ref("policy", new_id()), Versioned(policy, 1))
    assert replayed(shop) == (1, 0)
    whose = body_of(survivor if known_phone else sign_up)["member_id"]
    member = shop.record("member", whose)
    assert (member.order_count, member.spent) == (2, 2 * PRICE)
    assert member.last_contact_at == shop.record("order", body_of(kept)["order_id"]).placed_at
    assert shop.results(shop.maker().cancel(body_of(taken_back)["order_id"]))[0].status == "applied"
    assert (shop.record("member", whose).order_count, shop.record("member", whose).spent) == (1, PRICE)


def test_a_tablet_that_was_enrolled_anew_hears_of_what_it_sent_before(shop: MemoryShop) -> None:
    op, before, after = shop.maker().order([(new_id(), 1, 500)]), shop.stream(), shop.stream()
    for stream in (before, after, after._replace(incarnation=new_id())):
        assert shop.push(stream, [op]).results[0].code == "product_unknown"
    product = body_of(op)["lines"][0]["product_id"]
    shop.hq.shop_row("", Ref("product", product), Versioned(Product(names=Names(en="New"), sku="N1"), 1))
    assert replayed(shop) == (1, 0)
    told = {key for (key, ref) in shop.hq.state.feed if ref == Ref("op_outcome", op.op_id)}
    assert told == {device_scope(shop.store_id, stream.device_id) for stream in (before, after)}


@pytest.mark.expects_log
def test_one_that_fails_again_waits_and_delays_nobody(shop: MemoryShop, monkeypatch: pytest.MonkeyPatch) -> None:
    maker = shop.maker()
    products = [new_id(), new_id()]
    ops = [maker.order([(product, 1, 500)]) for product in products]
    shop.results(*ops)
    for product in products:
        shop.hq.shop_row("", Ref("product", product), Versioned(Product(names=Names(en="New"), sku="N1"), 1))
    load = MemoryAggregates.load

    def broken(self: MemoryAggregates, refs: Collection[Ref]) -> Mapping[Ref, Versioned | None]:
        if Ref("order", body_of(ops[0])["order_id"]) in refs:
            raise ZeroDivisionError
        return load(self, refs)

    monkeypatch.setattr(MemoryAggregates, "load", broken)
    assert replayed(shop) == (1, 1)


def test_only_those_that_are_named_are_run_again(shop: MemoryShop) -> None:
    product, maker = new_id(), shop.maker()
    orders = [maker.order([(product, 1, 500)]) for _ in range(3)]
    assert {result.code for result in shop.results(*orders)} == {"product_unknown"}
    shop.hq.shop_row("", Ref("product", product), Versioned(Product(names=Names(en="New"), sku="N1"), 1))
    assert replay(shop.ledger, chain(shop), {orders[1].op_id}) == (1, 0)
    assert [result.status for result in shop.results(*orders)] == ["parked", "applied", "parked"]
    assert replay(shop.ledger, chain(shop), set()) == (0, 0)


@pytest.mark.expects_log
def test_one_that_the_database_cannot_run_now_delays_nobody(shop: MemoryShop, monkeypatch: pytest.MonkeyPatch) -> None:
    unknown, maker = new_id(), shop.maker()
    orders = [maker.order([(unknown, 1, PRICE)], shop.list_id) for _ in range(3)]
    assert {one.status for one in shop.results(*orders)} == {"parked"}
    shop.hq.shop_row("", Ref("product", unknown), Versioned(Product(names=Names(en="New"), sku="new"), 1))
    reopen = MemoryLedger.reopen

    def reopened(ledger: MemoryLedger, parked: Parked) -> bool:
        if parked.entry.op_id == orders[0].op_id:
            raise Transient("LockNotAvailable")
        return reopen(ledger, parked)

    with monkeypatch.context() as patch:
        patch.setattr(MemoryLedger, "reopen", reopened)
        with pytest.raises(Transient):
            replay(shop.ledger, chain(shop))
    placed = [shop.record("order", body_of(order)["order_id"]) for order in orders]
    assert [one is not None for one in placed] == [False, True, True]
    assert replay(shop.ledger, chain(shop)) == Replayed(1, 0)
