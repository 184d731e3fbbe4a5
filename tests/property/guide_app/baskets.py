"""Any basket and any set of promotions, for the properties of pricing."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from hypothesis import strategies as st

from guide_app.domain.pricing import Basket, Buyer, ChosenCoupon, Goods, Line, Manual, Rounding
from guide_app.domain.records import Names
from guide_app.domain.records.promotion import Audience, BundlePart, Promotion, Selection, TierStep

AT = datetime(2026, 11, 22, 15, 30, tzinfo=timezone(timedelta(hours=8)))
PRODUCTS = {f"p{n}": (("all", f"c{n % 3}"), f"b{n % 2}") for n in range(7)}
"""Product → its categories and its brand."""
CARD = "p6"
"""The product that is a gift card: promotions name it, its brand and its category like any other."""
amounts = st.one_of(st.sampled_from([3, 5, 10, 100, 100, 999, 1000]), st.integers(0, 12), st.integers(0, 3000))
"""Often equal, so that ties come up."""

rates = st.one_of(st.sampled_from([500, 1000, 2000, 3333, 5000, 10_000]), st.integers(1, 10_000))
selections = st.one_of(
    st.just(Selection()),
    st.builds(
        Selection,
        products=st.lists(st.sampled_from(sorted(PRODUCTS)), max_size=2).map(tuple),
        categories=st.lists(st.sampled_from(["c0", "c1", "c2"]), max_size=2).map(tuple),
        brands=st.lists(st.sampled_from(["b0", "b1"]), max_size=1).map(tuple),
        without=st.lists(st.sampled_from(sorted(PRODUCTS)), max_size=1).map(tuple),
    ),
)
audiences = st.one_of(
    st.just(Audience()),
    st.just(Audience()),
    st.just(Audience()),
    st.builds(
        Audience,
        members=st.booleans(),
        levels=st.lists(st.sampled_from(["gold", "silver"]), max_size=1).map(tuple),
        new_days=st.sampled_from([0, 0, 30]),
        tags=st.lists(st.just("vip"), max_size=1).map(tuple),
        birthday_month=st.booleans(),
        staff=st.booleans(),
    ),
)
buyers = st.one_of(
    st.none(),
    st.builds(
        Buyer, level=st.sampled_from(["", "gold"]), staff=st.booleans(), joined=st.sampled_from(["", "2026-11-01"]),
        tags=st.lists(st.just("vip"), max_size=1).map(tuple), birth_month=st.sampled_from([0, 3, 11]),
        times=st.sampled_from([10_000, 20_000]),
    ),
)  # fmt: skip
"""Nobody, a member with or without a (paid) level, and a colleague who buys."""
times_of_day = st.sampled_from([("", "")] * 8 + [("15:00", "16:00"), ("", "12:00"), ("18:00", "")])
days = st.sampled_from([("", "")] * 8 + [("2026-11-22", "2026-11-23"), ("2026-11-23", ""), ("", "2026-11-22")])
roundings = st.builds(Rounding, unit=st.sampled_from([1, 1, 5, 10, 100]), mode=st.sampled_from(["down", "nearest"]))


def line_of(line_id: str, product: str, qty: int, price: int) -> Line:
    """A line of one of the products."""
    return goods_of(product).line(line_id, product, qty, price)


def goods_of(product: str) -> Goods:
    """What pricing asks of one of the products."""
    categories, brand = PRODUCTS[product]
    return Goods(brand, categories, product == CARD)


@st.composite
def lines(draw: st.DrawFn, least: int = 0) -> tuple[Line, ...]:
    """Up to six lines; two of them may be of one product."""
    found = draw(
        st.lists(
            st.tuples(st.sampled_from(sorted(PRODUCTS)), st.one_of(st.integers(0, 5), st.just(13)), amounts),
            min_size=least,
            max_size=6,
        )
    )
    return tuple(line_of(f"l{n}", *one) for n, one in enumerate(found))


@st.composite
def tiers(draw: st.DrawFn) -> tuple[TierStep, ...]:
    """Two steps, of percentages or of amounts."""
    low, high = sorted(draw(st.lists(st.integers(1, 3000), min_size=2, max_size=2, unique=True)))
    if draw(st.booleans()):
        small, large = sorted(draw(st.lists(rates, min_size=2, max_size=2)))
        return (TierStep(at=low, percent=small), TierStep(at=high, percent=large))
    small, large = sorted(draw(st.lists(st.integers(1, 3000), min_size=2, max_size=2)))
    return (TierStep(at=low, amount=small), TierStep(at=high, amount=large))


@st.composite
def promotions(draw: st.DrawFn, kinds: tuple[str, ...] = (
    "percentage", "amount", "member_price", "buy_get", "bundle", "tier", "coupon", "points", "staff",
)) -> Promotion:  # fmt: skip
    """Any promotion, now and then one that is flawed."""
    kind = draw(st.sampled_from(kinds))
    either = draw(st.booleans())
    (from_time, until_time), (valid_from, valid_until) = draw(times_of_day), draw(days)
    parts = draw(st.lists(st.builds(BundlePart, goods=selections, pieces=st.integers(1, 2)), min_size=1, max_size=2))
    return Promotion(
        names=Names(en=kind),
        kind=kind,
        audience=draw(audiences),
        goods=draw(selections),
        reach=draw(st.sampled_from(["pieces", "order"])),
        min_pieces=draw(st.sampled_from([0, 0, 2, 3])),
        min_amount=draw(st.sampled_from([0, 0, 100, 1000])),
        percent=0 if kind == "coupon" and either else draw(rates),
        amount=0 if kind == "coupon" and not either else draw(amounts),
        each=either,
        prices=draw(st.dictionaries(st.sampled_from(sorted(PRODUCTS)), amounts, max_size=2)),
        buy=draw(st.integers(1, 2)),
        get=1,
        parts=tuple(parts),
        measure=draw(st.sampled_from(["amount", "pieces"])),
        steps=draw(tiers()),
        points=draw(st.sampled_from([1, 7, 100])),
        repeats=draw(st.sampled_from([0, 1, 2])),
        cap=draw(st.sampled_from([0, 0, 0, 50, 500])),
        cap_share=draw(st.sampled_from([10_000, 5_000])),
        group=draw(st.sampled_from(["", "", "", "g"])),
        stacks=draw(st.booleans()),
        priority=draw(st.integers(0, 1)),
        active=draw(st.sampled_from([True] * 9 + [False])),
        from_time=from_time,
        until_time=until_time,
        valid_from=valid_from,
        valid_until=valid_until,
    )


@st.composite
def baskets(draw: st.DrawFn, most: int = 5, least_lines: int = 0) -> Basket:
    """A basket under up to `most` promotions, with coupons, discounts by hand and points."""
    offered = {f"r{n}": one for n, one in enumerate(draw(st.lists(promotions(), max_size=most)))}
    chosen = [
        ChosenCoupon(coupon_id=f"k{key}{n}", promotion_id=key)
        for key, one in offered.items()
        if one.kind == "coupon"
        for n in range(draw(st.sampled_from([1, 1, 2, 0])))
    ]
    chosen += [ChosenCoupon(coupon_id="lost", promotion_id="gone")] * draw(st.sampled_from([0] * 9 + [1]))
    bought = draw(lines(least_lines))
    manual = draw(
        st.lists(st.tuples(st.sampled_from(["", *(line.line_id for line in bought)]), rates, amounts), max_size=2)
    )
    return Basket(
        at=AT,
        lines=bought,
        promotions=offered,
        buyer=draw(buyers),
        coupons=tuple(chosen),
        manual=tuple(
            Manual(manual_id=f"m{n}", line_id=line_id, percent=rate if rate % 2 else 0, amount=amount)
            for n, (line_id, rate, amount) in enumerate(manual)
        ),
        points=draw(st.sampled_from([0, 0, 5, 1000])),
        rounding=draw(roundings),
    )


@st.composite
def contested(draw: st.DrawFn) -> Basket:
    """A few pieces, and promotions without conditions that all want all of them."""
    bought = draw(st.lists(st.tuples(st.integers(1, 3), st.integers(1, 40)), min_size=1, max_size=4))
    return Basket(
        at=AT,
        lines=tuple(line_of(f"l{n}", f"p{n}", qty, price) for n, (qty, price) in enumerate(bought)),
        promotions={f"r{n}": one for n, one in enumerate(draw(st.lists(contenders(), max_size=3)))},
    )


@st.composite
def contenders(draw: st.DrawFn) -> Promotion:
    """A promotion that competes for every piece."""
    kind = draw(st.sampled_from(["percentage", "amount", "buy_get", "bundle", "tier", "member_price"]))
    return Promotion(
        names=Names(en=kind), kind=kind, percent=draw(st.sampled_from([1000, 3000, 5000, 10_000])),
        amount=draw(st.integers(1, 50)), min_amount=draw(st.sampled_from([0, 20, 50])), buy=draw(st.integers(1, 2)),
        get=1, parts=(BundlePart(goods=Selection(), pieces=draw(st.integers(2, 3))),), repeats=draw(st.integers(0, 1)),
        steps=(TierStep(at=20, amount=draw(st.integers(1, 10))), TierStep(at=50, amount=draw(st.integers(10, 30)))),
        cap=draw(st.sampled_from([0, 0, 10])), audience=Audience(),
    )  # fmt: skip
