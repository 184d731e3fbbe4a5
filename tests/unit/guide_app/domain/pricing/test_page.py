"""Every worked example of docs/pricing.md comes out as it says."""

from __future__ import annotations

import re
import tomllib
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from guide_app.domain.pricing import (
    Basket,
    Buyer,
    ChosenCoupon,
    Line,
    Manual,
    Priced,
    Rounding,
    held_for,
    price,
    take_back,
)
from guide_app.domain.records.promotion import Promotion

PAGE = Path(__file__).parents[5] / "docs" / "pricing.md"
AT = datetime(2026, 11, 22, 15, 30, tzinfo=timezone(timedelta(hours=8)))
ASKED = {"title", "lines", "gift_cards", "member", "promotions", "coupons", "manual", "points", "rounding"}
TOLD = {"pays", "off", "each", "not_applied", "returns"}


def examples(page: Path = PAGE) -> list[dict[str, Any]]:
    """The blocks of the page; what is written with a point is in hundredths: money and percentages alike."""
    blocks = re.findall(r"^```toml\n(.*?)^```", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    return [_whole(tomllib.loads(block, parse_float=Decimal)) for block in blocks]


def _whole(value: Any) -> Any:
    if isinstance(value, Decimal):
        assert value * 100 == int(value * 100)
        return int(value * 100)
    if isinstance(value, dict):
        return {name: _whole(one) for name, one in value.items()}
    return [_whole(one) for one in value] if isinstance(value, list) else value


def basket_of(example: dict[str, Any]) -> Basket:
    """What an example prices; a line's id is its product."""
    manual = [{"manual_id": f"manual{n}", **one} for n, one in enumerate(example.get("manual", []))]
    cards = example.get("gift_cards", [])
    return Basket(
        at=AT,
        lines=tuple(
            Line(line_id=product, product_id=product, qty=qty, price=each, gift_card=product in cards)
            for product, qty, each in example["lines"]
        ),
        promotions={
            promotion_id: msgspec.convert({"names": {}, **told}, Promotion)
            for promotion_id, told in example.get("promotions", {}).items()
        },
        buyer=msgspec.convert(example["member"], Buyer) if "member" in example else None,
        coupons=tuple(ChosenCoupon(coupon_id=one, promotion_id=one) for one in example.get("coupons", [])),
        manual=msgspec.convert(manual, tuple[Manual, ...]),
        points=example.get("points", 0),
        rounding=msgspec.convert(example.get("rounding", {}), Rounding),
    )


def _off(priced: Priced) -> dict[str, int]:
    sums: dict[str, int] = {}
    for line in priced.lines:
        for one in line.reductions:
            name = one.source_id or one.kind
            sums[name] = sums.get(name, 0) + one.amount
    return sums


def test_the_page_has_examples_of_every_kind() -> None:
    kinds = {one["kind"] for example in examples() for one in example.get("promotions", {}).values()}
    assert kinds == {
        "percentage", "amount", "member_price", "buy_get", "bundle", "tier", "coupon", "points", "staff",
    }  # fmt: skip


@pytest.mark.parametrize("example", examples(), ids=lambda example: str(example["title"]))
def test_an_example_of_the_page(example: dict[str, Any]) -> None:
    assert set(example) <= ASKED | TOLD
    basket = basket_of(example)
    priced = price(basket)
    assert _off(priced) == {name: amount for name, amount in example.get("off", {}).items() if amount}
    assert priced.total == example["pays"]
    assert {one.source_id: one.why.code for one in priced.not_applied} == example.get("not_applied", {})
    assert [line.amount for line in priced.lines] == example.get("each", [line.amount for line in priced.lines])
    held, back = held_for(priced), dict[str, int]()
    for one in example.get("returns", []):
        back[one["line"]] = back.get(one["line"], 0) + one["pieces"]
        done = take_back(basket, back, held)
        assert done.back.money == one["refund"], one
        held = done.held
