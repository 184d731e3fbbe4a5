"""What waits in the outbox, and what came back and needs a person."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from sqlcipher3 import dbapi2 as sqlite

from guide_app import operations
from guide_app.domain import fulfilment, returns, ways
from guide_app.domain.records import Member, Names, Order, OrderCopy, Return
from guide_app.operations.returns import TakeBack
from guide_app.services.ports.engine import AttentionRow, Waiting, WorkProof
from guide_app.services.ports.writing import Change
from local_store.base import Base
from local_store.repositories.copies import copy_of
from local_store.repositories.members import rows_by_id
from local_store.repositories.reading import readable

_OPEN = "state IN ('pending', 'sent', 'parked')"
_BACK = (
    "state || ':' || op_id NOT IN (SELECT key FROM dismissed) AND "
    "(state = 'rejected' OR (state = 'parked' AND code <> 'forwarded') "
    "OR (state = 'merged' AND kind = 'member.sign_up'))"
)
_OPS = "SELECT op_id, seq, kind, schema_v, body, state, code, made_at, closed_at, entity, entity_id FROM outbox"
GIFTS = (
    f"{_OPS} WHERE state = 'applied' AND code = 'gift_twice' "
    "AND 'gift_twice:' || op_id NOT IN (SELECT key FROM dismissed) ORDER BY seq"
)
TOLD_CODES = (
    "number_changed", "paid_back_twice", "overspent", "lease_expired", "colleague_unknown", "not_yours",
    "consent_older", "quotation_gone",
)  # fmt: skip
"""What HQ took otherwise than it was meant, and says so by nothing but the code."""
TOLD = (
    f"{_OPS} WHERE state = 'applied' AND code <> '' AND code IN ({', '.join(map(repr, TOLD_CODES))}) "
    "AND code || ':' || op_id NOT IN (SELECT key FROM dismissed) ORDER BY seq"
)
RETURNED = frozenset({"return_too_many", "refund_variance"})
_CONFLICTS = "SELECT id, name, d FROM member WHERE conflicts > 0 ORDER BY id"
_SHORT = "SELECT id, number, member_id, placed_at, repair, d FROM shop_order WHERE repair <> '' ORDER BY placed_at"
_TO_REFUND = (
    "SELECT id, number, member_id, placed_at, refund, d ->> '$.currency' FROM shop_order "
    "WHERE refund > 0 ORDER BY placed_at"
)
RETURNS = (
    f"{_OPS} WHERE state = 'applied' AND code IN ('return_too_many', 'refund_variance') "
    "AND code || ':' || op_id NOT IN (SELECT key FROM dismissed) ORDER BY seq"
)
_BLOCK = 200
"""Operations read at once: about a busy day's."""
_SETTLED = frozenset({"cancelled", "returned", "closed", "delivered", "shipped"})
_OUT = (fulfilment.TOO_LATE, fulfilment.LEFT, fulfilment.TWICE)
"""What must be settled of goods that left, whatever state the order is in."""


class OutboxView:
    """Implements `guide_app.services.ports.engine.OutboxReader`."""

    def __init__(self, base: Base) -> None:
        self._base = base

    async def waiting(self) -> Waiting:
        def job(connection: sqlite.Connection) -> Waiting:
            kinds = connection.execute(
                f"SELECT kind, count(*) FROM outbox WHERE {_OPEN} GROUP BY kind ORDER BY kind"
            ).fetchall()
            oldest, parked = connection.execute(
                "SELECT coalesce(min(made_at), ''), count(*) FILTER (WHERE state = 'parked' AND code <> 'forwarded') "
                f"FROM outbox WHERE {_OPEN}"
            ).fetchone()
            return Waiting(by_kind=dict(kinds), oldest=oldest, parked=parked)

        return await self._base.read(job)

    async def proof(self, *, since: str, until: str) -> WorkProof:
        return await self._base.read(lambda connection: _proof(connection, since, until))

    async def attention(self) -> Sequence[AttentionRow]:
        def job(connection: sqlite.Connection) -> list[AttentionRow]:
            return sorted(_attention(connection), key=lambda row: (row.at, row.key), reverse=True)

        return await self._base.read(job)

    async def attention_count(self) -> int:
        return await self._base.read(lambda connection: sum(1 for _ in _attention(connection)))

    async def dismiss(self, key: str) -> None:
        def job(connection: sqlite.Connection) -> tuple[None, Change]:
            connection.execute("INSERT OR IGNORE INTO dismissed (key) VALUES (?)", (key,))
            return None, Change(state=True)

        await self._base.write(job)


def _proof(connection: sqlite.Connection, since: str, until: str) -> WorkProof:
    own = [seq for seq, made_at in _newest(connection, since) if since <= made_at < until]
    first, last = min(own, default=0), max(own, default=0)
    kept = {
        seq: (answered, parked)
        for seq, answered, parked in connection.execute(
            "SELECT seq, answered, state = 'parked' AND code <> 'forwarded' FROM outbox WHERE seq BETWEEN ? AND ?",
            (first, last),
        )
    }
    return WorkProof(
        first=first,
        last=last,
        waiting=sum(not answered for answered, _ in kept.values()),
        parked=tuple(sorted(seq for seq, (_, parked) in kept.items() if parked)),
        missing=tuple(seq for seq in range(first, last + 1) if own and seq not in kept),
    )


def _newest(connection: sqlite.Connection, since: str) -> Iterator[tuple[int, str]]:
    """(number, when it was made), block by block, back to the first block that has nothing made since: a clock that was
    put back mixes neighbours, not days."""
    top, floor = connection.execute("SELECT (SELECT max(seq) FROM outbox), (SELECT min(seq) FROM outbox)").fetchone()
    while top is not None and top >= floor:
        block = connection.execute(
            "SELECT seq, made_at FROM outbox WHERE seq > ? AND seq <= ?", (top - _BLOCK, top)
        ).fetchall()
        yield from block
        if block and max(made_at for _, made_at in block) < since:
            return
        top -= _BLOCK


def _attention(connection: sqlite.Connection) -> Iterator[AttentionRow]:
    yield from _came_back(connection)
    dismissed = {row[0] for row in connection.execute("SELECT key FROM dismissed")}
    for row in (*_collided(connection), *_short(connection), *_to_refund(connection)):
        if row.key not in dismissed:
            yield row


def _came_back(connection: sqlite.Connection) -> Iterator[AttentionRow]:
    back = f"{_OPS} WHERE state IN ('rejected', 'parked', 'merged') AND {_BACK} ORDER BY seq"
    found = [row for query in (back, GIFTS, TOLD, RETURNS) for row in connection.execute(query).fetchall()]
    for op_id, seq, kind, version, text, state, code, made_at, closed_at, entity, entity_id in found:
        what = code if state == "applied" else state
        body = _body(kind, version, text)
        order, made = _return(connection, body) if what in RETURNED else (None, None)
        if what in RETURNED and (made is None or made.void):
            continue
        member_id = entity_id if entity == "member" else str(getattr(body, "member_id", "") or "")
        member = rows_by_id(connection, [member_id]).get(member_id) if member_id else None
        yield AttentionRow(
            key=f"{what}:{op_id}",
            kind=what,
            code=code,
            at=closed_at or made_at,
            op_kind=kind,
            op_seq=seq,
            body=body,
            member_id=member.id if member else member_id,
            member_name=member.name if member else str(getattr(body, "name", "")),
            order_id=_order_of(body),
            order_number=_number(connection, body, now=what == "number_changed"),
            amount=(made.risk if what == "return_too_many" else abs(made.variance)) if made else 0,
            currency=order.currency if order else "",
            store=_taken_at(order, made) if order and made else Names(),
        )


def _collided(connection: sqlite.Connection) -> Iterator[AttentionRow]:
    for member_id, name, d in connection.execute(_CONFLICTS).fetchall():
        member = readable(d, Member)
        for conflict in member.conflicts if member else ():
            made = connection.execute("SELECT made_at FROM outbox WHERE op_id = ?", (conflict.op_id,)).fetchone()
            yield AttentionRow(
                key=f"conflict:{member_id}:{conflict.field}:{conflict.op_id}",
                kind="conflict",
                code="conflict",
                at=made[0] if made else "",
                member_id=member_id,
                member_name=name,
                field=conflict.field,
                hq=conflict.hq,
                theirs=conflict.theirs,
            )


def _short(connection: sqlite.Connection) -> Iterator[AttentionRow]:
    for order_id, number, member_id, placed_at, repair, d in connection.execute(_SHORT).fetchall():
        order = readable(d, Order)
        if order is None or (order.state in _SETTLED and repair not in _OUT):
            continue
        member = rows_by_id(connection, [member_id]).get(member_id) if member_id else None
        yield AttentionRow(
            key=f"{repair}:{order_id}",
            kind=repair if repair in (*_OUT, fulfilment.OF_HQ) else "out_of_stock",
            code=repair,
            at=placed_at,
            member_id=member_id,
            member_name=member.name if member else "",
            order_id=order_id,
            order_number=number,
            charged_by=_charged_last(order),
            elsewhere=order.fulfilment.store_id != "",
        )


def _charged_last(order: Order) -> str:
    """The order by which goods were charged for that had been settled."""
    return next((one.charged_by for one in reversed(ways.settled_twice(order.fulfilment.steps)) if one.charged_by), "")


def _to_refund(connection: sqlite.Connection) -> Iterator[AttentionRow]:
    """Orders of which more was received than is due: paid twice, paid and cancelled. A further amount asks again."""
    for order_id, number, member_id, placed_at, refund, currency in connection.execute(_TO_REFUND).fetchall():
        member = rows_by_id(connection, [member_id]).get(member_id) if member_id else None
        yield AttentionRow(
            key=f"to_refund:{order_id}:{refund}",
            kind="to_refund",
            code="to_refund",
            at=placed_at,
            member_id=member_id,
            member_name=member.name if member else "",
            order_id=order_id,
            order_number=number,
            amount=refund,
            currency=currency,
        )


def _body(kind: str, version: int, text: str | None) -> Any:
    """The body as today's class has it, as plain values where no class reads it, None where it was scrubbed."""
    if text is None:
        return None
    try:
        return operations.read(kind, version, text)
    except operations.Unreadable:
        return json.loads(text)


def _back(body: Any) -> TakeBack | None:
    """The return in an operation."""
    found = getattr(body, "back", body)
    return found if isinstance(found, TakeBack) else None


def _order_of(body: Any) -> str:
    """The order that it is about: of an exchange the one of which goods came back."""
    back = _back(body)
    return back.order_id if back else str(getattr(body, "order_id", ""))


def _return(connection: sqlite.Connection, body: Any) -> tuple[Order | None, Return | None]:
    """The order, and the return as that has it by now."""
    back = _back(body)
    found = connection.execute("SELECT d FROM shop_order WHERE id = ?", (back.order_id if back else "",)).fetchone()
    order = readable(found[0], Order) if found else copy_of(connection, back.order_id if back else "")
    if order is None or back is None:
        return None, None
    return order, next((one for one in order.returns if one.return_id == back.return_id), None)


def _taken_at(order: Order, made: Return) -> Names:
    """What the other shop is called that took goods of the order back before this return; no name of none."""
    others = [one for one in returns.standing(order) if one.store_id != made.store_id]
    if not others:
        return Names()
    at_home = order.home_names if isinstance(order, OrderCopy) else Names()
    return others[0].store if others[0].store_id else at_home


def _number(connection: sqlite.Connection, body: Any, *, now: bool = False) -> str:
    """The number of the order that it is about, as it was made; `now`: as HQ has it."""
    if not now and (number := getattr(body, "number", "")) and _back(body) is None:
        return str(number)
    found = connection.execute("SELECT number FROM shop_order WHERE id = ?", (_order_of(body),)).fetchone()
    copy = None if found else copy_of(connection, _order_of(body))
    return copy.number if copy else str(found[0]) if found else ""
