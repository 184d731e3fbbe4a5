"""A day's close: what counts on which day, to the cent, whatever the order of the orders."""

from __future__ import annotations

from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from guide_app.domain.dayclose import SEEN, Sale, Span, expected_cash, figures, since, waiting
from guide_app.domain.records import DayClose, Discount, GuideShare, Names, Order, OrderCopy, OrderLine, Payment, Totals
from guide_app.domain.records.dayclose import Count, Figures, MethodCount
from guide_app.domain.records.order import Refund, Return

DAY = Span.of("2026-11-22", "Asia/Shanghai")
NOON = "2026-11-22T04:05:00.000Z"
BEFORE, AFTER = "2026-11-21T15:59:59.999Z", "2026-11-22T16:00:00.000Z"
LIN, GU = "guide-lin", "guide-gu"


def sale(n: int, total: int = 10_00, at: str = NOON, **more: Any) -> Sale:
    """An order of one line."""
    discounts = tuple(more.pop("discounts", ()))
    off = sum(discount.amount for discount in discounts)
    line = OrderLine(
        line_id=f"l{n}", product_id="p", qty=2, unit_price=(total + off) // 2, amount=total, discounts=discounts,
        guide_shares=tuple(more.pop("guide_shares", ())),
    )  # fmt: skip
    made: dict[str, Any] = {"state": "accepted", "guide_id": LIN, **more}
    totals = Totals(lines=total + off, discounts=off, total=total)
    return Sale(
        f"00000000-0000-4000-8000-{n:012d}",
        Order(number=f"N{n}", placed_at=at, currency="CNY", lines=(line,), totals=totals, **made),
    )


def paid(method: str, amount: int, at: str = NOON, kind: Any = "paid") -> Payment:
    return Payment(method=method, amount=amount, at=at, kind=kind, id=f"{method}{amount}{at}{kind}")


def test_the_shops_day_begins_and_ends_by_its_own_clock() -> None:
    assert (DAY.since, DAY.until) == ("2026-11-21T16:00:00.000Z", "2026-11-22T16:00:00.000Z")
    told = figures([sale(1, at=BEFORE), sale(2, at=DAY.since), sale(3, at=AFTER)], DAY)
    assert told.sales == Count(count=1, amount=10_00)
    assert told.hours == {"00": Count(count=1, amount=10_00)}
    assert Span.of("2026-03-29", "Europe/Berlin").until == "2026-03-29T22:00:00.000Z"


def test_sales_discounts_and_what_is_owed() -> None:
    cut = (Discount(kind="manual", amount=1_00), Discount(kind="member", amount=2_00))
    told = figures([sale(1, 17_00, discounts=cut), sale(2, payments=(paid("cash", 10_00),), state="paid")], DAY)
    assert told.sales == Count(count=2, amount=27_00)
    assert (told.pieces, told.before_discounts) == (4, 30_00)
    assert told.discounts == {"manual": Count(count=1, amount=1_00), "member": Count(count=1, amount=2_00)}
    assert told.owed == Count(count=1, amount=17_00)
    assert told.seen == ("000000000001", "000000000002")


def test_a_cancelled_order_is_no_sale_and_belongs_to_the_day_on_which_it_was_cancelled() -> None:
    gone: dict[str, Any] = {"state": "cancelled"}
    told = figures([
        sale(1, cancelled_at=NOON, **gone), sale(2, at=BEFORE, cancelled_at=NOON, **gone),
        sale(3, cancelled_at=AFTER, **gone), sale(4),
    ], DAY)  # fmt: skip
    assert told.sales == Count(count=1, amount=10_00)
    assert told.cancelled == Count(count=2, amount=20_00)
    assert told.seen == ("000000000004",)


def test_money_belongs_to_the_day_on_which_it_moved() -> None:
    told = figures([
        sale(1, payments=(paid("cash", 6_00), paid("card", 4_00, at=AFTER))),
        sale(2, at=BEFORE, payments=(paid("cash", 10_00, at=BEFORE), paid("cash", 3_00, kind="refunded"))),
        sale(3, payments=(Payment(method="coupon", amount=1_00),)),
    ], DAY)  # fmt: skip
    assert told.methods == {
        "cash": MethodCount(received=Count(count=1, amount=6_00), given_back=Count(count=1, amount=3_00)),
        "coupon": MethodCount(received=Count(count=1, amount=1_00)),
    }
    assert expected_cash(told) == 3_00
    assert told.sales.count == 2


def test_shared_lines_are_split_to_the_cent_and_a_guide_sees_their_own_orders() -> None:
    shares = (GuideShare(guide_id=LIN, share=5_000), GuideShare(guide_id=GU, share=5_000))
    told = figures([sale(1, 10_01, guide_shares=shares), sale(2, guide_id=GU)], DAY)
    assert told.guides == {GU: Count(count=2, amount=15_00), LIN: Count(count=1, amount=5_01)}
    assert figures([sale(1), sale(2, guide_id=GU)], DAY, GU).sales == Count(count=1, amount=10_00)


def test_a_shared_order_counts_with_each_guide_by_their_share() -> None:
    shares = (GuideShare(guide_id=LIN, share=5_000), GuideShare(guide_id=GU, share=5_000))
    cut = (Discount(kind="manual", amount=1_01),)
    legs = (paid("cash", 6_01), paid("card", 4_00), paid("cash", 1_01, kind="refunded"))
    one = sale(1, 10_01, guide_shares=shares, payments=legs, discounts=cut)
    lin, gu = (figures([one], DAY, guide) for guide in (LIN, GU))
    assert (lin.sales, gu.sales) == (Count(count=1, amount=5_01), Count(count=1, amount=5_00))
    assert (lin.guides, gu.guides) == ({LIN: lin.sales}, {GU: gu.sales})
    assert (lin.before_discounts, gu.before_discounts) == (5_52, 5_50)
    assert lin.methods["cash"].received.amount + gu.methods["cash"].received.amount == 6_01
    assert expected_cash(lin) + expected_cash(gu) == 5_00
    assert (lin.owed.amount, gu.owed.amount) == (51, 50)
    assert (lin.pieces, gu.pieces) == (1, 1)
    assert [waiting([one], guide).amount for guide in ("", LIN, GU)] == [10_01, 5_01, 5_00]


def test_what_came_later_stands_beside_the_close_and_changes_nothing_in_it() -> None:
    first = [sale(1), sale(2)]
    closed = DayClose(day="2026-11-22", guide_id=GU, closed_at=AFTER, currency="CNY", figures=figures(first, DAY))
    assert not since(closed, first, DAY)
    later = [sale(1), sale(2, state="cancelled", cancelled_at=AFTER), sale(3), sale(4, at=AFTER)]
    changed = since(closed, later, DAY)
    assert [late.id for late in changed.late] == [sale(3).id]
    assert changed.gone == (sale(2).id[-SEEN:],)
    assert closed.figures.sales == Count(count=2, amount=20_00)


METHODS = st.sampled_from(("cash", "card", "other"))
MOMENTS = st.sampled_from((BEFORE, DAY.since, NOON, AFTER))
LEGS = st.lists(
    st.builds(paid, METHODS, st.integers(1, 5_000), MOMENTS, st.sampled_from(("paid", "refunded"))), max_size=3
)  # fmt: skip


SHARES = (
    (), (GuideShare(guide_id=GU, share=10_000),),
    (GuideShare(guide_id=LIN, share=3_333), GuideShare(guide_id=GU, share=6_667)),
)  # fmt: skip


def returned(amount: int, at: str) -> Return:
    return Return(return_id=f"{amount}{at}", guide_id=LIN, at=at, refund=Refund(money=amount))


@st.composite
def days(draw: st.DrawFn) -> list[Sale]:
    """Orders of two days in any state."""
    return [
        sale(
            n, draw(st.integers(1, 9_999)), draw(MOMENTS), guide_id=draw(st.sampled_from((LIN, GU))),
            state=draw(st.sampled_from(("placed", "accepted", "paid", "cancelled"))), payments=tuple(draw(LEGS)),
            discounts=draw(st.lists(st.builds(Discount, kind=METHODS, amount=st.integers(1, 99)), max_size=2)),
            guide_shares=draw(st.sampled_from(SHARES)),
            returns=draw(st.lists(st.builds(returned, st.integers(0, 9_999), MOMENTS), max_size=2).map(tuple)),
        )
        for n in range(draw(st.integers(0, 6)))
    ]  # fmt: skip


def _all_guides_have_what_the_shop_has(sales: list[Sale], told: Figures) -> None:
    mine = [figures(sales, DAY, guide) for guide in (LIN, GU)]
    for name in ("sales", "owed", "cancelled", "returns"):
        assert sum(getattr(one, name).amount for one in mine) == getattr(told, name).amount
    assert sum(one.pieces for one in mine) == told.pieces
    assert sum(one.before_discounts for one in mine) == told.before_discounts
    for one in mine:
        assert one.before_discounts - sum(cut.amount for cut in one.discounts.values()) == one.sales.amount
    for method, counts in told.methods.items():
        parts = [one.methods.get(method, MethodCount()) for one in mine]
        assert sum(part.received.amount for part in parts) == counts.received.amount
        assert sum(part.given_back.amount for part in parts) == counts.given_back.amount


@given(days(), st.randoms())
def test_every_cent_is_counted_once_in_any_order(sales: list[Sale], random: Any) -> None:
    told = figures(sales, DAY)
    random.shuffle(sales)
    assert figures(sales, DAY) == told
    assert sum(one.amount for one in told.guides.values()) == told.sales.amount
    assert sum(one.amount for one in told.hours.values()) == told.sales.amount
    assert sum(one.count for one in told.hours.values()) == told.sales.count == len(told.seen)
    assert told.before_discounts - sum(one.amount for one in told.discounts.values()) == told.sales.amount
    _all_guides_have_what_the_shop_has(sales, told)
    week = [figures(sales, Span.of(f"2026-11-{day}", "Asia/Shanghai")) for day in (21, 22, 23)]
    moved = sum(m.received.amount - m.given_back.amount for each in week for m in each.methods.values())
    assert moved == sum(
        leg.amount if leg.kind == "paid" else -leg.amount for one in sales for leg in one.order.payments
    )


def test_goods_that_came_back_count_on_their_day_and_lessen_no_sales() -> None:
    back = Return(return_id="r", guide_id=LIN, at=NOON, refund=Refund(money=4_00))
    void, later = msgspec.structs.replace(back, void=True), msgspec.structs.replace(back, at=AFTER)
    told = figures([sale(1, at=BEFORE, returns=(back, void)), sale(2, returns=(later,))], DAY)
    assert told.returns == Count(count=1, amount=4_00)
    assert told.sales == Count(count=1, amount=10_00)


def test_what_another_shop_took_back_is_in_that_shop_s_day() -> None:
    """The order's home has the sale, the shop that took goods in has the refund, whichever guide made it."""
    back = Return(
        return_id="r", guide_id=GU, at=NOON, refund=Refund(money=4_00), legs=("out",), store_id="east",
        store=Names(en="East"),
    )  # fmt: skip
    own = Return(return_id="r2", guide_id=LIN, at=NOON, refund=Refund(money=2_00), legs=("own",))
    legs = (
        paid("cash", 10_00),
        Payment(id="out", kind="refunded", method="cash", amount=4_00, at=NOON, guide_id=GU),
        Payment(id="undone", kind="paid", method="cash", amount=1_00, at=NOON, guide_id=GU, of="out"),
        Payment(id="own", kind="refunded", method="cash", amount=2_00, at=NOON, guide_id=LIN),
    )
    at_home = sale(1, payments=legs, returns=(back, own), state="paid")
    fields = {name: getattr(at_home.order, name) for name in Order.__struct_fields__}
    copy = OrderCopy(
        **fields, store_id="east", home_store_id="west", home_names=Names(en="West"), home_ver=1, until=AFTER
    )
    home, east = figures([at_home], DAY), figures([Sale(at_home.id, copy)], DAY)
    assert (home.sales.count, home.returns) == (1, Count(count=1, amount=2_00))
    assert expected_cash(home) == 8_00
    assert (east.sales, east.returns) == (Count(), Count(count=1, amount=4_00))
    assert (expected_cash(east), east.seen, east.guides, east.owed) == (-3_00, (), {}, Count())
    assert [figures([Sale(at_home.id, copy)], DAY, guide).returns for guide in (GU, LIN)] == [Count(), Count()]
    assert expected_cash(figures([Sale(at_home.id, copy)], DAY, GU)) == -3_00
