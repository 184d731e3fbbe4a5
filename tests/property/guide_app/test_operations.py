"""Laws of the operations, whatever the order, member or edit: money is conserved, lines commute, cancelling undoes."""

from __future__ import annotations

import uuid
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guide_app.domain.money import WHOLE
from guide_app.domain.records import (
    Consent,
    Discount,
    GuideShare,
    Member,
    Order,
    PaymentIntent,
    PriceListUsed,
    Ref,
    Stock,
)
from guide_app.operations import OPERATIONS, Context, Effect, Refusal, Snapshot, Unreadable, Versioned, perform, read
from guide_app.operations.members import ConsentGiven, Edit, FieldEdit, GiveConsent, SignUp, merge_sign_up
from guide_app.operations.orders import (
    Cancel,
    Place,
    PlacedLine,
    WantedFulfilment,
    line_amount,
    totals,
)

STORE, GUIDE, MEMBER, ORDER = (str(uuid.UUID(int=n)) for n in (1, 2, 3, 4))
PRODUCTS = [str(uuid.UUID(int=100 + n)) for n in range(4)]
CONTEXT = Context(
    op_id=str(uuid.UUID(int=9)),
    store_id=STORE,
    guide_id=GUIDE,
    made_at="2026-11-21T10:00:00.000Z",
    now="2026-11-21T10:00:01.000Z",
    currency="CNY",
)
MEMBER_REF, ORDER_REF = Ref("member", MEMBER), Ref("order", ORDER)


@st.composite
def lines(draw: st.DrawFn) -> PlacedLine:
    qty, price = draw(st.integers(1, 99)), draw(st.integers(0, 1_000_000))
    off = draw(st.integers(0, qty * price))
    discounts = (Discount(kind="retail", amount=off),) if off else ()
    return PlacedLine(
        line_id=str(draw(st.uuids())),
        product_id=draw(st.sampled_from(PRODUCTS)),
        qty=qty,
        unit_price=price,
        amount=qty * price - off,
        discounts=discounts,
        guide_shares=(GuideShare(guide_id=GUIDE, share=WHOLE),),
    )


def place(placed: list[PlacedLine]) -> Place:
    sums = totals(tuple(placed))
    return Place(
        order_id=ORDER,
        number="101AB220001X",
        lines=tuple(placed),
        totals=sums,
        price_list=PriceListUsed(id=str(uuid.UUID(int=7)), version=3),
        fulfilment=WantedFulfilment(kind="take_away"),
        payment_intent=PaymentIntent(method="till", amount=sums.total),
        member_id=MEMBER,
    )


def member(**fields: Any) -> Member:
    return Member(member_no="M1", phone="+8613812341234", name="Synthetic Person", **fields)


def shop(stock: list[int], who: Member) -> Snapshot:
    rows = {Ref("stock", p): Versioned(Stock(on_hand=n), 1) for p, n in zip(PRODUCTS, stock, strict=True)}
    return Snapshot({**rows, MEMBER_REF: Versioned(who, 1)})


def done(result: Effect | Refusal) -> Effect:
    assert isinstance(result, Effect), result
    return result


stocks = st.lists(st.integers(-5, 500), min_size=4, max_size=4)
baskets = st.lists(lines(), min_size=1, max_size=8)


@given(baskets, stocks)
def test_money_is_conserved_from_lines_to_order_and_member(basket: list[PlacedLine], stock: list[int]) -> None:
    state = shop(stock, member(spent=70, order_count=2))
    done(perform(OPERATIONS["order.place"], place(basket), state, CONTEXT))
    order, who = state.get(ORDER_REF, Order), state.get(MEMBER_REF, Member)
    assert order is not None
    assert who is not None
    assert sum(line.amount for line in order.lines) == order.totals.total == order.totals.lines - order.totals.discounts
    assert all(line.amount == line_amount(line) for line in order.lines)
    assert (who.spent, who.order_count) == (70 + order.totals.total, 3)


@given(baskets, stocks, st.randoms())
def test_the_order_of_lines_changes_nothing_but_itself(basket: list[PlacedLine], stock: list[int], rnd: Any) -> None:
    shuffled = list(basket)
    rnd.shuffle(shuffled)
    one, two = shop(stock, member()), shop(stock, member())
    done(perform(OPERATIONS["order.place"], place(basket), one, CONTEXT))
    done(perform(OPERATIONS["order.place"], place(shuffled), two, CONTEXT))
    for ref in (MEMBER_REF, *(Ref("stock", p) for p in PRODUCTS)):
        assert one.row(ref) == two.row(ref)
    left, right = one.get(ORDER_REF, Order), two.get(ORDER_REF, Order)
    assert left is not None
    assert right is not None
    assert left.totals == right.totals


@given(baskets, stocks)
def test_cancelling_undoes_money_and_stock_exactly(basket: list[PlacedLine], stock: list[int]) -> None:
    who = member(spent=4200, order_count=7, last_contact_at="2026-11-22T00:00:00.000Z")
    state = shop(stock, who)
    done(perform(OPERATIONS["order.place"], place(basket), state, CONTEXT))
    done(perform(OPERATIONS["order.cancel"], Cancel(order_id=ORDER, reason="mind"), state, CONTEXT))
    assert state.get(MEMBER_REF, Member) == who
    for product, pieces in zip(PRODUCTS, stock, strict=True):
        kept = state.get(Ref("stock", product), Stock)
        assert kept is not None
        assert kept.on_hand == pieces
    again = perform(OPERATIONS["order.cancel"], Cancel(order_id=ORDER, reason="mind"), state, CONTEXT)
    assert again == Refusal("rejected", "already_cancelled")


@given(baskets, st.integers(-100, 100).filter(bool))
def test_a_total_that_is_off_by_anything_is_not_taken(basket: list[PlacedLine], off: int) -> None:
    body = place(basket)
    wrong = msgspec.structs.replace(body, totals=msgspec.structs.replace(body.totals, total=body.totals.total + off))
    state = shop([1, 1, 1, 1], member())
    assert perform(OPERATIONS["order.place"], wrong, state, CONTEXT) == Refusal("parked", "total_mismatch")
    assert not state.changed


names = st.sampled_from(["Anna", "Bella", "Carla", "许安然"])


@given(names, names, names, names)
def test_no_value_of_two_editors_is_ever_lost(base: str, first: str, second: str, settled: str) -> None:
    state = Snapshot({MEMBER_REF: Versioned(msgspec.structs.replace(member(), name=base), 1)})
    edit = OPERATIONS["member.edit"]
    for op, new in (("a", first), ("b", second)):
        context = msgspec.structs.replace(CONTEXT, op_id=op)
        body = Edit(member_id=MEMBER, base_ver=1, set={"name": FieldEdit(old=base, new=new)})
        done(perform(edit, body, state, context))
    who = state.get(MEMBER_REF, Member)
    assert who is not None
    assert {first, second} <= {who.name, base, *(c.theirs for c in who.conflicts)}
    if first not in (base, second) and second != base:
        assert who.name == first
        assert [(c.hq, c.theirs) for c in who.conflicts] == [(first, second)]
    body = Edit(member_id=MEMBER, base_ver=2, set={"name": FieldEdit(old=who.name, new=settled)})
    done(perform(edit, body, state, CONTEXT))
    after = state.get(MEMBER_REF, Member)
    assert after is not None
    assert (after.name, after.conflicts) == (settled, ())


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 6)), max_size=8))
def test_a_grant_never_stands_against_a_withdrawal_it_had_not_seen(answers: list[tuple[bool, int]]) -> None:
    state = Snapshot({MEMBER_REF: Versioned(member(), 1)})
    for granted, seen in answers:
        before = state.get(MEMBER_REF, Member)
        body = GiveConsent(member_id=MEMBER, kind="sms", granted=granted, policy_version="1", seen_ver=seen)
        effect = done(perform(OPERATIONS["member.consent"], body, state, CONTEXT))
        after = state.get(MEMBER_REF, Member)
        assert before is not None
        assert after is not None
        last, now = before.consent("sms"), after.consent("sms")
        if not granted:
            assert now is not None
            assert not now.granted
        elif last is not None and not last.granted and seen < last.ver:
            assert (effect.code, now) == ("consent_older", last)
        else:
            assert now is not None
            assert now.granted


@given(st.booleans(), st.sampled_from(["", "05-20"]), st.lists(st.sampled_from(["a", "b", "c"]), max_size=4))
def test_a_merged_sign_up_fills_only_what_was_empty(withdrawn: bool, birthday: str, tags: list[str]) -> None:
    sms = Consent(kind="sms", granted=not withdrawn, policy_version="1", ver=4)
    survivor = member(birthday=birthday, tags=("a",), consents=(sms,))
    body = SignUp(
        member_id=str(uuid.UUID(int=50)),
        member_no="M2",
        phone=survivor.phone,
        name="Other Name",
        source="walk_in",
        consents=(ConsentGiven(kind="sms", policy_version="2", granted=True),),
        birthday="01-02",
        tags=tuple(tags),
    )
    merged = merge_sign_up(survivor, body, 9, CONTEXT.now)
    assert merged.name == survivor.name
    assert merged.birthday == (birthday or "01-02")
    assert set(merged.tags) == {"a", *tags}
    assert merged.other_numbers == ("M2",)
    now = merged.consent("sms")
    assert now is not None
    assert now.granted is not withdrawn
    assert merge_sign_up(merged, body, 9, CONTEXT.now) == merged


@given(st.sampled_from(sorted(OPERATIONS)), st.integers(0, 3), st.one_of(st.text(), st.binary().map(repr)))
def test_whatever_the_text_is_reading_a_body_gives_a_reason(kind: str, schema_v: int, text: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read(kind, schema_v, text)
    assert caught.value.code == ("body_invalid" if schema_v in OPERATIONS[kind].formats else "schema_unknown")
