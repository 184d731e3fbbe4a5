"""Laws of guides' shares: every cent is somebody's, whoever shares and however often that is corrected."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from guide_app.domain import shares
from guide_app.domain.records import GuideShare, Order, OrderLine, Ref, Totals
from guide_app.operations import OPERATIONS, Context, Effect, Snapshot, Versioned, perform
from guide_app.operations.reshares import Reshare, Share

GUIDES = [f"00000000-0000-4000-8000-0000000000{n:02d}" for n in range(1, 7)]
ORDER = "00000000-0000-4000-8000-000000009000"
LINES = [f"00000000-0000-4000-8000-0000000001{n:02d}" for n in range(4)]


@st.composite
def whole(draw: st.DrawFn) -> tuple[GuideShare, ...]:
    """Any shares of a whole line."""
    guides = draw(st.lists(st.sampled_from(GUIDES), min_size=1, max_size=6, unique=True))
    cuts = sorted(
        draw(st.lists(st.integers(1, 9_999), min_size=len(guides) - 1, max_size=len(guides) - 1, unique=True))
    )
    ends = zip([0, *cuts], [*cuts, 10_000], strict=True)
    return tuple(GuideShare(guide_id=guide, share=b - a) for guide, (a, b) in zip(guides, ends, strict=True))


AMOUNTS = st.lists(st.integers(0, 10**7), min_size=1, max_size=4)
CORRECTIONS = st.lists(st.tuples(st.sampled_from([None, *LINES]), whole()), max_size=5)


@given(AMOUNTS, CORRECTIONS)
def test_every_cent_is_somebody_s_and_no_correction_is_lost(
    amounts: list[int], corrections: list[tuple[str | None, tuple[GuideShare, ...]]]
) -> None:
    lines = tuple(
        OrderLine(line_id=LINES[n], product_id="p", qty=1, unit_price=a, amount=a) for n, a in enumerate(amounts)
    )
    total = sum(amounts)
    ref = Ref("order", ORDER)
    order = Order(
        number="N", state="accepted", guide_id=GUIDES[0], placed_at="", currency="CNY", lines=lines,
        totals=Totals(lines=total, discounts=0, total=total),
    )  # fmt: skip
    rows, taken, last = Snapshot({ref: Versioned(order, 1)}), list[str](), {one.line_id: GUIDES[:1] for one in lines}
    for n, (line_id, parts) in enumerate(corrections):
        body = Reshare(
            order_id=ORDER, line_id=line_id, reason="helped", approved_by=GUIDES[0],
            shares=tuple(Share(guide_id=one.guide_id, share=one.share) for one in parts),
        )  # fmt: skip
        told = Context(op_id=str(n), store_id="", guide_id=GUIDES[1], made_at="", now="", currency="CNY")
        if isinstance(perform(OPERATIONS["order.reshare"], body, rows, told), Effect):
            taken.append(str(n))
            last |= {one: [share.guide_id for share in parts] for one in last if line_id in (None, one)}
    now = rows.get(ref, Order)
    assert now is not None
    assert [one.op_id for one in now.reshares] == taken
    assert {one.line_id: [s.guide_id for s in shares.of_line(one, now.guide_id)] for one in now.lines} == last
    assert all(shares.whole(shares.of_line(one, now.guide_id)) for one in now.lines)
    assert sum(shares.by_guide(now).values()) == total
    assert all(amount >= 0 for amount in shares.by_guide(now).values())


@given(st.lists(st.sampled_from(GUIDES), min_size=1, unique=True))
def test_equal_parts_are_a_whole_line(guides: list[str]) -> None:
    parts = shares.evenly(guides)
    assert shares.whole(parts)
    assert max(one.share for one in parts) - min(one.share for one in parts) <= 1
