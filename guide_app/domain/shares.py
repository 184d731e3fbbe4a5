"""Whose sale an order is: guides' shares of its lines, in basis points.

The shares of a line add up to the whole; a line without any is the order's guide's. Amounts are parted to the cent:
those of all guides add up to the order's total.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from guide_app.domain.money import WHOLE, split
from guide_app.domain.records.order import GuideShare, Order, OrderLine


def whole(shares: Sequence[GuideShare]) -> bool:
    """Whether they are a whole line's: each guide once, with something, and all of it."""
    guides = {one.guide_id for one in shares}
    given = sum(one.share for one in shares)
    return len(guides) == len(shares) and all(one.share > 0 for one in shares) and given == WHOLE


def of_line(line: OrderLine, guide_id: str) -> tuple[GuideShare, ...]:
    """The shares of a line of this guide's order, said in full."""
    return line.guide_shares or (GuideShare(guide_id=guide_id, share=WHOLE),)


def stored(shares: tuple[GuideShare, ...], guide_id: str) -> tuple[GuideShare, ...]:
    """The shares as a line of this guide's order keeps them: nothing where all of it is theirs."""
    return () if shares == (GuideShare(guide_id=guide_id, share=WHOLE),) else shares


def by_guide(order: Order) -> dict[str, int]:
    """What each guide sold of an order, in minor units; the sum is the order's total."""
    sold: Counter[str] = Counter()
    for line in order.lines:
        shares = of_line(line, order.guide_id)
        for one, amount in zip(shares, split(line.amount, [one.share for one in shares]), strict=True):
            sold[one.guide_id] += amount
    return dict(sold)


def evenly(guide_ids: Sequence[str]) -> tuple[GuideShare, ...]:
    """A whole line in parts that are as equal as basis points allow; the first guides have the rest."""
    parts = split(WHOLE, [1] * len(guide_ids))
    return tuple(GuideShare(guide_id=guide, share=part) for guide, part in zip(guide_ids, parts, strict=True))


MOST = 10
"""Guides who can share a line."""
LEAST = 100
"""The least share that is set by hand: one per cent."""


def moved(shares: Sequence[GuideShare], guide_id: str, by: int) -> tuple[GuideShare, ...]:
    """The guide's share is so many basis points more (or less); the others give it up, or get it, from the next one on.

    Nobody's falls below `LEAST`; the whole stays the whole. One guide alone keeps all.
    """
    parts = {one.guide_id: one.share for one in shares}
    order = [one.guide_id for one in shares]
    at = order.index(guide_id)
    others = order[at + 1 :] + order[:at]
    if by < 0 and others:
        given = min(-by, max(0, parts[guide_id] - LEAST))
        parts[guide_id] -= given
        parts[others[0]] += given
    for other in others if by > 0 else ():
        taken = min(by, max(0, parts[other] - LEAST))
        parts[other] -= taken
        parts[guide_id] += taken
        by -= taken
    return tuple(GuideShare(guide_id=guide, share=parts[guide]) for guide in order)
