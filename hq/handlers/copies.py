"""Orders across stores: each stands in the store that sold it, its home, which alone judges what comes back of it.

A store that takes goods of another's order back has a copy, the `order_copy`, which names nobody. What is taken back
there goes home by a step; what changes at home reaches the copies by steps. Pure over the port, in a transaction of one
store.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

import msgspec

from guide_app.domain import returns
from guide_app.domain.clock import from_text, to_text
from guide_app.domain.records import Fulfilment, Order, OrderCopy, Ref, Return, Stock
from guide_app.operations import Context, Effect, Versioned
from guide_app.operations.base import Body
from guide_app.operations.returns import OrderReturnUndo, Shop, TakeBack, UndoReturn, moved_by
from hq.handlers.abroad import Here
from hq.handlers.base import Desk, Handler, outcome
from hq.handlers.leases import spent_again
from hq.handlers.returns import took_back
from hq.handlers.work import Work, ends, feed_rows
from hq.ledger.port import Clash, Found, OrderHome, Outcome
from hq.ledger.steps import RefreshCopy, TakenBack

KEPT = timedelta(days=30)
"""How long a copy stays after it was asked for, or after goods came back here last."""


def look_up(here: Here, found: Found, now: datetime) -> tuple[str, Work]:
    """Puts another store's order here for 30 days from now; its id. "" where goods of it cannot be paid back here: it
    was sold in another currency."""
    home = here.aggregates.order_home(found.order_id)
    if home is None or home.order.currency != here.currency:
        return "", Work()
    return found.order_id, _copy(here, found.order_id, home, to_text(now + KEPT))


def refresh(here: Here, order_id: str, stands: str = "") -> Work:
    """This store's copy of an order as its home has it now. `stands`: a return that home keeps, though it was none."""
    ref = Ref("order_copy", order_id)
    row = here.aggregates.load([ref])[ref]
    home = here.aggregates.order_home(order_id)
    if row is None or home is None or not isinstance(row.record, OrderCopy):
        return Work()
    return _copy(here, order_id, home, row.record.until, stands)


def expire(here: Here, now: datetime) -> Work:
    """Copies that had their time leave."""
    refs = [Ref("order_copy", order_id) for order_id in here.aggregates.expired_copies(to_text(now))]
    found = {ref: row for ref, row in here.aggregates.load(refs).items() if row is not None}
    here.aggregates.remove(found)
    return Work(ends(found, "left"))


def took(here: Here, step: TakenBack, time_zone: str) -> tuple[Outcome, Work]:
    """What another store took back of an order, or took back of that, is booked on the order as its own return would
    be. Raises Clash where the return that is taken back has not come yet."""
    desk, ref = Desk(here.aggregates, here.currency), Ref("order", step.order_id)
    desk.fetch([ref])
    order = desk.rows.get(ref, Order)
    if order is None:
        return outcome("applied"), Work()
    desk.fetch(moved_by(ref, desk.rows))
    context = Context(
        op_id=step.op_id, store_id=here.store_id, guide_id=step.guide_id, made_at=step.made_at, now=step.received_at,
        currency=here.currency, time_zone=time_zone,
    )  # fmt: skip
    if step.back is not None:
        away = Shop(store_id=step.store_id, names=here.aggregates.store_names(step.store_id))
        effect = took_back(step.back, desk, context, away)
    else:
        if all(one.return_id != step.return_id for one in order.returns):
            raise Clash("the return that is taken back has not come yet")
        body = UndoReturn(order_id=step.order_id, return_id=step.return_id)
        effect = spent_again(OrderReturnUndo().effect(body, desk.rows, context), desk)
        if not effect.changes:
            desk.leave(RefreshCopy(to=step.store_id, order_id=step.order_id, stands=step.return_id))
    desk.apply(effect.changes)
    return outcome("applied", effect.code), desk.save()


class CopyReturnHandler(Handler[TakeBack]):
    """Goods of another store's order came in here; its home judges it."""

    def elsewhere(self, body: TakeBack, desk: Desk) -> str:
        _bring(desk, body.order_id)
        return ""

    def amend(self, effect: Effect, body: TakeBack, desk: Desk, context: Context) -> Effect:
        _onward(desk, body.order_id, body, context)
        until = to_text(from_text(context.now) + KEPT)
        changes = {
            ref: msgspec.structs.replace(row, until=max(row.until, until)) if isinstance(row, OrderCopy) else row
            for ref, row in effect.changes.items()
        }
        return msgspec.structs.replace(effect, changes=changes)


class CopyReturnUndoHandler(Handler[UndoReturn]):
    """The goods went out with the customer again."""

    def elsewhere(self, body: UndoReturn, desk: Desk) -> str:
        _bring(desk, body.order_id)
        return ""

    def amend(self, effect: Effect, body: UndoReturn, desk: Desk, context: Context) -> Effect:
        _onward(desk, body.order_id, body, context)
        return effect


def _bring(desk: Desk, order_id: str) -> None:
    """An operation may wait for longer than the copy that it was made on stays: then it comes again."""
    ref = Ref("order_copy", order_id)
    home = desk.order_home(order_id) if desk.rows.row(ref) is None else None
    if home is not None:
        desk.apply({ref: _of(desk.store_id, home, home.order.placed_at)})  # an end that is over: a return sets it anew


def _onward(desk: Desk, order_id: str, body: Body, context: Context) -> None:
    """Leaves it to the order's home."""
    copy = desk.rows.get(Ref("order_copy", order_id), OrderCopy)
    if copy is None:
        return
    back, undone = (body, "") if isinstance(body, TakeBack) else (None, getattr(body, "return_id", ""))
    desk.leave(
        TakenBack(
            to=copy.home_store_id, store_id=context.store_id, order_id=order_id, op_id=context.op_id,
            guide_id=context.guide_id, made_at=context.made_at, received_at=context.now, back=back, return_id=undone,
        )
    )  # fmt: skip


def _copy(here: Here, order_id: str, home: OrderHome, until: str, stands: str = "") -> Work:
    """The copy of an order as its home has it, for at least until then; nothing where it is so already. This store's
    stock is what home's word on the goods that came in here makes of it."""
    ref = Ref("order_copy", order_id)
    before = here.aggregates.load([ref])[ref]
    old = before.record if before is not None and isinstance(before.record, OrderCopy) else None
    copy = _of(here.store_id, home, max(until, old.until) if old else until)
    if old is not None:
        copy = _with_own(copy, old, stands)
    if copy == old:
        return Work()
    rows = {ref: Versioned(copy, before.ver + 1 if before else 1), **(_stock(here, old, copy) if old else {})}
    return Work(feed_rows(here.aggregates.save(rows)))


def _stock(here: Here, old: OrderCopy, copy: OrderCopy) -> dict[Ref, Versioned]:
    """The stock rows that differ because of what home finds of the goods that came in here."""
    more, less = _came_in(copy), _came_in(old)
    moved = {product_id: more[product_id] - less[product_id] for product_id in {*more, *less}}
    refs = {Ref("stock", product_id): by for product_id, by in sorted(moved.items()) if by}
    return {
        ref: Versioned(msgspec.structs.replace(row.record, on_hand=row.record.on_hand + refs[ref]), row.ver + 1)
        for ref, row in (here.aggregates.load(refs) if refs else {}).items()
        if row is not None and isinstance(row.record, Stock)
    }


def _came_in(copy: OrderCopy) -> Counter[str]:
    """Product → pieces that came into this store's stock."""
    products = {line.line_id: line.product_id for line in copy.lines}
    found = Counter[str]()
    for one in returns.standing(copy):
        for line in one.lines if one.store_id == copy.store_id else ():
            found[products[line.line_id]] += line.qty if line.sellable else 0
    return found


def _of(store_id: str, home: OrderHome, until: str) -> OrderCopy:
    """The order without anybody: no member, no recipient, no word written freely, no lease, no colleague's share."""
    kept = (
        "number", "state", "guide_id", "placed_at", "currency", "totals", "payments", "price_list", "priced_by",
        "promotions_version", "cancelled_at", "refunding",
    )  # fmt: skip
    order = home.order
    fields = {name: getattr(order, name) for name in kept}
    way = Fulfilment(kind=order.fulfilment.kind)
    if way != Fulfilment():  # the default itself is left out of the JSON
        fields["fulfilment"] = way
    nobodys = (msgspec.structs.replace(one, exchange_id="", spends=()) for one in order.returns)
    lines = tuple(msgspec.structs.replace(line, guide_shares=()) for line in order.lines)
    return OrderCopy(
        **fields, lines=lines, returns=tuple(nobodys), store_id=store_id, home_store_id=home.store_id,
        home_names=home.names, home_ver=home.ver, until=until,
    )  # fmt: skip


def _with_own(copy: OrderCopy, old: OrderCopy, stands: str) -> OrderCopy:
    """The copy with what was done here and has not reached its home yet. Of what has, home's word counts: money that it
    found no room for went nowhere, and what it lets stand was never taken back."""
    known = {one.return_id: one for one in copy.returns}
    mine = tuple(one for one in old.returns if one.store_id == old.store_id)
    new = tuple(one for one in mine if one.return_id not in known)
    undone = {one.return_id: one for one in mine if one.void and one.return_id != stands}
    told = tuple(_void(one, undone) for one in copy.returns)
    there = {leg.id for leg in copy.payments}
    given = {leg_id for one in new for leg_id in one.legs}
    turned = given | {leg for one in undone.values() if one not in new for leg in one.legs if leg in there}
    paid = tuple(leg for leg in old.payments if leg.id not in there and (leg.id in given or leg.of in turned))
    payments = tuple(sorted((*copy.payments, *paid), key=lambda leg: (leg.at, leg.id))) if paid else copy.payments
    return msgspec.structs.replace(copy, returns=(*told, *new), payments=payments)


def _void(one: Return, undone: dict[str, Return]) -> Return:
    """A return as it was taken back here, where home does not know that yet."""
    mine = undone.get(one.return_id)
    return msgspec.structs.replace(one, void=True, undone_by=mine.undone_by) if mine and not one.void else one
