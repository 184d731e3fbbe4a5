"""How goods reach the customer: what a choice needs, how far they are, whose books they leave."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from guide_app.domain import fulfilment, ways
from guide_app.domain.records import Fulfilment, FulfilStep, Order, Payment, Recipient, Totals
from guide_app.operations.orders import WantedFulfilment

TODAY = date(2026, 11, 21)
TO = Recipient(name="陈静", phone="+8613800000001", address="南京东路 1 号")


def step(n: int, what: str, undoes: str = "") -> FulfilStep:
    return msgspec.convert({"op_id": f"op{n}", "what": what, "at": f"2026-11-21T10:{n:02d}:00.000Z", "undoes": undoes},
                           FulfilStep)  # fmt: skip


def order(kind: str = "pick_up", state: str = "accepted", paid: int = 0, **more: object) -> Order:
    goes = msgspec.convert({"kind": kind, **more}, Fulfilment)
    legs = (Payment(method="cash", amount=paid, id="p"),) if paid else ()
    return msgspec.convert(
        {"number": "1", "state": state, "guide_id": "g", "placed_at": "", "currency": "CNY", "lines": [],
         "totals": Totals(lines=100, discounts=0, total=100), "fulfilment": goes, "payments": legs}, Order
    )  # fmt: skip


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        (WantedFulfilment(kind="take_away"), ""),
        (WantedFulfilment(kind="pick_up"), "recipient_missing"),
        (WantedFulfilment(kind="pick_up", to=Recipient(name=" ", phone=TO.phone)), "recipient_missing"),
        (WantedFulfilment(kind="pick_up", to=Recipient(name="陈静", phone="138")), "phone_invalid"),
        (WantedFulfilment(kind="pick_up", to=Recipient(name="陈静", phone=TO.phone)), ""),
        (WantedFulfilment(kind="pick_up", to=TO, day="2026-11-20"), "day_past"),
        (WantedFulfilment(kind="pick_up", to=TO, day="2026-11-21"), ""),
        (WantedFulfilment(kind="pick_up", to=TO, day="2027-11-21"), ""),
        (WantedFulfilment(kind="pick_up", to=TO, day="2027-11-22"), "day_far"),
        (WantedFulfilment(kind="ship", to=Recipient(name="陈静", phone=TO.phone)), "address_missing"),
        (WantedFulfilment(kind="ship", to=TO, fast=True), ""),
        (WantedFulfilment(kind="pre_order", to=TO), "day_missing"),
        (WantedFulfilment(kind="pre_order", to=TO, day="2026-12-24"), ""),
    ],
)
def test_a_choice_says_what_it_needs(wanted: WantedFulfilment, code: str) -> None:
    assert fulfilment.lacks(wanted, TODAY) == code


@pytest.mark.parametrize(
    ("steps", "progress"),
    [
        ((), ""),
        ((step(1, "picking"),), "picking"),
        ((step(1, "ready"), step(2, "picking")), "ready"),
        ((step(1, "picking"), step(2, "failed")), "failed"),
        ((step(1, "done"), step(2, "failed")), "done"),
        ((step(1, "failed"), step(2, "chosen")), ""),
        ((step(1, "failed"), step(2, "chosen"), step(3, "ready")), "ready"),
        ((step(1, "ready"), step(2, "done"), step(3, "undo", "op2")), "ready"),
        ((step(1, "undo", "op2"), step(2, "done")), ""),
    ],
)
def test_how_far_the_goods_are_follows_from_the_steps(steps: tuple[FulfilStep, ...], progress: str) -> None:
    assert ways.progress(steps) == progress


@pytest.mark.parametrize(
    ("state", "paid", "progress", "after"),
    [
        ("accepted", 0, "picking", "accepted"),
        ("paid", 100, "picking", "picking"),
        ("accepted", 0, "shipped", "shipped"),
        ("placed", 0, "done", "delivered"),
        ("placed", 0, "", "placed"),
        ("delivered", 100, "ready", "picking"),
        ("delivered", 0, "", "accepted"),
        ("picking", 100, "", "paid"),
        ("cancelled", 0, "done", "cancelled"),
        ("returned", 100, "done", "returned"),
    ],
)
def test_an_orders_state_follows_its_goods(state: str, paid: int, progress: str, after: str) -> None:
    assert fulfilment.standing(order(state=state, paid=paid, progress=progress)).state == after


@pytest.mark.parametrize(
    ("goes", "takes", "promised", "back"),
    [
        (Fulfilment(), True, False, True),
        (Fulfilment(kind="pick_up"), True, True, True),
        (Fulfilment(kind="pick_up", progress="done"), True, False, True),
        (Fulfilment(kind="pick_up", store_id="other"), False, False, False),
        (Fulfilment(kind="ship", store_id="other", progress="shipped"), False, False, True),
        (Fulfilment(kind="pre_order"), False, False, False),
        (Fulfilment(kind="pre_order", progress="ready"), True, True, True),
    ],
)
def test_whose_books_the_pieces_leave(goes: Fulfilment, takes: bool, promised: bool, back: bool) -> None:
    found = fulfilment.takes_stock(goes), fulfilment.promised(goes), fulfilment.comes_back(goes, "")
    assert found == (takes, promised, back)


@pytest.mark.parametrize(
    ("kind", "state", "progress", "still"),
    [
        ("take_away", "paid", "", False), ("pick_up", "paid", "", True), ("pick_up", "delivered", "done", False),
        ("ship", "shipped", "shipped", True), ("ship", "delivered", "done", False), ("pick_up", "cancelled", "", False),
    ],
)  # fmt: skip
def test_what_is_still_to_be_handed_over(kind: str, state: str, progress: str, still: bool) -> None:
    assert fulfilment.is_open(order(kind, state, progress=progress)) == still
