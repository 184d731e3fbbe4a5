"""Aggregates that HQ itself changes (admin, import): saved with their next version and published in one go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.db import transaction

from guide_app.domain.errors import Refused
from guide_app.domain.records import Record, Ref
from hq.protocol import rows as publishing
from hq.protocol.mapping import Mapping
from hq.protocol.rows import Row


def save(
    mapping: Mapping[Any, Any], store_id: str, records: dict[str, Record], *, scope: str = "", seen: int | None = None
) -> list[Row]:
    """Saves and publishes the records, by id, each with the version after the one that stands in the table.

    `seen`: the version that the person who changed them had before their eyes; Refused("changed_meanwhile") when
    another stands there by now. Records that are as they were are left alone.
    """
    with transaction.atomic():
        before = mapping.load(store_id, list(records), lock=True)
        if seen is not None and any(row.ver != seen for row in before.values()):
            raise Refused("changed_meanwhile", mapping.entity)
        wanted = [
            _next(mapping, store_id, scope, row_id, record, before.get(row_id)) for row_id, record in records.items()
        ]
        saved = mapping.save([row for row in wanted if row != before.get(row.ref.id)])
        publishing.publish(saved)
        return saved


def _next(
    mapping: Mapping[Any, Any], store_id: str, scope: str, row_id: str, record: Record, before: Row | None
) -> Row:
    ver = before.ver if before else 0
    row = Row(Ref(mapping.entity, row_id), ver, store_id, record, scope)
    return row if before == row else replace(row, ver=ver + 1)


def delete(mapping: Mapping[Any, Any], store_id: str, ids: Sequence[str]) -> None:
    """Deletes the rows and publishes that they are gone everywhere."""
    with transaction.atomic():
        found = mapping.load(store_id, ids, lock=True)
        mapping.delete(store_id, list(found))
        publishing.publish_gone([replace(row, ver=row.ver + 1) for row in found.values()])
