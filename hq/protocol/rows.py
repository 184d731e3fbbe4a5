"""Aggregates as HQ stores and publishes them: what the features' mappings load and save."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from guide_app.domain.errors import Refused
from guide_app.domain.records import Record, Ref, encode
from hq.database import statements
from hq.protocol import feed, scopes
from hq.protocol.models import CHAIN_STORE_ID, Scope, ScopeKind


@dataclass(frozen=True, slots=True)
class Row:
    """An aggregate with HQ's version of it.

    `store_id` is the reserved one for what belongs to a region or the chain. `scope` is empty where it follows from
    `store_id`: the store's own scope, or the chain's.
    """

    ref: Ref
    ver: int
    store_id: str
    record: Record
    scope: str = ""


def publish(rows: Sequence[Row]) -> dict[Ref, int]:
    """Publishes the rows in this order, in the caller's transaction; returns their positions (see `feed.publish`)."""
    return _publish(rows, "put")


def publish_gone(rows: Sequence[Row]) -> dict[Ref, int]:
    """Publishes that the rows were deleted everywhere; their version must be above the last one published."""
    return _publish(rows, "gone")


def publish_moved(before: Row, after: Row) -> None:
    """Publishes that a row left the store it was in and is another's now; both heads are locked in their order."""
    own = _own_scopes({before.store_id, after.store_id})
    feed.publish(
        [
            feed.Change(before.store_id, own[before.store_id], *before.ref, after.ver, "left", None),
            feed.Change(
                after.store_id, own[after.store_id], *after.ref, after.ver, "put", encode(after.record).decode()
            ),
        ]
    )


def _publish(rows: Sequence[Row], op: feed.RowOp) -> dict[Ref, int]:
    if op == "put":
        refuse_erased(
            row.ref.id if row.ref.entity == "member" else getattr(row.record, "member_id", "") for row in rows
        )
    own = _own_scopes({row.store_id for row in rows if not row.scope})
    changes = [
        feed.Change(
            row.store_id, row.scope or own[row.store_id], row.ref.entity, row.ref.id, row.ver, op,
            encode(row.record).decode() if op == "put" else None,
        )
        for row in rows
    ]  # fmt: skip
    return {Ref(key.entity, key.id): position for key, position in feed.publish(changes).items()}


def refuse_erased(ids: Iterable[str]) -> None:
    """Nothing of HQ's own (admin, import) brings an erased person back; "" is nobody. Raises Refused("erased")."""
    named = set(ids) - {""}
    if named and statements.rows("SELECT 1 FROM erased_person WHERE id = ANY(%s::uuid[]) LIMIT 1", (list(named),)):
        raise Refused("erased")


def _own_scopes(store_ids: Iterable[str]) -> dict[str, str]:
    stores = set(store_ids)
    found = dict[str, str]()
    if CHAIN_STORE_ID in stores:
        found[CHAIN_STORE_ID] = scopes.of_chain()
        stores.remove(CHAIN_STORE_ID)
    if stores:
        rows = Scope.objects.filter(kind=ScopeKind.STORE, owner_id__in=stores).values_list("owner_id", "id")
        found |= {str(owner): scope for owner, scope in rows}
    return found
