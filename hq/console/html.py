"""Small pieces of HTML for read-only fields; everything in them is escaped."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from guide_app.domain import money
from hq.stores.models import Store

Cell = object
Head = str | Promise


def table(heads: Sequence[Head], rows: Sequence[Sequence[Cell]], amounts: Sequence[int] = ()) -> SafeString:
    """A table; a dash where there are no rows. `amounts`: columns of numbers, set right."""
    if not rows:
        return format_html("{}", "—")
    classes = ["amount" if column in amounts else "" for column in range(len(heads))]
    head = format_html_join("", '<th class="{}">{}</th>', zip(classes, heads, strict=True))
    body = format_html_join(
        "", "<tr>{}</tr>",
        ((format_html_join("", '<td class="{}">{}</td>', zip(classes, row, strict=True)),) for row in rows),
    )  # fmt: skip
    return format_html('<table class="console-table"><thead><tr>{}</tr></thead><tbody>{}</tbody></table>', head, body)


def moment(value: datetime | None) -> str:
    """A time as people of HQ read it."""
    return date_format(timezone.localtime(value), "DATETIME_FORMAT") if value else ""


def amount(minor: int, currency: str) -> str:
    """An amount of minor units with its currency: ``CNY 1,299.00``."""
    return f"{currency} {money.to_major(minor, currency):,}"


def amount_in_store(minor: int, store_id: UUID) -> str:
    """An amount in the store's currency."""
    return amount(minor, Store.objects.values_list("currency", flat=True).get(id=store_id))
