"""Everything that happened with a member, from every table that has some of it. A kind is one entry of `SOURCES`."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

import msgspec
from sqlcipher3 import dbapi2 as sqlite

from guide_app.domain.clock import Clock
from guide_app.domain.levels import Change
from guide_app.domain.records import Consent, Followup, Member, Order, Part, Promise, Quotation, Talk, Ticket
from guide_app.domain.shopday import ShopDay
from guide_app.operations.members import Edit
from guide_app.services.ports.members import SharedMaterial, TimelineEntry
from local_store.merged import survivors
from local_store.meta import Meta
from local_store.repositories.reading import STANDS, UNTAKEN, all_ids, listed, readable
from local_store.repositories.standing import standing


class Source(NamedTuple):
    """Where entries of a kind are. `query` gives (id, at, guide's id, JSON, newest not certainly first); `:ids` are all
    ids that the member ever had, in JSON, `:id` is today's. `record`: what the JSON is. `untaken`: the condition on
    (entity, id) under which HQ has not taken it."""

    query: str
    record: type[Part]
    untaken: str = "0"


def _untaken(entity: str, only: str = "") -> str:
    return f"EXISTS ({UNTAKEN.format(entities=repr(entity), id='e.id')}{only})"


_OF_MEMBER, _UNDOES = "json_extract(body, '$.member_id')", "json_extract(body, '$.undoes')"
_MINE = "IN (SELECT value FROM json_each(:ids))"
SOURCES: dict[str, Source] = {
    "order": Source(
        f"SELECT id, placed_at AS at, guide_id, d FROM shop_order WHERE member_id {_MINE} AND member_id <> ''",
        Order, _untaken("order"),
    ),
    "talk": Source(
        f"SELECT id, at, guide_id, d FROM talk WHERE member_id {_MINE} AND {STANDS}", Talk, _untaken("talk")
    ),
    "followup": Source(
        f"SELECT id, set_at AS at, guide_id, d FROM followup WHERE member_id {_MINE}", Followup, _untaken("followup")
    ),
    "promise": Source(
        f"SELECT id, made_at AS at, guide_id, d FROM promise WHERE member_id {_MINE} AND state <> 'void'", Promise,
        _untaken("promise"),
    ),
    "ticket": Source(
        f"SELECT id, raised_at AS at, guide_id, d FROM ticket WHERE member_id {_MINE} AND state <> 'void'", Ticket,
        _untaken("ticket"),
    ),
    "quotation": Source(
        f"SELECT id, made_at AS at, guide_id, d FROM quotation WHERE member_id {_MINE} AND number <> ''", Quotation,
        _untaken("quotation"),
    ),
    "share": Source(
        "SELECT s.id, s.at, s.guide_id, json_object('share', json(s.d), 'title', json((SELECT m.d -> '$.title'"
        " FROM material AS m WHERE m.material = s.material ORDER BY m.version DESC LIMIT 1))) AS d"
        f" FROM share AS s WHERE s.member_id {_MINE} AND s.member_id <> ''",
        SharedMaterial, _untaken("share"),
    ),
    "sign_up": Source(
        "SELECT id, joined_at AS at, owner_id AS guide_id, d FROM member WHERE id = :id", Member,
        _untaken("member", " AND w.kind = 'member.sign_up'"),
    ),
    "consent": Source(
        "SELECT c.value ->> '$.kind' AS id, c.value ->> '$.at' AS at, '' AS guide_id, c.value AS d FROM member AS m,"
        " json_each(m.d, '$.consents') AS c WHERE m.id = :id AND at > m.joined_at",
        Consent,
    ),
    "level": Source(
        "SELECT value ->> '$.id' AS id, value ->> '$.at' AS at, '' AS guide_id, value -> '$.change' AS d"
        " FROM json_each(:levels)",
        Change,
    ),
    "edit": Source(
        "SELECT op_id AS id, made_at AS at, guide_id, body AS d FROM outbox WHERE kind = 'member.edit'"
        f" AND {_OF_MEMBER} {_MINE} AND state <> 'rejected' AND {_UNDOES} IS NULL AND op_id NOT IN (SELECT {_UNDOES}"
        f" FROM outbox WHERE kind = 'member.edit' AND {_OF_MEMBER} {_MINE} AND {_UNDOES} IS NOT NULL)",
        Edit, "(SELECT w.state IN ('pending', 'sent', 'parked') FROM outbox AS w WHERE w.op_id = e.id)",
    ),
}  # fmt: skip
"""Kind → where it is, in the order in which they stand that happened at one time. Edits are those made on this tablet
and not taken back, for as long as the outbox keeps them. Levels follow from all that was bought."""


def timeline(
    connection: sqlite.Connection, clock: Clock, member_id: str, kinds: Collection[str], limit: int, offset: int
) -> list[TimelineEntry]:
    """The newest entries of all kinds (or of these); `limit` of them from the one at `offset` on."""
    today = survivors(connection, [member_id])[member_id]
    wanted = [kind for kind in SOURCES if not kinds or kind in kinds]
    each = " UNION ALL ".join(
        f"SELECT '{kind}' AS kind, {place} AS place, id, at, guide_id, d FROM"
        f" ({SOURCES[kind].query} ORDER BY at DESC LIMIT :most)"
        for place, kind in enumerate(wanted)
    )
    waits = " ".join(f"WHEN '{kind}' THEN {SOURCES[kind].untaken}" for kind in wanted)
    query = (
        f"SELECT kind, id, at, guide_id, d, CASE kind {waits} END FROM"
        f" (SELECT * FROM ({each}) ORDER BY at DESC, place, id LIMIT :limit OFFSET :offset) AS e"
    )
    changed = _levels(connection, clock, today) if "level" in wanted else "[]"
    values = {
        "ids": listed(all_ids(connection, today)), "id": today, "most": limit + offset, "levels": changed,
    }  # fmt: skip
    found = connection.execute(query, {**values, "limit": limit, "offset": offset}).fetchall()
    return [entry for row in found if (entry := _entry(*row)) is not None]


def _levels(connection: sqlite.Connection, clock: Clock, member_id: str) -> str:
    """How the member's level changed, as JSON: behind what was bought on that day."""
    row = connection.execute("SELECT d FROM member WHERE id = ?", (member_id,)).fetchone()
    member = readable(row[0], Member) if row else None
    if member is None:
        return "[]"
    calendar = ShopDay(clock, Meta(connection).text("time_zone") or "UTC")
    changes = standing(connection, clock, member_id, member).changes
    told = [
        {"id": f"{one.on}:{one.level}", "at": calendar.bounds(date.fromisoformat(one.on))[1], "change": one}
        for one in changes
    ]
    return msgspec.json.encode(told).decode()


def _entry(kind: str, row_id: str, at: str, guide_id: str, d: str, waiting: int) -> TimelineEntry | None:
    try:
        record = msgspec.json.decode(d, type=SOURCES[kind].record)
    except msgspec.MsgspecError:  # a later version wrote what this one cannot read
        return None
    return TimelineEntry(
        key=f"{kind}:{row_id}", kind=kind, at=at, id=row_id, guide_id=guide_id, record=record, waiting=bool(waiting)
    )
