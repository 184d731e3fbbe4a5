"""What stays of an order whose customer is erased: its money to the last cent, and nothing that leads to them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from guide_app.domain import payments, returns
from guide_app.domain.erasure import nobodys_lease, paid_by_somebody, without_person
from guide_app.domain.ids import derived_id
from guide_app.domain.pricing.priced import Step
from guide_app.domain.records import (
    Discount,
    Fulfilment,
    Instrument,
    Lease,
    Order,
    OrderLine,
    Payment,
    PaymentIntent,
    PricedBy,
    PriceListUsed,
    Recipient,
    Refund,
    Return,
    Totals,
    Variance,
    encode,
)
from guide_app.domain.records.order import FromCard
from guide_app.domain.records.pricing import ChosenCoupon
from guide_app.operations import OPERATIONS
from guide_app.operations.orders import Place, PlacedLine, WantedFulfilment
from guide_app.operations.returns import Promised, TakeBack

WHO, CARD, LEASE = (derived_id("who", name) for name in ("member", "card", "lease"))
COUPONS = [derived_id("coupon", str(n), WHO) for n in range(12)]
"""As HQ names a coupon: by the promotion and the member, so that whoever knows both knows the coupon."""
FREELY, DIGITS = "PLANTED", "9417"


@st.composite
def orders(draw: st.DrawFn) -> Order:
    """A member's order, paid by coupons, cards and cash, some of it given back."""
    used = draw(st.lists(st.sampled_from(COUPONS), max_size=12, unique=True))
    lines = []
    for number in range(draw(st.integers(1, 3))):
        off = [
            Discount(kind="coupon", amount=draw(st.integers(1, 50)), step=Step.COUPON, source_id=one, promotion_id="p")
            for one in used
        ]
        other = Discount(kind="manual", amount=1, step=Step.MANUAL, source_id="by-hand")
        gross = 10_000 + number
        taken = sum(each.amount for each in (*off, other))
        lines.append(OrderLine(f"l{number}", "product", 1, gross, gross - taken, (*off, other)))
    total = sum(one.amount for one in lines)
    by_card = draw(st.integers(0, total))
    legs = [Payment(method="cash", amount=total - by_card, id="cash")]
    if by_card:
        card = FromCard(id=CARD, lease_id=LEASE, digits=DIGITS)
        legs.append(Payment(method="gift_card", amount=by_card, id="card", card=card))
    back = draw(st.lists(st.sampled_from(used), unique=True)) if used else []
    refund = Refund(money=draw(st.integers(0, total)), points=draw(st.integers(0, 30)), coupons=tuple(back))
    gross = sum(one.unit_price for one in lines)
    return Order(
        number="N", state="paid", guide_id="g", placed_at="2026-11-20T10:00:00.000Z", currency="CNY",
        lines=tuple(lines), totals=Totals(lines=gross, discounts=gross - total, total=total), member_id=WHO,
        fulfilment=Fulfilment(to=Recipient(name=FREELY, phone="+8613912345678"), note=FREELY), payments=tuple(legs),
        note=FREELY, cancel_reason=FREELY, priced_by=PricedBy(
            coupons=tuple(ChosenCoupon(coupon_id=one, promotion_id="p") for one in used), points=30,
        ),
        variances=tuple(Variance(cause="coupon_missing", amount=-3, id=one) for one in used),
        returns=(Return(return_id="r", guide_id="g", at="2026-11-21T10:00:00.000Z", refund=refund),),
    )  # fmt: skip


def sums(order: Order) -> object:
    """Every amount of the order, wherever it stands."""
    return (
        order.totals, payments.received(order), payments.owed(order), returns.held(order), payments.from_leases(order),
        [(leg.id, leg.method, leg.amount, payments.left_of(order, leg.id)) for leg in order.payments],
        [(one.amount, [(each.step, each.kind, each.amount) for each in one.discounts]) for one in order.lines],
        [(one.refund.money, one.refund.points, len(one.refund.coupons)) for one in order.returns],
        [(one.cause, one.amount) for one in order.variances], order.priced_by.points if order.priced_by else 0,
    )  # fmt: skip


@given(orders())
def test_nothing_leads_to_the_person_and_no_sum_changes(order: Order) -> None:
    left = without_person(order)
    text = encode(left).decode()
    for trace in (WHO, DIGITS, FREELY, "13912345678", *COUPONS):
        assert trace not in text
    assert sums(left) == sums(order)
    assert without_person(left) == left, "again it changes nothing"
    assert paid_by_somebody(order) == (bool(order.priced_by and order.priced_by.coupons) or len(order.payments) > 1)


@given(orders())
def test_the_coupons_of_an_order_stay_told_apart_and_in_their_turn(order: Order) -> None:
    left = without_person(order)
    assert order.priced_by is not None
    assert left.priced_by is not None
    before = [one.coupon_id for one in order.priced_by.coupons]
    after = [one.coupon_id for one in left.priced_by.coupons]
    now = dict(zip(before, after, strict=True))
    assert [now[one] for one in sorted(before)] == sorted(after)
    assert len(set(after)) == len(before)
    assert [now[one] for one in order.returns[0].refund.coupons] == list(left.returns[0].refund.coupons)
    for old, new in zip(order.lines, left.lines, strict=True):
        assert [now.get(one.source_id, one.source_id) for one in old.discounts] == [
            one.source_id for one in new.discounts
        ]


@given(orders())
def test_an_operation_that_comes_late_tells_no_coupon_either(order: Order) -> None:
    assert order.priced_by is not None
    totals, intent = order.totals, PaymentIntent(method="cash", amount=1)
    lines = tuple(
        PlacedLine(one.line_id, one.product_id, one.qty, one.unit_price, one.amount, one.discounts)
        for one in order.lines
    )
    body = Place(
        order_id=LEASE, number="N", totals=totals, price_list=PriceListUsed(id=CARD, version=1), payment_intent=intent,
        priced_by=order.priced_by, member_id=WHO, note=FREELY, lines=lines,
        fulfilment=WantedFulfilment(kind="ship", to=order.fulfilment.to, note=FREELY),
    )  # fmt: skip
    placed = OPERATIONS["order.place"].without_person(body)
    back = TakeBack(
        order_id=LEASE, return_id=CARD, lines=(),
        refund=Promised(money=5, points=2, coupons=order.returns[0].refund.coupons),
    )  # fmt: skip
    told = OPERATIONS["order.return"].without_person(back)
    assert isinstance(told, TakeBack)
    assert isinstance(placed, Place)
    assert (told.refund.money, told.refund.points) == (5, 2)
    assert [one.amount for one in placed.lines] == [one.amount for one in order.lines]
    for trace in (WHO, FREELY, *COUPONS):
        assert trace not in f"{placed} {told}"


def test_a_lease_of_what_ended_keeps_its_kind_and_names_nothing() -> None:
    lease = Lease(amount=5, spent=3, expires_at="", instrument=Instrument(kind="coupon", id=COUPONS[0]))
    left = nobodys_lease(LEASE, lease)
    assert (left.amount, left.spent, left.instrument) == (5, 3, Instrument(kind="coupon", id=LEASE))
    assert nobodys_lease(LEASE, Lease(amount=0, expires_at="", spent=3)).instrument is None
