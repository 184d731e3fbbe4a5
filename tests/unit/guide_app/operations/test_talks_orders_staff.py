"""Orders, talks, follow-ups and PINs: what each refuses, and its effect. (Laws for all orders: tests/property.)"""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from guide_app.domain.records import (
    Followup,
    Member,
    Order,
    PaymentIntent,
    PriceListUsed,
    Record,
    Ref,
    Staff,
    Stock,
    Talk,
    Totals,
)
from guide_app.domain.records.order import GuideShare
from guide_app.operations import OPERATIONS, Effect, Refusal, Snapshot, perform
from guide_app.operations.orders import Cancel, Place, PlacedLine, WantedFulfilment
from guide_app.operations.staff import SetPin
from guide_app.operations.talks import LogTalk, SetFollowup
from tests.unit.guide_app.operations.kit import (
    GUIDE,
    MADE,
    MEMBER,
    NOW,
    ORDER,
    OTHER,
    PRODUCT,
    TALK,
    context,
    member,
    snapshot,
)

PHC = "$argon2id$v=19$m=65536,t=3,p=1$c29tZXNhbHRzb21lc2FsdA$" + "A" * 43


def place(**more: Any) -> Place:
    line = PlacedLine(line_id=TALK, product_id=PRODUCT, qty=2, unit_price=500, amount=1000)
    fields: dict[str, Any] = {
        "order_id": ORDER, "number": "101AB7K00423", "lines": (line,), "member_id": MEMBER,
        "totals": Totals(lines=1000, discounts=0, total=1000), "price_list": PriceListUsed(id="p", version=1),
        "fulfilment": WantedFulfilment(kind="ship"), "payment_intent": PaymentIntent(method="till", amount=1000),
        **more,
    }  # fmt: skip
    return Place(**fields)


def done(kind: str, body: Any, state: Snapshot, guide_id: str = GUIDE) -> Effect | Refusal:
    return perform(OPERATIONS[kind], body, state, context(guide_id))


def line(**more: Any) -> tuple[PlacedLine, ...]:
    return (msgspec.structs.replace(place().lines[0], **more),)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"totals": Totals(lines=1000, discounts=0, total=999)}, "total_mismatch"),
        ({"lines": line(amount=999)}, "total_mismatch"),
        ({"lines": line(guide_shares=(GuideShare(guide_id=GUIDE, share=9_999),))}, "body_invalid"),
    ],
)
def test_an_order_that_does_not_add_up_is_parked(more: dict[str, Any], code: str) -> None:
    assert done("order.place", place(**more), Snapshot()) == Refusal("parked", code)


def test_an_order_moves_its_member_and_what_the_shop_keeps_books_of() -> None:
    ref, stock = Ref("member", MEMBER), Ref("stock", PRODUCT)
    state = snapshot({ref: member(), stock: Stock(on_hand=1)})
    done("order.place", place(), state)
    bought, left, order = state.get(ref, Member), state.get(stock, Stock), state.get(Ref("order", ORDER), Order)
    assert bought is not None
    assert left is not None
    assert order is not None
    assert (bought.spent, bought.order_count, bought.last_contact_at, left.on_hand) == (1000, 1, MADE, -1)
    assert (order.guide_id, order.currency, order.placed_at, order.fulfilment.kind) == (GUIDE, "CNY", MADE, "ship")
    assert done("order.place", place(), state) == Refusal("parked", "body_invalid")


def test_an_order_for_whom_nobody_knows_is_an_order_all_the_same() -> None:
    state = Snapshot()
    effect = done("order.place", place(), state)
    assert isinstance(effect, Effect)
    assert set(effect.changes) == {Ref("order", ORDER)}


@pytest.mark.parametrize(
    ("state", "status", "code"),
    [("cancelled", "rejected", "already_cancelled"), ("shipped", "rejected", "already_shipped"),
     ("returned", "rejected", "already_shipped"), ("", "parked", "order_unknown")],
)  # fmt: skip
def test_what_cannot_be_cancelled(state: str, status: Any, code: str) -> None:
    made = Snapshot()
    done("order.place", place(), made)
    order = made.get(Ref("order", ORDER), Order)
    assert order is not None
    rows: dict[Ref, Record] = {}
    if state:
        rows[Ref("order", ORDER)] = msgspec.structs.replace(order, state=state)
    assert done("order.cancel", Cancel(order_id=ORDER, reason=""), snapshot(rows)) == Refusal(status, code)


def log(**more: Any) -> LogTalk:
    fields: dict[str, Any] = {
        "talk_id": TALK, "member_id": MEMBER, "channel": "phone", "outcome": "solved", "topic": "care", "at": MADE,
        **more,
    }  # fmt: skip
    return LogTalk(**fields)


def test_a_talk_is_the_members_last_contact_but_never_an_earlier_or_future_one() -> None:
    ref = Ref("member", MEMBER)
    for at, known, contact in ((MADE, "", MADE), (MADE, NOW, NOW), ("2030-01-01T00:00:00.000Z", "", NOW)):
        state = snapshot({ref: member(last_contact_at=known)})
        done("talk.log", log(at=at), state)
        after = state.get(ref, Member)
        assert after is not None
        assert after.last_contact_at == contact


def test_only_its_guide_changes_a_talk() -> None:
    state = Snapshot()
    done("talk.log", log(), state)
    other = done("talk.log", log(void=True), state, OTHER)
    assert other == Effect({}, "not_yours")
    done("talk.log", log(void=True), state)
    talk = state.get(Ref("talk", TALK), Talk)
    assert talk is not None
    assert talk.void


def test_a_follow_up_stays_with_who_set_it_and_follows_a_merge() -> None:
    survivor = "00000000-0000-4000-8000-00000000aaaa"
    state = snapshot({Ref("member", survivor): member()}, {MEMBER: survivor})
    body = SetFollowup(followup_id=TALK, member_id=MEMBER, due_on="2026-12-01", note="", state="open")
    done("followup.set", body, state)
    done("followup.set", msgspec.structs.replace(body, state="done"), state, OTHER)
    followup = state.get(Ref("followup", TALK), Followup)
    assert followup is not None
    assert (followup.guide_id, followup.member_id, followup.state) == (GUIDE, survivor, "done")


def test_a_follow_up_is_handed_to_a_colleague_and_back() -> None:
    state = snapshot({Ref("member", MEMBER): member()})
    body = SetFollowup(followup_id=TALK, member_id=MEMBER, due_on="2026-12-01", note="", state="open", guide_id=OTHER)
    whose = []
    for said in (body, msgspec.structs.replace(body, guide_id=None), msgspec.structs.replace(body, guide_id=GUIDE)):
        done("followup.set", said, state)
        followup = state.get(Ref("followup", TALK), Followup)
        whose.append(followup and followup.guide_id)
    assert whose == [OTHER, OTHER, GUIDE]


def test_a_pin_is_ones_own() -> None:
    person = Ref("staff", GUIDE)
    state = snapshot({person: Staff(name="王芳", staff_no="01", pin="x", pin_once=True)})
    body = SetPin(staff_id=GUIDE, pin=PHC)
    assert done("staff.set_pin", body, state, OTHER) == Refusal("rejected", "not_allowed")
    assert done("staff.set_pin", body, Snapshot()) == Refusal("rejected", "not_allowed")
    done("staff.set_pin", body, state)
    after = state.get(person, Staff)
    assert after is not None
    assert (after.pin, after.pin_once) == (PHC, False)
