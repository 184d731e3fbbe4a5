"""Whatever an order was paid by, and in whatever parts its goods come back or are exchanged: each refund is given to
the cent, each cent of it as what it was paid by, never more of a payment than it was; and all back is all back.
"""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import cast

import msgspec
from hypothesis import assume, event, given
from hypothesis import strategies as st

from guide_app.domain import payments, returns
from guide_app.domain.money import split
from guide_app.domain.pricing import Basket, price
from guide_app.domain.records import (
    FromCard,
    Instrument,
    Lease,
    Order,
    Payment,
    PaymentIntent,
    PriceListUsed,
    Ref,
    Spend,
)
from guide_app.domain.records.lease import InstrumentKind
from guide_app.operations import OPERATIONS, Body, Context, Effect, Snapshot, Versioned, perform
from guide_app.operations.cards import EXCHANGE
from guide_app.operations.orders import Cancel, Place, WantedFulfilment, totals
from guide_app.operations.payments import Method, Pay, PayBack, Taken
from guide_app.operations.returns import Exchanged, Leg, LineBack, Promised, TakeBack, UndoReturn
from guide_app.services.pricing import placed_lines
from guide_app.services.returning import credit_of, exchange, paid_of
from tests.property.guide_app.baskets import baskets
from tests.sold_again import GUIDE, order_of

replace = msgspec.structs.replace
STORE, OLD, NEW, CARD, CARD_LEASE, POINTS, LIMIT = (f"00000000-0000-4000-8000-0000000000{n}1" for n in range(1, 8))
RICH = 10**9
mixes = st.lists(
    st.tuples(st.sampled_from(("cash", "card", "other", "qr", "gift_card")), st.integers(1, 9)), min_size=1, max_size=5
)
"""By what an order is paid, and in which proportion."""


def lease_of(kind: InstrumentKind, instrument: str, spent: int = 0) -> Lease:
    return Lease(amount=RICH, expires_at="", instrument=Instrument(kind=kind, id=instrument), spent=spent)


class Shop:
    """An order that spent points, coupons and of a colleague's limit; a gift card; and whatever is done about them."""

    def __init__(self, basket: Basket) -> None:
        self.basket, self._ids, self.backs = basket, 0, dict[str, list[str]]()
        sold = price(basket)
        leases = {POINTS: lease_of("points", "p", sold.points)} if sold.points else {}
        leases |= {f"lease {one}": lease_of("coupon", one, 1) for one in sold.coupons}
        leases |= {LIMIT: lease_of("staff", "s", sold.total)} if sold.total else {}
        spends = tuple(Spend(lease_id=name, amount=lease.spent) for name, lease in leases.items())
        rows = {Ref("lease", name): Versioned(lease, 1) for name, lease in leases.items()}
        rows[Ref("lease", CARD_LEASE)] = Versioned(lease_of("card", CARD), 1)
        rows[Ref("order", OLD)] = Versioned(replace(order_of(basket, sold), spends=spends), 1)
        self.state, self._spending = Snapshot(rows), list(rows)[: len(leases)]

    def id(self) -> str:
        self._ids += 1
        return f"00000000-0000-4000-9000-{self._ids:012d}"

    def order(self, order_id: str) -> Order:
        found = self.state.get(Ref("order", order_id), Order)
        assert found is not None
        return found

    def orders(self) -> list[Order]:
        return [one for order_id in (OLD, NEW) if (one := self.state.get(Ref("order", order_id), Order))]

    def do(self, kind: str, body: Body) -> None:
        at = f"2026-11-21T10:00:{self._ids % 60:02d}.{self._ids // 60:03d}Z"
        context = Context(op_id=self.id(), store_id=STORE, guide_id=GUIDE, made_at=at, now=at, currency="CNY")
        assert isinstance(perform(OPERATIONS[kind], body, self.state, context), Effect)
        self.holds()

    def book(self, order_id: str, leg: Payment) -> None:
        """What a provider did stands on the order, as HQ books it."""
        self.state.apply({Ref("order", order_id): payments.with_legs(self.order(order_id), (leg,))})
        self.holds()

    def pay(self, order_id: str, mix: list[tuple[str, int]]) -> None:
        """All that is owed, in these proportions."""
        owed = payments.owed(self.order(order_id))
        for (method, _), amount in zip(mix, split(owed, [share for _, share in mix]), strict=True):
            card = FromCard(id=CARD, lease_id=CARD_LEASE) if method == "gift_card" else None
            if amount and method == "qr":
                self.book(order_id, Payment(id=self.id(), method="qr", amount=amount, at="2026-11-21T09:00:00.000Z"))
            elif amount:
                taken = Taken(leg_id=self.id(), method=cast(Method, method), amount=amount, card=card)
                self.do("order.pay", Pay(order_id=order_id, legs=(taken,)))
        assert payments.owed(self.order(order_id)) == payments.to_refund(self.order(order_id)) == 0

    def back(self, order_id: str, basket: Basket, more: dict[str, int]) -> TakeBack:
        """The return of these pieces, as a tablet makes it (`guide_app.services.returning`)."""
        order = self.order(order_id)
        told = returns.reckon(order, basket, more).back
        self.backs.setdefault(order_id, []).append(return_id := self.id())
        legs = (Leg(leg_id=self.id(), method=leg.method, amount=leg.amount, of=leg.id)
                for leg in returns.repaid(order, told.money)[:10])  # fmt: skip
        return TakeBack(
            order_id=order_id, return_id=return_id, legs=tuple(legs),
            lines=tuple(LineBack(line_id=line, qty=qty, reason="x") for line, qty in more.items()),
            refund=Promised(money=told.money, points=told.points, coupons=told.coupons),
        )  # fmt: skip

    def give_back(self, order_id: str) -> None:
        """What is to be refunded yet goes back, as a tablet sees to it (`guide_app.services.payments`)."""
        for leg_id, method, amount in payments.ways_back(self.order(order_id)):
            if method == "qr":
                leg = Payment(id=self.id(), kind="refunded", method="qr", amount=amount, of=leg_id)
                self.book(order_id, replace(leg, at="2026-11-21T11:00:00.000Z"))
            else:
                body = PayBack(
                    order_id=order_id,
                    leg_id=self.id(),
                    method=cast(Method, method),
                    amount=amount,
                    reason="x",
                    of=leg_id,
                )
                assert OPERATIONS["order.pay_back"].guard(body, self.state, None) is None
                self.do("order.pay_back", body)
        assert payments.to_refund(self.order(order_id)) == 0

    def exchange(self, back: TakeBack, basket: Basket) -> None:
        old, lines = self.order(OLD), placed_lines(price(basket))
        place = Place(
            order_id=NEW, number="101AB7K00424", lines=lines, totals=totals(lines),
            fulfilment=WantedFulfilment(kind="take_away"), payment_intent=PaymentIntent(method="cash", amount=0),
            price_list=PriceListUsed(id=STORE, version=1),
        )  # fmt: skip
        body = exchange(back, paid_of(old, back.refund.money), place).body
        assert isinstance(body, Exchanged)
        assert body.credit == credit_of(back, paid_of(old, back.refund.money), place.totals.total)
        self.do("order.exchange", body)

    def there(self) -> Counter[str]:
        """What the shop still has of each payment (of cards, of each card)."""
        legs = {leg.id: leg for order in self.orders() for leg in order.payments}

        def behind(leg: Payment) -> str:
            if leg.card is not None:
                return leg.card.id
            if leg.credit is not None:
                return leg.credit.leg_id
            return behind(legs[leg.of]) if leg.of else leg.id

        pots, credit = Counter[str](), Counter[str]()
        for leg in legs.values():
            sums = credit if leg.method == EXCHANGE else pots
            sums[behind(leg)] += leg.amount if leg.kind == "paid" else -leg.amount
            if leg.of and leg.method != EXCHANGE and leg.kind == "refunded":
                assert leg.method == payments.tender(legs[leg.of]), "each cent goes back as what it was paid by"
        assert not any(credit.values()), "what an exchange takes from the one order the other one has"
        return pots

    def holds(self) -> None:
        pots = self.there()
        assert all(left >= 0 for left in pots.values()), "no more goes back than was paid"
        assert sum(pots.values()) == sum(payments.received(order) for order in self.orders())
        lease = self.state.get(Ref("lease", CARD_LEASE), Lease)
        assert lease is not None
        assert lease.spent == pots[CARD]

    def spent(self) -> int:
        """What the order still spends of points, coupons, and of the limit of the colleague who bought it."""
        found = [self.state.get(ref, Lease) for ref in self._spending]
        return sum(lease.spent for lease in found if lease is not None)


def parts(order: Order, random: Random) -> list[dict[str, int]]:
    """What the customer has of the order, in some parts one after the other."""
    pieces = [line for line, qty in returns.left(order).items() for _ in range(qty)]
    random.shuffle(pieces)
    made = []
    while pieces:
        size = random.randint(1, len(pieces))
        made.append(dict(Counter(pieces[:size])))
        pieces = pieces[size:]
    return made


def all_back(shop: Shop, order_id: str, basket: Basket, random: Random) -> None:
    """All of it comes back, part after part; each refund is with the customer before the next."""
    for more in parts(shop.order(order_id), random):
        before = payments.received(shop.order(order_id))
        body = shop.back(order_id, basket, more)
        shop.do("order.return", body)
        if random.random() < 0.3:
            shop.do("order.return_undo", UndoReturn(order_id=order_id, return_id=body.return_id))
            assert payments.received(shop.order(order_id)) == before
            shop.do("order.return", body := shop.back(order_id, basket, more))
        shop.give_back(order_id)
        assert before - payments.received(shop.order(order_id)) == body.refund.money
        limit = shop.state.get(Ref("lease", LIMIT), Lease)
        assert limit is None or order_id != OLD or limit.spent == payments.due(shop.order(OLD))
    assert payments.received(shop.order(order_id)) == payments.due(shop.order(order_id)) == 0


@given(baskets(3, 1), mixes, st.randoms(use_true_random=False))
def test_each_refund_goes_back_as_what_was_paid_and_everything_back_is_everything_back(
    basket: Basket, mix: list[tuple[str, int]], random: Random
) -> None:
    shop = Shop(basket)
    shop.pay(OLD, mix)
    all_back(shop, OLD, basket, random)
    assert not any(shop.there().values())
    assert shop.spent() == 0 or not any(line.qty for line in basket.lines)


@given(baskets(3, 1), baskets(3, 1), mixes, mixes, st.randoms(use_true_random=False))
def test_what_goods_that_came_back_paid_for_goes_back_as_what_these_were_paid_by(
    first: Basket, second: Basket, mix: list[tuple[str, int]], rest: list[tuple[str, int]], random: Random
) -> None:
    second = replace(second, coupons=(), points=0)
    shop = Shop(first)
    shop.pay(OLD, mix)
    made = parts(shop.order(OLD), random)
    assume(made)
    shop.exchange(shop.back(OLD, first, made[0]), second)
    credit = sum(leg.amount for leg in shop.order(NEW).payments)
    event(f"credit: {credit > 0}")
    shop.pay(NEW, rest)
    shop.give_back(OLD)
    for order_id, basket in random.sample([(OLD, first), (NEW, second)], 2):
        all_back(shop, order_id, basket, random)
    assert not any(shop.there().values())


@given(baskets(3, 1), baskets(3, 1), mixes, mixes, st.randoms(use_true_random=False))
def test_an_exchange_that_was_none_leaves_each_cent_where_it_came_from(
    first: Basket, second: Basket, mix: list[tuple[str, int]], rest: list[tuple[str, int]], random: Random
) -> None:
    """Also where some of the new goods were paid back before: the old order owes that again, and it is paid."""
    second = replace(second, coupons=(), points=0)
    shop = Shop(first)
    shop.pay(OLD, mix)
    before = shop.there()
    made = parts(shop.order(OLD), random)
    assume(made)
    shop.exchange(shop.back(OLD, first, made[0]), second)
    shop.pay(NEW, rest)
    given_back = 0
    if random.random() < 0.5 and (some := parts(shop.order(NEW), random)):
        shop.do("order.return", shop.back(NEW, second, some[0]))
        shop.give_back(NEW)
        given_back = shop.order(NEW).returns[0].refund.money
    shop.do("order.return_undo", UndoReturn(order_id=OLD, return_id=shop.backs[OLD][0]))
    if returns.cancellable(shop.order(NEW)):
        shop.do("order.cancel", Cancel(order_id=NEW, reason="exchange_undone"))
    shop.give_back(NEW)
    assert payments.received(shop.order(NEW)) == 0
    assert payments.owed(shop.order(OLD)) <= max(given_back, before.total() - payments.received(shop.order(OLD)))
    if not given_back and not payments.owed(shop.order(OLD)):
        assert +shop.there() == +before
    shop.pay(OLD, mix)
    all_back(shop, OLD, first, random)
    assert not any(shop.there().values())
