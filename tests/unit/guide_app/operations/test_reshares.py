"""Whose sale an order is, corrected: what is refused, and what the order keeps of it."""

from __future__ import annotations

import msgspec

from guide_app.domain.records import GuideShare, Order, OrderLine, Ref, SharesBefore, Totals
from guide_app.operations import OPERATIONS, Refusal, Snapshot, perform
from guide_app.operations.reshares import Reshare, Share
from tests.unit.guide_app.operations.kit import GUIDE, MADE, MEMBER, ORDER, OTHER, PRODUCT, TALK, context, snapshot

REF, RESHARE = Ref("order", ORDER), OPERATIONS["order.reshare"]
FIRST, SECOND = PRODUCT, TALK
"""Ids of lines."""


def state() -> Snapshot:
    lines = tuple(OrderLine(line_id=one, product_id=PRODUCT, qty=1, unit_price=500, amount=500)
                  for one in (FIRST, SECOND))  # fmt: skip
    sums = Totals(lines=1000, discounts=0, total=1000)
    return snapshot({
        REF: Order(number="N", state="accepted", guide_id=GUIDE, placed_at=MADE, currency="CNY", lines=lines,
                   totals=sums)
    })  # fmt: skip


def reshare(*parts: tuple[str, int], line_id: str | None = None, order_id: str = ORDER) -> Reshare:
    shares = tuple(Share(guide_id=guide, share=share) for guide, share in parts)
    return Reshare(order_id=order_id, line_id=line_id, shares=shares, reason="helped", approved_by=MEMBER)


def order_of(rows: Snapshot) -> Order:
    found = rows.get(REF, Order)
    assert found is not None
    return found


def given(*parts: tuple[str, int]) -> tuple[GuideShare, ...]:
    return tuple(GuideShare(guide_id=guide, share=share) for guide, share in parts)


def test_a_line_is_parted_and_the_order_says_by_whom_from_whom_and_why() -> None:
    rows = state()
    perform(RESHARE, reshare((GUIDE, 6_000), (OTHER, 4_000), line_id=SECOND), rows, context())
    order = order_of(rows)
    assert [line.guide_shares for line in order.lines] == [(), given((GUIDE, 6_000), (OTHER, 4_000))]
    (done,) = order.reshares
    assert (done.guide_id, done.approved_by, done.at, done.reason) == (GUIDE, MEMBER, MADE, "helped")
    assert done.shares == given((GUIDE, 6_000), (OTHER, 4_000))
    assert done.before == (SharesBefore(line_id=SECOND, shares=given((GUIDE, 10_000))),)


def test_a_whole_order_is_given_away_and_back() -> None:
    rows = state()
    perform(RESHARE, reshare((OTHER, 10_000)), rows, context())
    assert [line.guide_shares for line in order_of(rows).lines] == [given((OTHER, 10_000))] * 2
    perform(RESHARE, reshare((GUIDE, 10_000)), rows, msgspec.structs.replace(context(OTHER), op_id="second"))
    order = order_of(rows)
    assert [line.guide_shares for line in order.lines] == [(), ()], "as if nothing had been"
    assert [one.guide_id for one in order.reshares] == [GUIDE, OTHER], "but what was stays known"


def test_what_hq_s_row_has_already_is_not_done_again() -> None:
    rows = state()
    perform(RESHARE, reshare((OTHER, 10_000)), rows, context())
    later = msgspec.structs.replace(context(OTHER), op_id="later")
    perform(RESHARE, reshare((MEMBER, 10_000)), rows, later)
    before = order_of(rows)
    perform(RESHARE, reshare((OTHER, 10_000)), rows, context())
    assert order_of(rows) == before, "the later one stands"


def test_what_cannot_be_parks() -> None:
    assert perform(RESHARE, reshare((GUIDE, 6_000), (OTHER, 3_999)), state(), context()) == Refusal(
        "parked", "body_invalid"
    )
    assert perform(RESHARE, reshare((GUIDE, 5_000), (GUIDE, 5_000)), state(), context()) == Refusal(
        "parked", "body_invalid"
    )
    assert perform(RESHARE, reshare((OTHER, 10_000), line_id=OTHER), state(), context()) == Refusal(
        "parked", "body_invalid"
    )
    assert perform(RESHARE, reshare((OTHER, 10_000), order_id=OTHER), state(), context()) == Refusal(
        "parked", "order_unknown"
    )
