"""Laws of the rule language: a rule is its text, always has an answer, and obeys logic."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from guide_app.domain import rules
from guide_app.domain.clock import ManualClock, to_text
from guide_app.domain.records import Consent, Member
from guide_app.domain.rules import Expr, Facts, RuleProblem, holds, parse, show
from guide_app.domain.rules.names import DAYS, FACTS, Kind
from guide_app.domain.rules.syntax import Among, And, Compare, Fact, Has, Known, Not, Or
from guide_app.domain.shopday import ShopDay

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
CALENDAR = ShopDay(ManualClock(NOW), "Asia/Shanghai")
TODAY = CALENDAR.today()

_TEXTS = st.one_of(st.sampled_from(["vip", "Quiet", "f", "gold", "茶", ""]), st.text(max_size=6))
_NUMBERS = st.decimals(0, 5000, places=2, allow_nan=False, allow_infinity=False)
_OPERATORS = st.sampled_from(["=", "!=", "<", "<=", ">", ">="])


def named(*kinds: Kind) -> st.SearchStrategy[str]:
    return st.sampled_from(sorted(name for name, kind in FACTS.items() if kind in kinds))


_COUNTED = st.builds(Fact, named(Kind.COUNTED), st.one_of(st.none(), st.integers(1, DAYS)))
_NUMERIC = st.one_of(
    st.builds(Fact, named(Kind.NUMBER)),
    _COUNTED,
    st.builds(Fact, named(Kind.DAY), via=st.just("days_since")),
    st.builds(Fact, named(Kind.YEARLY), via=st.just("days_until")),
)
_TEXTUAL = st.builds(Fact, named(Kind.TEXT))
_SOME_NUMBERS = st.lists(_NUMBERS, min_size=1, max_size=3).map(tuple)
_SOME_TEXTS = st.lists(_TEXTS, min_size=1, max_size=3).map(tuple)
_LEAVES: st.SearchStrategy[Expr] = st.one_of(
    st.builds(Compare, _NUMERIC, _OPERATORS, _NUMBERS),
    st.builds(Compare, _TEXTUAL, st.sampled_from(["=", "!="]), _TEXTS),
    st.builds(Among, _NUMERIC, _SOME_NUMBERS),
    st.builds(Among, _TEXTUAL, _SOME_TEXTS),
    st.builds(Known, st.sampled_from(sorted(FACTS))),
    st.builds(Has, named(Kind.SET), _SOME_TEXTS),
)


def _joined(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    parts = st.lists(inner, min_size=2, max_size=3).map(tuple)
    return st.one_of(st.builds(Not, inner), st.builds(And, parts), st.builds(Or, parts))


EXPRS = st.recursive(_LEAVES, _joined, max_leaves=6)
_AGO = st.integers(-3, 500).map(lambda hours_12: to_text(NOW - timedelta(hours=12 * hours_12)))
_INSTANTS = st.one_of(_AGO, st.sampled_from(["", "yesterday", "2026-13-45T99:00:00.000Z", "0001-01-01T00:00:00.000Z"]))
_MEMBERS = st.builds(
    Member,
    member_no=st.just("M1"),
    phone=st.just("+8613812341234"),
    name=st.just("Synthetic Person"),
    gender=st.sampled_from(["", "f", "m", "x"]),
    birthday=st.sampled_from(["", "02-29", "02-30", "1980-02-29", "2004-11-22", "12-31", "0000-01-01"]),
    level=_TEXTS,
    source=_TEXTS,
    touch_point=_TEXTS,
    tags=st.lists(_TEXTS, max_size=3).map(tuple),
    joined_at=_INSTANTS,
    consents=st.lists(
        st.builds(Consent, kind=st.sampled_from(["terms", "marketing_phone"]), granted=st.booleans(),
                  policy_version=st.just("1")), max_size=2,
    ).map(tuple),
)  # fmt: skip
_SALES = st.builds(
    rules.Sale, _INSTANTS, st.integers(-500_000, 500_000), st.sampled_from(["CNY", "USD"]),
    st.lists(st.sampled_from(["p1", "p2", "gone"]), max_size=2).map(tuple),
)  # fmt: skip
_CONTACTS = st.builds(rules.Contact, _INSTANTS, _TEXTS, _TEXTS, _TEXTS)
GOODS = {
    "p1": rules.Goods("sku-1", "", frozenset({"tea", "茶"})),
    "p2": rules.Goods("sku-2", "vip", frozenset()),
}


@st.composite
def facts(draw: st.DrawFn) -> Facts:
    sales, talks = draw(st.lists(_SALES, max_size=4)), draw(st.lists(_CONTACTS, max_size=3))
    owner = draw(st.sampled_from(["", "07"]))
    return rules.facts_of(draw(_MEMBERS), owner, sales, talks, GOODS, CALENDAR, TODAY, "CNY")


@given(EXPRS)
def test_a_rule_is_its_text(expr: Expr) -> None:
    assert parse(show(expr)) == expr


@given(st.one_of(st.text(max_size=60), EXPRS.map(show).map(lambda text: text[: len(text) // 2])))
def test_any_text_is_a_rule_or_a_problem_with_its_place(text: str) -> None:
    told = _told(text)
    if isinstance(told, RuleProblem):
        assert 0 <= told.at <= len(text)
        assert told.code.startswith("rule_")
    else:
        assert parse(show(told)) == told


def _told(text: str) -> Expr | RuleProblem:
    try:
        return parse(text)
    except RuleProblem as problem:
        return problem


@given(EXPRS, facts())
def test_a_rule_always_has_an_answer(expr: Expr, known: Facts) -> None:
    assert holds(expr, known) in (True, False)


@given(st.lists(EXPRS, min_size=2, max_size=3).map(tuple), facts())
def test_de_morgan(parts: tuple[Expr, ...], known: Facts) -> None:
    assert holds(Not(And(parts)), known) == holds(Or(tuple(Not(part) for part in parts)), known)
    assert holds(Not(Or(parts)), known) == holds(And(tuple(Not(part) for part in parts)), known)


@given(EXPRS, facts())
def test_a_rule_or_its_contrary_holds(expr: Expr, known: Facts) -> None:
    assert holds(Or((expr, Not(expr))), known)
    assert not holds(And((expr, Not(expr))), known)


@given(_NUMERIC, _NUMBERS, _NUMBERS, facts())
def test_who_passes_a_bound_passes_a_lower_one(fact: Fact, one: Decimal, other: Decimal, known: Facts) -> None:
    low, high = sorted((one, other))
    assert holds(Compare(fact, ">=", low), known) or not holds(Compare(fact, ">=", high), known)


@given(st.sampled_from(["orders.count", "talks.count"]), st.integers(1, DAYS), st.integers(1, DAYS), facts())
def test_more_days_count_no_less(name: str, one: int, other: int, known: Facts) -> None:
    short, long = sorted((one, other))
    fewer, more = known.number(name, short), known.number(name, long)
    assert fewer is not None
    assert more is not None
    assert fewer <= more <= (known.number(name, None) or 0)


@given(named(Kind.SET), _SOME_TEXTS, _TEXTS, facts())
def test_one_word_more_to_choose_from_excludes_nobody(
    name: str, words: tuple[str, ...], word: str, known: Facts
) -> None:
    assert holds(Has(name, (*words, word)), known) or not holds(Has(name, words), known)


@given(st.dates(date(2020, 1, 1), date(2030, 12, 31)), st.sampled_from(["02-29", "1999-11-22", "12-31", "01-01"]))
def test_the_next_birthday_is_within_a_year(today: date, birthday: str) -> None:
    member = Member(member_no="M1", phone="", name="Synthetic Person", birthday=birthday)
    known = rules.facts_of(member, "", (), (), {}, CALENDAR, today, "CNY")
    days = known.days_until("birthday")
    assert days is not None
    assert 0 <= days <= 366
    kept = today + timedelta(days=days)
    assert f"{kept:%m-%d}" in (birthday[-5:], "02-28" if birthday == "02-29" else birthday[-5:])
