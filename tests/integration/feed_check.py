"""After any test the feed must equal the rows derived from the tables, and each digest its rows."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from guide_app.domain.records import Lease

if TYPE_CHECKING:
    from hq.protocol.rows import Row


def feed_differences() -> list[str]:
    """What differs between the feed and the tables; empty when all is well. Django must be connected."""
    from guide_app.domain.records import ENTITIES, encode
    from hq.aggregates import MAPPINGS
    from hq.protocol import scopes
    from hq.protocol.models import CHAIN_STORE_ID, FeedRow, Scope

    own = {str(owner): scope for owner, scope in Scope.objects.filter(kind="store").values_list("owner_id", "id")}
    own[CHAIN_STORE_ID] = scopes.of_chain()
    derived = {
        (row.scope or own[row.store_id], entity, row.ref.id): (row.ver, encode(row.record).decode())
        for entity, mapping in MAPPINGS.items()
        for row in mapping.every()
        if entity in ENTITIES and not _stays(row)
    }
    published = {
        (row.scope, row.entity, str(row.entity_id)): (row.ver, row.data)
        for row in FeedRow.objects.filter(op="put", entity__in=list(MAPPINGS)).iterator()
    }
    trimmed = {
        (row.scope, row.entity, str(row.entity_id))
        for row in FeedRow.objects.filter(op="left", entity__in=("order", "talk")).iterator()
    }
    missing = [f"not in the feed: {key}" for key in derived.keys() - published.keys() - trimmed]
    extra = [f"only in the feed: {key}" for key in published.keys() - derived.keys()]
    other = [f"{key}: {derived[key]} != {published[key]}" for key in derived.keys() & published.keys()
             if derived[key] != published[key]]  # fmt: skip
    return [*missing, *extra, *other, *position_differences()]


def _stays(row: Row) -> bool:
    """A lease that nobody has, or has any more."""
    return isinstance(row.record, Lease) and (not row.scope or bool(row.record.returned_at))


def position_differences() -> list[str]:
    """What is wrong with positions and digests."""
    from hq.protocol.models import FeedRow, ScopeHead
    from sync.protocol.digest import row_hash

    seqs: dict[str, list[int]] = defaultdict(list)
    digests: dict[str, int] = defaultdict(int)
    for row in FeedRow.objects.all().iterator():
        seqs[row.scope].append(row.seq)
        if row.op == "put":
            digests[row.scope] += row_hash(row.entity, str(row.entity_id), row.ver)
    wrong = []
    for head in ScopeHead.objects.all():
        if len(set(seqs[head.scope])) != len(seqs[head.scope]):
            wrong.append(f"{head.scope}: two rows have one position")
        if max(seqs[head.scope], default=0) > head.head:
            wrong.append(f"{head.scope}: a row stands beyond the head")
        if digests[head.scope] % 2**64 != int(head.digest):
            wrong.append(f"{head.scope}: the digest is not that of its rows")
    return wrong


def assert_feed_equals_tables() -> None:
    """Fails with the first differences."""
    assert not (found := feed_differences()), "\n".join(found[:10])
