"""Amounts as people type them: what is written here comes back, and nothing is read that can be read otherwise."""

from __future__ import annotations

import contextlib
import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guide_app.domain import money
from guide_app.domain.errors import BadInput

CURRENCIES = st.sampled_from(["CNY", "JPY", "KWD"])
AMOUNTS = st.integers(0, 10**12)


@given(AMOUNTS, CURRENCIES)
def test_an_amount_as_it_is_written_comes_back(amount: int, currency: str) -> None:
    assert money.typed(f" {money.to_major(amount, currency):f} ", currency) == amount


@given(AMOUNTS)
def test_with_a_comma_before_the_cents_or_groups_it_is_the_same(amount: int) -> None:
    plain = money.to_major(amount, "CNY")
    assert money.typed(f"{plain:f}".replace(".", ","), "CNY") == amount
    grouped = f"{plain:,f}"
    assert money.typed(grouped, "CNY") == amount
    assert money.typed(grouped.translate(str.maketrans(",.", ".,")), "CNY") == amount


@given(st.text("0123.,- ", max_size=12) | st.from_regex(r"[0-9]{1,4}[.,][0-9]{3}", fullmatch=True))
@pytest.mark.parametrize("currency", ["CNY", "JPY"])
def test_what_is_read_can_be_read_in_no_other_way(currency: str, text: str) -> None:
    ways = {way for group, point in ((",", "."), (".", ",")) if (way := _read(text, group, point)) is not None}
    with contextlib.suppress(BadInput):
        minor = money.typed(text, currency)
        assert ways == {money.to_major(minor, currency)}
        assert minor >= 0


def _read(text: str, group: str, point: str) -> Decimal | None:
    """How somebody reads it who writes groups and cents with these."""
    g, p = re.escape(group), re.escape(point)
    if not re.fullmatch(rf"([0-9]+|[0-9]{{1,3}}({g}[0-9]{{3}})+)({p}[0-9]+)?", text.strip()):
        return None
    return Decimal(text.strip().replace(group, "").replace(point, "."))
