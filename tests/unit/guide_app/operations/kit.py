"""A snapshot to run operations on, and who runs them."""

from __future__ import annotations

import uuid

from guide_app.domain.records import Member, Record, Ref
from guide_app.operations import Context, Snapshot, Versioned

STORE, GUIDE, OTHER, MEMBER, ORDER, PRODUCT, TALK = (str(uuid.UUID(int=n, version=4)) for n in range(1, 8))
MADE, NOW = "2026-11-21T10:00:00.000Z", "2026-11-21T10:00:01.000Z"


def context(guide_id: str = GUIDE, made_at: str = MADE) -> Context:
    return Context(
        op_id=str(uuid.UUID(int=9)), store_id=STORE, guide_id=guide_id, made_at=made_at, now=NOW, currency="CNY"
    )


def snapshot(rows: dict[Ref, Record], aliases: dict[str, str] | None = None) -> Snapshot:
    """The rows at version 3."""
    return Snapshot({ref: Versioned(record, 3) for ref, record in rows.items()}, aliases)


def member(**fields: object) -> Member:
    given: dict[str, object] = {"member_no": "101AB7K00423", "phone": "+8613812341234", "name": "陈静", **fields}
    return Member(**given)  # type: ignore[arg-type]  # of each field its own
