"""Whatever is earned, spent, taken back and expires: points are conserved, undone exactly, and expire once."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from guide_app.domain import points
from guide_app.domain.money import WHOLE
from guide_app.domain.points import Entry, Paid
from guide_app.domain.pricing import Buyer, Line
from guide_app.domain.records import (
    Bonus,
    Earning,
    Names,
    Order,
    OrderLine,
    PointsPlan,
    Refund,
    Return,
    ReturnedLine,
    Totals,
)
from guide_app.domain.records.promotion import Selection

TODAY = date(2026, 11, 22)
PRODUCTS = ("tea", "cup", "pot")
days = st.integers(-400, 400).map(lambda n: (TODAY + timedelta(days=n)).isoformat())
bonuses = st.builds(
    Bonus, names=st.just(Names()), times=st.sampled_from((0, 5_000, 15_000, 20_000, 50_000)),
    goods=st.builds(Selection, products=st.lists(st.sampled_from(PRODUCTS), max_size=2).map(tuple)),
    levels=st.sampled_from(((), ("gold",))), birthday_month=st.booleans(),
)  # fmt: skip
plans = st.builds(
    PointsPlan, bonuses=st.lists(bonuses, max_size=3).map(tuple),
    earnings=st.builds(Earning, amount=st.integers(1, 2_000), points=st.integers(1, 5)).map(lambda one: (one,)),
    expiry=st.sampled_from(("never", "months", "year_end")), months=st.integers(0, 30),
)  # fmt: skip
buyers = st.builds(
    Buyer,
    level=st.sampled_from(("", "gold")),
    birth_month=st.integers(0, 12),
    times=st.sampled_from((WHOLE, 25_000, 0)),
)
lines = st.lists(st.tuples(st.sampled_from(PRODUCTS), st.integers(0, 50_000)), min_size=1, max_size=6)


def paid(told: list[tuple[str, int]]) -> list[Paid]:
    return [
        Paid(Line(line_id=f"l{n}", product_id=product, qty=1, price=amount), amount)
        for n, (product, amount) in enumerate(told)
    ]


@st.composite
def ledgers(draw: st.DrawFn) -> list[Entry]:
    """Entries as HQ writes them: takes back no more than was given, uses no more than there is."""
    entries: list[Entry] = []
    given: dict[str, int] = {}
    spent: dict[str, int] = {}
    for n in range(draw(st.integers(1, 15))):
        there = sum(one.points for one in entries)
        match draw(st.sampled_from(("earned", "taken_back", "spent", "given_back", "adjusted"))):
            case "earned":
                source, amount = f"o{n}", draw(st.integers(1, 100))
                given[source] = amount
                until = draw(st.one_of(st.just(""), days))
                entries.append(Entry(kind="earned", points=amount, source=source, at=f"{n:02}", until=until))
            case "taken_back" if given:
                source = draw(st.sampled_from(sorted(given)))
                part = draw(st.integers(0, given[source]))
                given[source] -= part
                entries.append(Entry(kind="taken_back", points=-part, source=source, at=f"{n:02}"))
            case "spent" if there > 0:
                spent[f"s{n}"] = draw(st.integers(1, there))
                entries.append(Entry(kind="spent", points=-spent[f"s{n}"], source=f"s{n}", at=f"{n:02}"))
            case "given_back" if spent:
                source, amount = spent.popitem()
                entries.append(Entry(kind="given_back", points=amount, source=source, at=f"{n:02}"))
            case "adjusted":
                amount = draw(st.integers(-20, 50))
                entries.append(Entry(kind="adjusted", points=amount, source=f"a{n}", at=f"{n:02}"))
    return entries


@given(plans, lines, buyers, st.randoms())
def test_the_order_of_lines_is_irrelevant_and_what_stays_earns_its_part(
    plan: PointsPlan, told: list[tuple[str, int]], buyer: Buyer, chance: object
) -> None:
    found = points.terms(plan, paid(told), buyer, TODAY)
    turned = paid(told)[::-1]
    assert found == points.terms(plan, turned, buyer, TODAY)
    if found is None:
        assert sum(amount for _, amount in told) == 0
        return
    whole = points.earned(found, found.total)
    assert points.earned(found, 0) == points.earned(found, -5) == 0
    parts = [points.earned(found, found.total * share // 10) for share in range(11)]
    assert parts == sorted(parts)
    assert parts[-1] == whole == points.earned(found, found.total + 1)
    times = max((buyer.times, *(bonus.times for bonus in plan.bonuses)))
    assert 0 <= whole <= found.total * max(WHOLE, times) // WHOLE // found.amount * found.points


@given(plans, lines, buyers, st.lists(st.integers(0, 50_000), min_size=1, max_size=3), st.integers(0, 10))
def test_gift_cards_earn_nothing_and_take_nothing_from_what_the_goods_earn(
    plan: PointsPlan, told: list[tuple[str, int]], buyer: Buyer, faces: list[int], share: int
) -> None:
    goods = paid(told)
    cards = [
        Paid(Line(line_id=f"card{n}", product_id="tea", qty=1, price=face, gift_card=True), face)
        for n, face in enumerate(faces)
    ]
    assert points.terms(plan, cards, buyer, TODAY) is None
    without, beside = points.terms(plan, goods, buyer, TODAY), points.terms(plan, [*cards, *goods], buyer, TODAY)
    if without is None or beside is None:
        assert without is beside is None
        return
    assert points.earned(without, without.total) == points.earned(beside, beside.total)
    back, goes = without.total * share // 10, min(share, len(cards))
    order = _sold(goods, cards, back + sum(faces[:goes]), goes)
    assert points.goods_stay(beside, order) == without.total - back
    assert points.goods_stay(without, order) == without.total - back + sum(faces[goes:])


def _sold(goods: list[Paid], cards: list[Paid], refund: int, cards_back: int) -> Order:
    """An order of which so many cards, and goods for the rest of the refund, came back."""
    every = [*goods, *cards]
    total = sum(one.amount for one in every)
    gone = tuple(ReturnedLine(line_id=one.line.line_id, qty=1) for one in cards[:cards_back])
    return Order(
        number="N", state="closed", guide_id="g", placed_at="", currency="CNY",
        lines=tuple(
            OrderLine(line_id=one.line.line_id, product_id=one.line.product_id, qty=1, unit_price=one.line.price,
                      amount=one.amount)
            for one in every
        ),
        totals=Totals(lines=total, discounts=0, total=total),
        returns=(Return(return_id="r", guide_id="g", at="", refund=Refund(money=refund), lines=gone),),
    )  # fmt: skip


@given(ledgers(), st.permutations(range(15)))
def test_nothing_is_lost_and_the_order_of_entries_is_irrelevant(entries: list[Entry], order: list[int]) -> None:
    found = points.lots(entries)
    owed = points.owed(entries)
    assert owed >= 0
    assert sum(one.left for one in found) - owed == sum(one.points for one in entries)
    assert not (owed and found), "what is owed is paid by what there is"
    assert points.lots([entries[n] for n in order if n < len(entries)]) == found


@given(ledgers(), st.integers(0, 800))
def test_points_expire_once_the_soonest_to_expire_being_used_first(entries: list[Entry], later: int) -> None:
    today = TODAY + timedelta(days=later)
    gone = points.expired(entries, today)
    assert 0 <= gone <= max(0, sum(one.points for one in entries))
    after = [*entries, Entry(kind="expired", points=-gone, at="99")]
    assert points.expired(after, today) == 0
    assert {one for one in points.lots(after) if one.until >= today.isoformat() or not one.until} == {
        one for one in points.lots(entries) if one.until >= today.isoformat() or not one.until
    }


@given(ledgers(), st.integers(1, 100))
def test_an_undo_is_exact(entries: list[Entry], amount: int) -> None:
    before = points.lots(entries), points.owed(entries)
    given_and_taken = [
        Entry(kind="earned", points=amount, source="new", at="50"),
        Entry(kind="taken_back", points=-amount, source="new", at="60"),
    ]
    assert (points.lots([*entries, *given_and_taken]), points.owed([*entries, *given_and_taken])) == before
    used = [Entry(kind="spent", points=-amount, source="x"), Entry(kind="given_back", points=amount, source="x")]
    assert (points.lots([*entries, *used]), points.owed([*entries, *used])) == before
