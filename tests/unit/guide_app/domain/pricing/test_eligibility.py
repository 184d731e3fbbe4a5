"""Who may have a promotion, when, and which are not sound: each refusal with its code and values."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from guide_app.domain.pricing import Basket, Buyer, Line, Why, flaw, price
from guide_app.domain.records import Names
from guide_app.domain.records.promotion import Audience, BundlePart, Promotion, Selection, TierStep

AT = datetime(2026, 11, 22, 15, 30, tzinfo=timezone(timedelta(hours=8)))  # a Sunday
TEA = Line(line_id="l", product_id="tea", qty=2, price=1000, categories=("green", "drinks"), brand="Hill")
BUYER = Buyer(level="gold", tags=("vip",), birth_month=11, joined="2026-11-01")


def tenth(**told: Any) -> Promotion:
    """10 % off."""
    return Promotion(**{"names": Names(), "kind": "percentage", "percent": 1000, **told})


def why(promotion: Promotion, buyer: Buyer | None = BUYER) -> Why | None:
    """Why it takes nothing off two teas."""
    priced = price(Basket(at=AT, lines=(TEA,), promotions={"p": promotion}, buyer=buyer))
    told = [one.why for one in priced.not_applied if one.promotion_id == "p"]
    assert bool(told) == (priced.taken("p") == 0)
    return told[0] if told else None


@pytest.mark.parametrize("told", [
    {"valid_from": "2026-11-22", "valid_until": "2026-11-23"},
    {"weekdays": (7,)},
    {"from_time": "15:30", "until_time": "15:31"},
    {"audience": Audience(members=True, levels=("gold",), tags=("vip", "x"), new_days=22, birthday_month=True)},
    {"goods": Selection(categories=("drinks",))},
    {"goods": Selection(brands=("Hill",), products=("cup",))},
    {"min_pieces": 2, "min_amount": 2000},
])  # fmt: skip
def test_it_holds_up_to_its_bounds(told: dict[str, Any]) -> None:
    assert why(tenth(**told)) is None


@pytest.mark.parametrize(("told", "code", "values"), [
    ({"active": False}, "inactive", {}),
    ({"valid_from": "2026-11-23"}, "not_yet", {"from": "2026-11-23"}),
    ({"valid_until": "2026-11-22"}, "over", {"until": "2026-11-22"}),
    ({"weekdays": (1, 6)}, "other_weekday", {"weekdays": "16"}),
    ({"until_time": "15:30"}, "other_hour", {"from": "", "until": "15:30"}),
    ({"from_time": "15:31"}, "other_hour", {"from": "15:31", "until": ""}),
    ({"audience": Audience(staff=True)}, "staff_only", {}),
    ({"audience": Audience(levels=("black",))}, "other_level", {"levels": "black"}),
    ({"audience": Audience(tags=("x", "y"))}, "no_tag", {"tags": "x, y"}),
    ({"audience": Audience(new_days=21)}, "not_new", {"days": 21}),
    ({"goods": Selection(products=("cup",))}, "no_goods", {}),
    ({"goods": Selection(categories=("drinks",), without=("tea",))}, "no_goods", {}),
    ({"goods": Selection(without_categories=("green",))}, "no_goods", {}),
    ({"min_pieces": 3}, "pieces_missing", {"need": 3, "have": 2}),
    ({"min_amount": 2001}, "amount_missing", {"need": 2001, "have": 2000}),
    ({"kind": "buy_get", "buy": 2, "get": 1}, "pieces_missing", {"need": 3, "have": 2}),
    ({"kind": "tier", "steps": (TierStep(at=5000, percent=100),)}, "amount_missing", {"need": 5000, "have": 2000}),
    ({"kind": "tier", "measure": "pieces", "steps": (TierStep(at=5, amount=1),)}, "pieces_missing",
     {"need": 5, "have": 2}),
    ({"kind": "bundle", "parts": (BundlePart(goods=Selection()), BundlePart(goods=Selection(products=("cup",))))},
     "set_incomplete", {"part": 2, "need": 1, "have": 0}),
    ({"kind": "cashback"}, "flawed", {"flaw": "kind_unknown"}),
])  # fmt: skip
def test_what_does_not_apply_says_why(told: dict[str, Any], code: str, values: dict[str, int | str]) -> None:
    assert why(tenth(**told)) == Why(code=code, values=values)


def test_somebody_who_is_no_member_gets_nothing_that_is_for_members() -> None:
    assert why(tenth(), None) is None
    for told in ({"kind": "member_price"}, {"audience": Audience(members=True)}, {"audience": Audience(tags=("vip",))}):
        assert why(tenth(**told), None) == Why(code="members_only")
    assert why(tenth(kind="staff"), None) == Why(code="staff_only")
    assert why(tenth(audience=Audience(birthday_month=True)), Buyer(birth_month=12)) == Why(code="other_birth_month")


@pytest.mark.parametrize(("told", "code"), [
    ({"percent": 0}, "no_benefit"),
    ({"kind": "amount"}, "no_benefit"),
    ({"kind": "member_price", "percent": 0}, "no_benefit"),
    ({"kind": "buy_get", "buy": 1}, "no_benefit"),
    ({"kind": "bundle", "parts": (BundlePart(goods=Selection()),)}, "bundle_of_one"),
    ({"kind": "coupon", "amount": 5}, "one_benefit"),
    ({"kind": "coupon", "percent": 0}, "one_benefit"),
    ({"kind": "points", "points": 10}, "no_benefit"),
    ({"kind": "tier"}, "one_benefit"),
    ({"kind": "tier", "steps": (TierStep(at=1, percent=5), TierStep(at=2, amount=5))}, "one_benefit"),
    ({"kind": "tier", "steps": (TierStep(at=2, percent=5), TierStep(at=2, percent=6))}, "steps_not_rising"),
    ({"kind": "tier", "steps": (TierStep(at=1, percent=5), TierStep(at=2, percent=4))}, "steps_not_rising"),
])  # fmt: skip
def test_what_is_not_sound_is_told_and_not_applied(told: dict[str, Any], code: str) -> None:
    assert flaw(tenth(**told)) == code
    if told.get("kind") not in ("coupon", "points"):  # of these only what was chosen is spoken of
        assert why(tenth(**told)) == Why(code="flawed", values={"flaw": code})


def test_what_is_sound_has_no_flaw() -> None:
    for told in (
        {}, {"kind": "amount", "amount": 1}, {"kind": "staff", "prices": {"tea": 1}, "percent": 0},
        {"kind": "bundle", "parts": (BundlePart(goods=Selection(), pieces=2),)}, {"kind": "coupon"},
        {"kind": "tier", "steps": (TierStep(at=1, amount=5), TierStep(at=2, amount=5))},
    ):  # fmt: skip
        assert flaw(tenth(**told)) == ""
