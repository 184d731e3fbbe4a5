"""Everything that HQ holds about one person, as one file that they can be given: JSON for machines, HTML to be read.

A table is in it because one of its columns says whose its rows are; so a feature that comes later is in it too.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, NamedTuple

from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model, QuerySet
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from hq.database import statements
from hq.ledger import traces
from hq.ledger.past import Person
from hq.ledger.past_postgres import PostgresPast
from hq.members.models import Member

_WHOSE = ("member_id", "owner_id")
"""Columns that hold a member's id. (A member's own `owner_id` is the guide who looks after them.)"""
_PARTS = {
    "order_line": ("shop_order", "order_id"), "lease": ("instrument", "instrument_id"),
    "points_entry": ("instrument", "instrument_id"),
}  # fmt: skip
"""Tables whose rows belong to another's: by which column."""
_OURS = ("ver", "scope")
"""Columns that say nothing about anybody."""
_OPERATIONS = (
    "SELECT kind, made_at, received_at, guide_id::text, status, code, convert_from(body, 'UTF8') FROM op_log"
    " WHERE body IS NOT NULL AND (about && %s::bigint[] OR about IS NULL) ORDER BY received_at"
)
_CONSENTS = ("member.sign_up", "member.consent")


class Part(NamedTuple):
    """One table of the export: what it is called, the columns' names, the rows."""

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


class Export(NamedTuple):
    """A file, and what to call it."""

    name: str
    content: bytes


def export(member: Member, now: datetime) -> Export:
    """All about a member and the memberships that were merged into theirs, as a ZIP."""
    person = PostgresPast().whole(Person(str(member.store_id), (str(member.id),)))
    parts = tuple(_parts(person.ids))
    told = {part.name: [dict(zip(part.columns, row, strict=True)) for row in part.rows] for part in parts}
    about = {"member_no": member.member_no, "made_at": now, "tables": told}
    page = render_to_string("console/export.html", {"member": member, "made_at": now, "parts": parts})
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("export.json", json.dumps(about, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1))
        archive.writestr("export.html", page)
    return Export(f"member-{member.member_no}.zip", packed.getvalue())


def _parts(ids: tuple[str, ...]) -> Iterator[Part]:
    models: dict[str, type[Model]] = {one._meta.db_table: one for one in _models()}
    owned: dict[str, QuerySet[Any]] = {}
    for table, model in models.items():
        if (key := _key(table, model)) is not None:
            owned[table] = model._default_manager.filter(**{f"{key}__in": ids})
    for table, (owner, key) in _PARTS.items():
        owned[table] = models[table]._default_manager.filter(**{f"{key}__in": owned[owner].values("id")})
    for table, found in owned.items():
        if part := _part(table, models[table], found):
            yield part
    operations = [row for row in _operations(ids) if any(one in row[-1] for one in ids)]
    heads = ("kind", "made_at", "received_at", "guide_id", "status", "code", "body")
    consents = tuple(row for row in operations if row[0] in _CONSENTS)
    yield Part("consent_history", _("Consents, as they were given and withdrawn"), heads, consents)
    yield Part("operations", _("Entries that stores made about them"), heads, tuple(operations))
    deeds = LogEntry.objects.filter(object_id__in=ids).values_list("action_time", "user__username", "change_message")
    yield Part("history", _("What HQ's people did"), ("at", "operator", "what"), tuple(deeds))


def _models() -> Iterable[type[Model]]:
    return (one for one in apps.get_models() if one.__module__.startswith("hq.") and not one._meta.proxy)


def _key(table: str, model: type[Model]) -> str | None:
    """The column by which rows of the table are a member's."""
    if table == "member":
        return "id"
    columns = {field.attname for field in model._meta.concrete_fields}
    return next((name for name in _WHOSE if name in columns), None)


def _part(table: str, model: type[Model], found: QuerySet[Any]) -> Part | None:
    fields = [field for field in model._meta.concrete_fields if field.attname not in _OURS]
    rows = tuple(found.values_list(*(field.attname for field in fields)))
    if not rows:
        return None
    title = str(model._meta.verbose_name_plural)
    return Part(table, title, tuple(field.attname for field in fields), rows)


def _operations(ids: tuple[str, ...]) -> Iterable[tuple[Any, ...]]:
    return statements.rows(_OPERATIONS, (traces.sought(ids),))
