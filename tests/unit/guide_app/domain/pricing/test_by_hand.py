"""How far discounts by hand may go: each against what its goods cost without any, however many there are."""

from __future__ import annotations

from typing import Any

from guide_app.domain.pricing import Manual, beyond
from guide_app.domain.records import Discount, OrderLine, Settings

LIMITS = Settings(guide_limit=500, manager_limit=3000)


def line(line_id: str, *off: tuple[int, str, int], qty: int = 2, price: int = 5000) -> OrderLine:
    """A line with discounts (step, source, amount)."""
    taken = tuple(Discount(kind="x", step=step, source_id=source, amount=amount) for step, source, amount in off)
    return OrderLine(
        line_id=line_id, product_id="p", qty=qty, unit_price=price, amount=qty * price - sum(d.amount for d in taken),
        discounts=taken,
    )  # fmt: skip


def by_hand(manual_id: str, line_id: str = "", **more: Any) -> Manual:
    return Manual(manual_id=manual_id, line_id=line_id, amount=1, **more)


def test_a_share_of_its_line_as_other_discounts_left_it() -> None:
    half = (3, "promotion", 5000)
    assert beyond([line("a", half, (6, "m", 250))], [by_hand("m", "a")], LIMITS, cards=()) == ()
    assert beyond([line("a", half, (6, "m", 251))], [by_hand("m", "a")], LIMITS, cards=()) == ("m",)
    assert beyond([line("a", half, (6, "m", 251), (8, "", 9000))], [by_hand("m", "a")], LIMITS, cards=()) == ("m",)


def test_of_the_order_everything_by_hand_counts_together() -> None:
    lines = [line("a", (6, "m", 500), (6, "o", 1)), line("b", (6, "o", 499))]
    assert beyond(lines, [by_hand("m", "a"), by_hand("o")], LIMITS, cards=()) == ()
    lines = [line("a", (6, "m", 500), (6, "o", 1)), line("b", (6, "o", 500))]
    assert beyond(lines, [by_hand("m", "a"), by_hand("o")], LIMITS, cards=()) == ("o",)


def test_small_ones_on_one_line_add_up() -> None:
    lines = [line("a", (6, "m", 300), (6, "n", 300))]
    assert beyond(lines, [by_hand("m", "a"), by_hand("n", "a")], LIMITS, cards=()) == ("m", "n")


def test_what_a_manager_allowed_goes_as_far_as_a_manager_may() -> None:
    allowed = by_hand("m", "a", approved_by="boss")
    assert beyond([line("a", (6, "m", 3000))], [allowed], LIMITS, cards=()) == ()
    assert beyond([line("a", (6, "m", 3001))], [allowed], LIMITS, cards=()) == ("m",)
    alone = by_hand("m", "a")
    assert beyond([line("a", (6, "m", 3000))], [alone], LIMITS, cards=(), all_allowed=True) == ()
    assert beyond([line("a", (6, "m", 3001))], [alone], LIMITS, cards=(), all_allowed=True) == ("m",)


def test_what_nobody_told_of_is_beyond_every_limit() -> None:
    assert beyond([line("a", (6, "m", 1))], [], LIMITS, cards=()) == ("m",)
    assert beyond([line("a")], [by_hand("m", "a")], LIMITS, cards=()) == ()


def test_a_gift_card_is_no_part_of_what_the_share_is_of_and_nothing_may_be_taken_off_it() -> None:
    lines = [line("a", (6, "o", 500)), line("card")]
    assert beyond(lines, [by_hand("o")], LIMITS, cards=("card",)) == ()
    lines = [line("a", (6, "o", 501)), line("card")]
    assert beyond(lines, [by_hand("o")], LIMITS, cards=("card",)) == ("o",)
    assert beyond([line("card", (6, "m", 1))], [by_hand("m", "card")], LIMITS, cards=("card",)) == ("m",)
