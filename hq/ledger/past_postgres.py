"""The port `Past` on PostgreSQL, on the calling thread's Django connection."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.contrib.admin.models import LogEntry
from django.db.models import Q, QuerySet

from guide_app.domain.records import HANGING, Ref
from hq.aggregates import MAPPINGS
from hq.database.statements import rows, run
from hq.joining.models import Joining, Referral
from hq.leases.models import Instrument, Lease, Wallet
from hq.ledger import traces
from hq.ledger.aggregates import erased_mark
from hq.ledger.past import Person, Scrubbed, Standing, called, unmentioned
from hq.ledger.port import ScopeKey
from hq.ledger.postgres import PARKED, keys_of, parked_of
from hq.ledger.sales import MONEY
from hq.materials.models import MaterialShare
from hq.members.models import Member, MemberAlias, Visitor
from hq.orders.models import Order
from hq.points.models import Earned, PointsEntry
from hq.quotations.models import Quotation
from hq.talks.models import Reminder, Talk

_NAMED = "EXISTS (SELECT FROM unnest(%s::bytea[]) AS word WHERE position(word IN body) > 0)"
_SALE = " OR ".join(
    f"(kind = '{one}' OR (kind = '' AND position('\"{one}\"'::bytea IN body) > 0))" for one in MONEY
).join("()")
_LED = (
    "SELECT id::text, member_id::text FROM member_alias WHERE id = ANY(%s::uuid[])"
    " UNION SELECT id::text, member_id::text FROM member_alias WHERE member_id = ANY(%s::uuid[])"
)
_FOUND = (
    "WITH keyed AS MATERIALIZED (SELECT store_id, {key} FROM {table} WHERE about && %s::bigint[]), found AS ("
    " SELECT {key} FROM keyed WHERE store_id = %s"
    " UNION SELECT {key} FROM {table} WHERE store_id = %s AND about IS NULL AND body IS NOT NULL)"
)
"""The person's keys alone choose, in the whole chain: a planner that may choose the store first reads all it has."""
SCRUB = (
    f"{_FOUND.format(table='op_log', key='op_id')}"
    " UPDATE op_log SET body = NULL, about = '{}' WHERE store_id = %s AND op_id IN (SELECT op_id FROM found)"
    f" AND body IS NOT NULL AND ({_NAMED} AND NOT (status = 'parked' AND {_SALE}) OR status <> 'parked' AND {_NAMED})"
    " RETURNING op_id::text, status"
)
"""Values: keys, store, store, store, words, words and mentions."""
_SCRUB_TWINS = (
    f"{_FOUND.format(table='op_conflict', key='op_id, sha')}"
    " UPDATE op_conflict SET body = NULL, about = '{}' WHERE (op_id, sha) IN (SELECT op_id, sha FROM found)"
    f" AND body IS NOT NULL AND {_NAMED} RETURNING 1"
)
_WAITING = (
    f"{_FOUND.format(table='op_log', key='op_id')}"
    " SELECT op_id::text, kind, schema_v, body FROM op_log WHERE store_id = %s AND op_id IN (SELECT op_id FROM found)"
    f" AND body IS NOT NULL AND status = 'parked' AND kind = 'member.sign_up' AND {_NAMED} FOR UPDATE"
)
_KEYLESS = "SELECT {read} FROM {table} WHERE about IS NULL AND body IS NOT NULL LIMIT %s FOR UPDATE SKIP LOCKED"
_AGED = (
    "SELECT entity, old.id::text, ver FROM (VALUES (%s::uuid, %s, %s::timestamptz)) AS k (store, scope, before),"
    " LATERAL ("
    " SELECT f.entity, o.id, f.ver, o.placed_at AS at FROM shop_order o JOIN feed f ON f.store_id = o.store_id"
    " AND f.scope = k.scope AND f.entity = 'order' AND f.entity_id = o.id AND f.op = 'put'"
    " WHERE o.store_id = k.store AND o.placed_at < k.before"
    " UNION ALL SELECT f.entity, t.id, f.ver, t.at FROM talk t JOIN feed f ON f.store_id = t.store_id"
    " AND f.scope = k.scope AND f.entity = 'talk' AND f.entity_id = t.id AND f.op = 'put'"
    " WHERE t.store_id = k.store AND t.at < k.before"
    " UNION ALL SELECT f.entity, p.id, f.ver, p.made_at FROM quotation p JOIN feed f ON f.store_id = p.store_id"
    " AND f.scope = k.scope AND f.entity = 'quotation' AND f.entity_id = p.id AND f.op = 'put'"
    " WHERE p.store_id = k.store AND p.made_at < k.before"
    " UNION ALL SELECT f.entity, c.order_id, f.ver, c.placed_at FROM parcel c JOIN feed f ON f.store_id = c.store_id"
    " AND f.scope = k.scope AND f.entity = 'parcel' AND f.entity_id = c.order_id AND f.op = 'put'"
    " WHERE c.store_id = k.store AND c.placed_at < k.before"
    " UNION ALL SELECT f.entity, h.id, f.ver, h.at FROM material_share h JOIN feed f ON f.store_id = h.store_id"
    " AND f.scope = k.scope AND f.entity = 'share' AND f.entity_id = h.id AND f.op = 'put'"
    " WHERE h.store_id = k.store AND h.at < k.before"
    ") AS old ORDER BY at, entity, id LIMIT %s"
)
_TRIM = (
    "WITH old AS (SELECT seq FROM feed WHERE store_id = %s AND scope = %s AND seq <= %s AND op <> 'put'"
    " ORDER BY seq LIMIT %s),"
    " dropped AS (DELETE FROM feed WHERE store_id = %s AND scope = %s AND seq IN (SELECT seq FROM old) RETURNING seq)"
    " SELECT count(*), coalesce(max(seq), 0) FROM dropped"
)


class PostgresPast:
    """Holds nothing but the thread's connection."""

    def block(self, person: Person, at: datetime) -> None:
        run("SELECT 1 FROM member WHERE id = ANY(%s::uuid[]) ORDER BY id FOR UPDATE", (list(person.ids),))
        run(
            "INSERT INTO erased_person (id, store_id, erased_at) SELECT unnest(%s::uuid[]), %s, %s"
            " ON CONFLICT DO NOTHING",
            (list(person.ids), person.store_id, at),
        )
        run("INSERT INTO erased_mark (mark) SELECT unnest(%s::text[]) ON CONFLICT DO NOTHING", (list(person.marks),))

    def whole(self, person: Person) -> Person:
        ids = dict.fromkeys(person.ids)
        while new := {one for pair in rows(_LED, (list(ids), list(ids))) for one in pair} - ids.keys():
            ids.update(dict.fromkeys(sorted(new)))
        standing = Member.objects.filter(id__in=list(ids))
        here = list(standing.values_list("store_id", "phone", "member_no", "other_numbers"))
        known = {text for _, e164, number, others in here for text in called(e164, (number, *others))}
        marks = tuple(sorted({*person.marks, *map(erased_mark, known)}))
        return Person(min((str(store_id) for store_id, *_ in here), default=person.store_id), tuple(ids), marks)

    def erased_since(self, at: datetime) -> Sequence[str]:
        found = rows("SELECT id::text FROM erased_person WHERE erased_at >= %s ORDER BY id", (at,))
        return [member_id for (member_id,) in found]

    def unfinished(self, ids: Collection[str]) -> set[str]:
        query = "SELECT id::text FROM erased_person WHERE id = ANY(%s::uuid[]) AND finished_at IS NOT NULL"
        return set(ids) - {member_id for (member_id,) in rows(query, (list(ids),))}

    def finished(self, person: Person) -> None:
        run(
            "UPDATE erased_person SET finished_at = now() WHERE id = ANY(%s::uuid[]) AND finished_at IS NULL",
            (list(person.ids),),
        )

    def about(self, store_id: str, ids: Collection[str]) -> Sequence[Ref]:
        owned = Instrument.objects.filter(owner_id__in=ids)
        values = owned.filter(store_id=store_id, number=None).values_list("id", flat=True)

        def of(entity: str, found: QuerySet[Any], key: str = "id") -> list[Ref]:
            return [Ref(entity, str(row)) for row in found.filter(store_id=store_id).values_list(key, flat=True)]

        return sorted([
            *of("member", Member.objects.filter(id__in=ids)),
            *of("wallet", Wallet.objects.filter(member_id__in=ids), "member_id"),
            *of("visitor", Visitor.objects.filter(member_id__in=ids), "member_id"),
            *of("member_alias", MemberAlias.objects.filter(member_id__in=ids)),
            *of("talk", Talk.objects.filter(member_id__in=ids)),
            *(ref for e in HANGING for ref in of(e, MAPPINGS[e].model._default_manager.filter(member_id__in=ids))),
            *of("reminder", Reminder.objects.filter(member_id__in=ids)),
            *of("share", MaterialShare.objects.filter(member_id__in=ids)),
            *of("quotation", Quotation.objects.filter(member_id__in=ids)),
            *of("order", Order.objects.filter(member_id__in=ids)),
            *of("instrument", owned.filter(number=None)),
            *(Ref("instrument", str(card)) for card in owned.exclude(number=None).values_list("id", flat=True)),
            *of("points_earned", Earned.objects.filter(member_id__in=ids)),
            *of("points_entry", PointsEntry.objects.filter(instrument_id__in=values)),
            *of("joining", Joining.objects.filter(member_id__in=ids)),
            *of("referral", Referral.objects.filter(Q(id__in=ids) | Q(referrer_id__in=ids))),
            *of("lease", Lease.objects.filter(instrument_id__in=values)),
        ])  # fmt: skip

    def unname(self, ids: Collection[str]) -> None:
        told = LogEntry.objects.filter(object_id__in=list(ids)).exclude(object_repr="")  # those tell of the erasing
        told.update(object_repr="", change_message="")

    def referring(self, store_id: str, texts: Collection[str]) -> Sequence[Ref]:
        found = Member.objects.filter(store_id=store_id, referrer__in=texts).exclude(referrer="")
        return sorted(Ref("member", str(member_id)) for member_id in found.values_list("id", flat=True))

    def scrub(self, store_id: str, words: Collection[str], mentions: Collection[str]) -> Scrubbed:
        sought, told = [word.encode() for word in words], [word.encode() for word in mentions]
        keys = traces.sought([*words, *mentions])
        run("SELECT set_config('statement_timeout', '0', true)", ())  # bodies that have no keys yet are read
        done = rows(SCRUB, (keys, store_id, store_id, store_id, sought, told))
        twins = rows(_SCRUB_TWINS, (keys, store_id, store_id, [*sought, *told]))
        for op_id, kind, schema_v, body in rows(_WAITING, (keys, store_id, store_id, store_id, told)):
            if (left := unmentioned(kind, bytes(body), mentions)) is not None:
                run(
                    "UPDATE op_log SET body = %s, about = %s::bigint[] WHERE store_id = %s AND op_id = %s",
                    (left, keys_of(kind, schema_v, left), store_id, op_id),
                )
        lost = [op_id for op_id, status in done if status == "parked"]
        found = rows(f"{PARKED} WHERE status = 'parked' AND l.op_id = ANY(%s::uuid[])", (lost,)) if lost else []
        return Scrubbed(len(done) + len(twins), [parked_of(row) for row in found])

    def key_some(self, limit: int) -> int:
        first = rows(_KEYLESS.format(table="op_log", read="store_id, op_id, '', kind, schema_v, body"), (limit,))
        twins = rows(_KEYLESS.format(table="op_conflict", read="store_id, op_id, sha, '', 0, body"), (limit,))
        for found, table, same in (
            (first, "op_log", "t.store_id = k.store_id"),
            (twins, "op_conflict", "t.sha = k.sha"),
        ):
            columns = zip(*(
                (str(store_id), str(op_id), sha, keys_of(kind, schema_v, bytes(body)))
                for store_id, op_id, sha, kind, schema_v, body in found
            ), strict=True)  # fmt: skip
            if found:
                run(
                    f"UPDATE {table} t SET about = k.about::bigint[]"
                    " FROM unnest(%s::uuid[], %s::uuid[], %s::text[], %s::text[]) AS k(store_id, op_id, sha, about)"
                    f" WHERE t.op_id = k.op_id AND {same}",
                    tuple(map(list, columns)),
                )
        return len(first) + len(twins)

    def aged(self, key: ScopeKey, before: datetime, limit: int) -> Sequence[Standing]:
        found = rows(_AGED, (*key, before, limit))
        return [Standing(Ref(entity, row_id), ver) for entity, row_id, ver in found]

    def outcomes(self, key: ScopeKey, upto: int, limit: int) -> Sequence[Standing]:
        found = rows(
            "SELECT entity_id::text, ver FROM feed WHERE store_id = %s AND scope = %s AND seq <= %s"
            " AND entity = 'op_outcome' AND op = 'put' ORDER BY seq LIMIT %s",
            (*key, upto, limit),
        )
        return [Standing(Ref("op_outcome", row_id), ver) for row_id, ver in found]

    def trim(self, key: ScopeKey, upto: int, limit: int) -> int:
        run("SELECT 1 FROM scope_head WHERE store_id = %s AND scope = %s FOR UPDATE", key)
        ((dropped, last),) = rows(_TRIM, (*key, upto, limit, *key))
        if dropped:
            run("UPDATE scope_head SET floor = greatest(floor, %s) WHERE store_id = %s AND scope = %s", (last, *key))
        return int(dropped)
