"""A person was erased at HQ: nothing of them stays in this file but the ids that block their return."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import msgspec
from sqlcipher3 import dbapi2 as sqlite

from guide_app.domain import phone
from guide_app.domain.errors import BadInput
from guide_app.domain.records import Member, Ref, decode
from local_store import nobodys, rhythm
from local_store.effects import Effects
from local_store.rows import Rows
from local_store.words import plain
from sync.protocol import digest

PERSONAL = (
    "member.sign_up", "member.edit", "member.consent", "member.reveal",
    "talk.log", "followup.set", "reminder.set",
    "ticket.raise", "ticket.step", "promise.make", "promise.settle",
    "quote.make", "quote.void", "quote.take", "material.share",
)  # fmt: skip
"""Kinds of operation that are nothing without the person. A sale stays: it is told to HQ, which takes it without them;
once it is closed it loses its body where somebody wrote a note into it, or where the goods go."""
SENT_BY = "referrer"
"""In `erased`: sign-ups that wait at HQ and name somebody erased; they lose that once they are taken."""
_NAMED = "json_extract(body, '$.member_id') IN (SELECT ? UNION SELECT id FROM member_alias WHERE member_id = ?)"
_SIGN_UPS = (
    "SELECT n, op_id, kind, schema_v, store_id, guide_id, made_at, body FROM outbox WHERE kind = 'member.sign_up'"
)
_NAMING = "body IS NOT NULL AND json_extract(body, '$.referrer')"
_BY_NAME = f"{_NAMING} = ?"
_BY_ID = f"{_NAMING} <> '' AND op_id IN (SELECT op_id FROM sent_by WHERE member_id = ?)"
_MENTIONED = f"{_SIGN_UPS} AND state <> 'parked' AND "
_WAITING = (
    f"INSERT OR IGNORE INTO erased SELECT '{SENT_BY}', op_id FROM outbox WHERE kind = 'member.sign_up'"
    " AND state = 'parked' AND "
)
_CALLED = (
    "SELECT id, d FROM member WHERE phone = ?"
    " UNION SELECT m.id, m.d FROM member_key AS k CROSS JOIN member AS m ON m.n = k.n WHERE k.key = ?"
)
_WAITED = (
    f"{_SIGN_UPS} AND state <> 'parked' AND {_NAMING} <> ''"
    f" AND op_id IN (SELECT id FROM erased WHERE entity = '{SENT_BY}')"
)
_OWN = "kind = 'member.sign_up' AND body IS NOT NULL"
_SALE = (
    "kind IN ('order.place', 'order.exchange', 'order.reroute') AND body IS NOT NULL"
    " AND (json_extract(body, '$.note') <> ''"
    " OR json_extract(body, '$.fulfilment.to') IS NOT NULL OR json_extract(body, '$.fulfilment.note') <> '')"
)


def erase(connection: sqlite.Connection, effects: Effects, rows: Rows, ref: Ref) -> set[Ref]:
    """Takes a row that came as `erased`, before it is deleted itself; the entities to be taken anew.

    Operations about the person lose their bodies (they are sent again without them, and closed by HQ) and their effect;
    so do drafts that name them. Who was sent by them was sent by nobody.
    """
    connection.execute("INSERT OR IGNORE INTO erased (entity, id) VALUES (?, ?)", ref)
    rhythm.forget(connection, ref.id)
    kinds = ", ".join("?" * len(PERSONAL))
    named = f"kind IN ({kinds}) AND body IS NOT NULL AND {_NAMED}"
    about = connection.execute(f"SELECT n FROM outbox WHERE {named}", (*PERSONAL, ref.id, ref.id)).fetchall()
    phones, numbers = _called(connection, _person(effects, rows, ref), ref)
    dirty = effects.unlist(n for (n,) in about)
    connection.executemany("UPDATE outbox SET body = NULL WHERE n = ?", about)
    connection.execute(
        f"UPDATE outbox SET body = NULL WHERE {_SALE} AND closed_at <> '' AND listed = 0 AND {_NAMED}", (ref.id, ref.id)
    )
    nobodys.forget(connection, ref.id)
    for text in {ref.id, *phones}:
        connection.execute("DELETE FROM draft WHERE instr(CAST(value AS TEXT), ?) > 0", (text,))
    for text in phones | numbers:
        dirty |= _unmention(connection, _BY_NAME, text)
    dirty |= _unmention(connection, _BY_ID, ref.id)
    connection.execute("DELETE FROM sent_by WHERE member_id = ?", (ref.id,))
    return dirty


def remember_sender(connection: sqlite.Connection, op_id: str, told: str, region: str) -> None:
    """Who it is that a sign-up names, as far as their row is here: it may be gone when HQ says whom to forget, by the
    id alone (the tablet moved to another shop, or they did), and nothing tells any more what they were called."""
    try:
        e164 = phone.normalise(told, region)
    except BadInput:
        e164 = told
    for member_id, text in connection.execute(_CALLED, (e164, plain(told))).fetchall():
        member = decode(text, Member)
        if told in {*_forms(member.phone), member.member_no, *member.other_numbers}:
            connection.execute("INSERT OR IGNORE INTO sent_by (op_id, member_id) VALUES (?, ?)", (op_id, member_id))


def _unmention(connection: sqlite.Connection, by: str, named: str) -> set[Ref]:
    """Sign-ups of others who named this person as who sent them lose that; whom they touch. HQ did the same, and goes
    by the op_id alone. One that waits there keeps its own until it is taken: HQ knows it by the hash of what it was.
    """
    connection.execute(_WAITING + by, (named,))
    return _without_sender(connection, connection.execute(_MENTIONED + by, (named,)).fetchall())


def unmention_taken(connection: sqlite.Connection) -> set[Ref]:
    """Sign-ups that waited while whoever sent them was erased, and wait no more, lose that; whom they touch."""
    return _without_sender(connection, connection.execute(_WAITED).fetchall())


def _without_sender(connection: sqlite.Connection, found: Iterable[tuple[Any, ...]]) -> set[Ref]:
    """Without who sent them, and with the hash of what is left."""
    dirty: set[Ref] = set()
    for n, op_id, kind, version, store_id, guide_id, made_at, body in found:
        fields = msgspec.json.decode(body)
        del fields["referrer"]
        left = msgspec.json.encode(fields).decode()
        sha = digest.op_sha(op_id, kind, version, store_id, guide_id, made_at, left)
        connection.execute("UPDATE outbox SET body = ?, op_sha256 = ? WHERE n = ?", (left, sha, n))
        dirty |= {Ref(*ref) for ref in connection.execute("SELECT entity, id FROM op_touch WHERE n = ?", (n,))}
    return dirty


def forget_refused(connection: sqlite.Connection, numbers: Iterable[int]) -> set[Ref]:
    """Operations that HQ refused as about somebody erased lose their bodies; whom that touches. The row may never have
    been here: whoever was sent by them loses that now, for a sign-up's body is the last to tell what they were called.
    """
    dirty: set[Ref] = set()
    for n in numbers:
        query = f"SELECT body ->> '$.phone', body ->> '$.member_no' FROM outbox WHERE {_OWN} AND n = ?"
        called = connection.execute(query, (n,)).fetchall()
        connection.execute("UPDATE outbox SET body = NULL WHERE n = ?", (n,))
        for text in {form for number, member_no in called for form in (*_forms(number), member_no)} - {"", None}:
            dirty |= _unmention(connection, _BY_NAME, text)
    return dirty


def forget_notes(connection: sqlite.Connection, numbers: Iterable[int]) -> None:
    """Sales that HQ took and whose rows are here: where the customer was erased meanwhile, the note goes with them."""
    gone = "json_extract(body, '$.member_id') IN (SELECT id FROM erased)"
    named = "n IN (SELECT value FROM json_each(?))"
    connection.execute(f"UPDATE outbox SET body = NULL WHERE {named} AND {_SALE} AND {gone}", (json.dumps([*numbers]),))


def _person(effects: Effects, rows: Rows, ref: Ref) -> Member | None:
    """The person as the row here has them."""
    row = rows.get(ref) or effects.shadow(ref)
    if row is None or not row.d or ref.entity not in ("member", "visitor"):
        return None
    return decode(row.d, Member)


def _called(connection: sqlite.Connection, person: Member | None, ref: Ref) -> tuple[set[str], set[str]]:
    """The phones and numbers of the person: by the row here, and by the sign-up that was made here, whose row may be
    gone (a tablet that moved to another shop) or never have come."""
    query = f"SELECT body ->> '$.phone', body ->> '$.member_no' FROM outbox WHERE {_OWN} AND {_NAMED}"
    own = connection.execute(query, (ref.id, ref.id)).fetchall()
    phones = {number for number, _ in own} | ({person.phone} if person else set())
    numbers = {number for _, number in own} | ({person.member_no, *person.other_numbers} if person else set())
    return {form for number in phones for form in _forms(number or "")}, numbers - {"", None}


def _forms(number: str) -> set[str]:
    """A phone as it stands in a record, and as it is typed at the counter."""
    return {number, phone.national(number)} if number else set()
