from decimal import Decimal

import pytest

from guide_app.domain import money
from guide_app.domain.errors import BadInput, Defect


def test_exponents() -> None:
    assert (money.exponent("CNY"), money.exponent("USD"), money.exponent("JPY"), money.exponent("KWD")) == (2, 2, 0, 3)
    with pytest.raises(BadInput, match="currency_unknown"):
        money.exponent("XXX")


def test_major_units() -> None:
    assert money.to_major(1234, "CNY") == Decimal("12.34")
    assert money.to_major(1234, "JPY") == Decimal(1234)
    assert money.from_major(" -12.3 ", "CNY") == -1230


@pytest.mark.parametrize("text", ["", "abc", "1.234", "NaN", "Infinity", "1e30", "1e999999999", "12,34"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="amount_invalid"):
        money.from_major(text, "CNY")


@pytest.mark.parametrize(
    ("amount", "points", "part"), [(105, 1000, 11), (-105, 1000, -11), (104, 1000, 10), (1, 5000, 1), (1999, 3333, 666)]
)
def test_percent_rounds_half_away_from_zero(amount: int, points: int, part: int) -> None:
    assert money.percent(amount, points) == part


def test_split_by_largest_remainder() -> None:
    assert money.split(100, [1, 1, 1]) == [34, 33, 33]
    assert money.split(-100, [1, 1, 1]) == [-34, -33, -33]
    assert money.split(10, [0, 3, 7]) == [0, 3, 7]
    assert money.split(1, [1, 2, 3]) == [0, 0, 1]
    assert money.split(0, [0, 0]) == [0, 0]
    assert money.split(0, []) == []


@pytest.mark.parametrize("shares", [[], [0, 0], [1, -1], [-1, 3]])
def test_money_cannot_be_split_over_nothing(shares: list[int]) -> None:
    with pytest.raises(Defect):
        money.split(5, shares)


@pytest.mark.parametrize("text", ["1,000", "1.000", "12,500", "-5", "", ",", "1,00,0", "1.234.567", "1,000,000", "1e3"])
def test_what_is_ambiguous_or_no_amount_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="amount_invalid"):
        money.typed(text, "CNY")


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [("12,50", "CNY", 1250), ("1,234.5", "CNY", 123450), ("1.234,50", "CNY", 123450), ("1.250", "KWD", 1250)],
)
def test_what_can_be_read_in_one_way_is_read_so(text: str, currency: str, minor: int) -> None:
    assert money.typed(text, currency) == minor
