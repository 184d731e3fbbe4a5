"""What a shop does for another one's orders: whether it is still asked to, and which pieces have left its books."""

from __future__ import annotations

from collections import Counter
from typing import Protocol

import msgspec

from guide_app.domain import fulfilment, payments, phone, returns, ways
from guide_app.domain.records import Fulfilment, Names, Order, Parcel, ParcelLine, Recipient
from guide_app.domain.records.order import FulfilWhat, GoodsWay


class Home(Protocol):
    """An order with the shop that sold it."""

    @property
    def store_id(self) -> str: ...
    @property
    def names(self) -> Names: ...
    @property
    def order(self) -> Order: ...


def shops(order: Order) -> frozenset[str]:
    """The other shops that one of the order's ways ever asked to see to its goods."""
    goes = order.fulfilment
    ways_told: list[Fulfilment | GoodsWay] = [goes, *(step.way for step in goes.steps if step.way is not None)]
    ways_told += [goes.first] if goes.first is not None else []
    return frozenset(way.store_id for way in ways_told) - {""}


def asked(parcel: Parcel) -> bool:
    """Whether this shop is to see to the goods, or saw to them: the order stands, and goes this way."""
    return not parcel.cancelled and parcel.goes.store_id == parcel.store_id


def went(parcel: Parcel) -> bool:
    """Whether this shop sent the goods off or handed them over."""
    return parcel.goes.store_id == parcel.store_id and parcel.goes.progress in ways.OUT


def is_open(parcel: Parcel) -> bool:
    """Whether somebody here still has to do something: to prepare, hand over, see arrive; or, of what is not asked for
    any more, to put back what was set aside."""
    return asked(parcel) and any(line.qty for line in parcel.lines) and parcel.goes.progress != "done"


def next_steps(parcel: Parcel) -> tuple[FulfilWhat, ...]:
    """What can be done here next, the likeliest first; of what is recalled only that it had left before."""
    if is_open(parcel):
        return fulfilment.next_steps(parcel.goes)
    if went(parcel) or asked(parcel):
        return ()
    return ("shipped",) if parcel.goes.kind == "ship" else ("done",)


def off_books(parcel: Parcel) -> Counter[str]:
    """Product → pieces by which this shop's books are less: set aside while they are asked for, or gone."""
    aside = asked(parcel) and parcel.goes.progress == "ready"
    found = Counter[str]()
    for line in parcel.lines if aside or went(parcel) else ():
        found[line.product_id] += line.qty
    return found


def parcel_of(store_id: str, home: Home) -> Parcel:
    """The order as that shop needs it."""
    order = home.order
    bare = Parcel(
        store_id=store_id, home_store_id=home.store_id, home_names=home.names, number=order.number,
        placed_at=order.placed_at, lines=pieces(order), goes=_nobodys(order.fulfilment),
        paid=not payments.owed(order), cancelled=order.state == "cancelled",
    )  # fmt: skip
    if not is_open(bare):
        return bare
    return msgspec.structs.replace(bare, to=_needed(order.fulfilment), note=order.fulfilment.note)


def with_own(parcel: Parcel, before: Parcel) -> Parcel:
    """It with the steps of this shop that its home has not heard of yet."""
    goes = parcel.goes
    for step in before.goes.steps:
        goes = ways.with_step(goes, step)
    return parcel if goes is parcel.goes else msgspec.structs.replace(parcel, goes=goes)


def pieces(order: Order) -> tuple[ParcelLine, ...]:
    """The pieces that go out, or went: what came back before they did never was with the customer."""
    out_at = fulfilment.out_at(order.fulfilment)
    back = Counter[str]()
    for made in returns.standing(order):
        for line in made.lines if not out_at or made.at < out_at else ():
            back[line.line_id] += line.qty
    return tuple(
        ParcelLine(line_id=line.line_id, product_id=line.product_id, qty=line.qty - back[line.line_id])
        for line in order.lines
    )


def _nobodys(goes: Fulfilment) -> Fulfilment:
    """How the goods go, without whom they go to and without what only their home has to settle."""
    steps = tuple(
        msgspec.structs.replace(step, way=msgspec.structs.replace(step.way, to=None, note="")) if step.way else step
        for step in goes.steps
    )
    first = msgspec.structs.replace(goes.first, to=None, note="") if goes.first else None
    return msgspec.structs.replace(goes, to=None, note="", repair="", first=first, steps=steps)


def _needed(goes: Fulfilment) -> Recipient | None:
    """Whoever sends the goods needs all of it; whoever hands them over asks for the name and the phone's end."""
    if goes.to is None or goes.kind == "ship":
        return goes.to
    return Recipient(name=goes.to.name, phone=f"****{phone.tail(goes.to.phone)}" if goes.to.phone else "")
