"""A shop's day by its tablets, by HQ, and by SQL that knows nothing of the rule: one and the same once all is quiet."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import msgspec

from guide_app.domain.dayclose import Sale, Span, figures
from guide_app.domain.records.dayclose import Figures
from tests.simulation.invariants import Violation

if TYPE_CHECKING:
    from tests.simulation.tablet import Tablet
    from tests.simulation.world import World

DAY = "2026-11-22"
TODAY = Span.of(DAY, "Asia/Shanghai")
_SOLD = (
    "SELECT count(*), coalesce(sum(total), 0) FROM shop_order"
    " WHERE state <> 'cancelled' AND placed_at >= ? AND placed_at < ?"
)
_MOVED = (
    "SELECT coalesce(sum(CASE leg.value ->> '$.kind' WHEN 'refunded' THEN -(leg.value ->> '$.amount')"
    " ELSE leg.value ->> '$.amount' END), 0)"
    " FROM (SELECT d, '' AS here FROM shop_order"
    "  UNION ALL SELECT d, d ->> '$.store_id' FROM other_row WHERE entity = 'order_copy') AS o,"
    " json_each(o.d, '$.payments') AS leg"
    " WHERE leg.value ->> '$.at' >= ? AND leg.value ->> '$.at' < ? AND o.here IS coalesce((SELECT coalesce("
    "  back.value ->> '$.store_id', '') FROM json_each(o.d, '$.returns') AS back,"
    "  json_each(back.value, '$.legs') AS one"
    "  WHERE one.value IN (leg.value ->> '$.id', leg.value ->> '$.of')), '')"
)


def day_here(tablet: Tablet) -> Figures:
    """The day as a tablet has it."""
    rows = tablet.do(tablet.store.days.sales(since=TODAY.since, until=TODAY.until))
    return figures([Sale(row.id, row.order) for row in rows], TODAY)


def days_5(world: World) -> None:
    """Every tablet of a shop closes its day with HQ's figures, and with SQL's; no close is lost or changed."""
    data = world.hq.data
    for store in world.hq.stores:
        orders: Any = [*data.records(store.store_id, "order").items()]
        orders += data.records(store.store_id, "order_copy").items()
        at_hq = figures([Sale(id_, row.record) for id_, row in orders], TODAY)
        for tablet in world.tablets:
            if tablet.device.store == store and not tablet.query("SELECT 1 FROM outbox WHERE state = 'parked'"):
                if day_here(tablet) != at_hq:
                    raise Violation(5, f"{tablet.name} closes the day with {day_here(tablet)}, HQ with {at_hq}")
                _counted_5(tablet, at_hq)
    told = {
        body["close_id"]: body["figures"]
        for op in data.log().values()
        if op.kind == "day.close" and op.status == "applied" and op.body and (body := json.loads(op.body))
    }
    rows: dict[str, Any] = {}
    for store in world.hq.stores:
        rows |= data.records(store.store_id, "day_close")
    if {id_: row.record.figures for id_, row in rows.items()} != {
        id_: msgspec.convert(seen, Figures) for id_, seen in told.items()
    }:
        raise Violation(5, "HQ's closes of days are not those that were told")


def _counted_5(tablet: Tablet, at_hq: Figures) -> None:
    span = (TODAY.since, TODAY.until)
    sold = tablet.query(_SOLD, *span)[0]
    moved = tablet.query(_MOVED, *span)[0][0]
    net = sum(one.received.amount - one.given_back.amount for one in at_hq.methods.values())
    if (*sold, moved) != (at_hq.sales.count, at_hq.sales.amount, net):
        raise Violation(5, f"{tablet.name}: SQL says {sold} and {moved}, the close {at_hq}")
