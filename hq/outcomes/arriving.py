"""What a tablet says of its library becomes a row for each version: there since when, or not, why and since when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from hq.database import statements
from hq.ledger.port import ScopeKey
from sync.protocol.messages import Library

_FIRST, _LAST = "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"
_NOTE = """
INSERT INTO material_on_tablet AS t (device_id, store_id, material, version, why, since, came_at)
SELECT DISTINCT ON (v.material_id)
       %s::uuid, %s::uuid, v.material_id, v.version, coalesce(l.why, ''), %s::timestamptz,
       CASE WHEN l.why IS NULL THEN %s::timestamptz END
  FROM unnest(%s::uuid[], %s::text[], %s::bigint[]) AS k (store_id, scope, after)
  JOIN material_place p ON p.scope = k.scope
  JOIN feed f ON f.store_id = k.store_id AND f.scope = k.scope AND f.entity = 'material' AND f.entity_id = p.id
             AND f.op = 'put' AND f.seq <= k.after
  JOIN material_version v ON v.material_id = p.material AND v.state = 'published'
  LEFT JOIN unnest(%s::uuid[], %s::text[]) AS l (id, why) ON l.id = p.id
 WHERE p.id <= %s::uuid
   AND (coalesce(v.says ->> 'valid_until', '') = '' OR (v.says ->> 'valid_until')::timestamptz > %s::timestamptz)
 ORDER BY v.material_id, l.why NULLS FIRST
ON CONFLICT (device_id, material, version) DO UPDATE
   SET why = excluded.why, since = excluded.since, came_at = coalesce(t.came_at, excluded.came_at)
 WHERE t.why <> excluded.why
"""
"""Of the rows that the tablet has, for it is past their positions. Where a material goes from one feed to another, the
place that is whole counts."""


def note(device_id: str, store_id: str, told: Library, after: Mapping[ScopeKey, int], now: datetime) -> None:
    """Keeps what a tablet of the store says at these positions. A row that it says nothing of is there, up to the last
    one that it names where it does not name all that it lacks. Part of the caller's transaction."""
    named = sorted(told.first, key=lambda one: one.id)
    upto = _LAST if sum(told.lacking.values()) <= len(named) else named[-1].id if named else _FIRST
    keys = list(after)
    statements.run(_NOTE, (
        device_id, store_id, now, now,
        [key.store_id for key in keys], [key.scope for key in keys], [after[key] for key in keys],
        [one.id for one in named], [one.why[:20] for one in named], upto, now,
    ))  # fmt: skip
