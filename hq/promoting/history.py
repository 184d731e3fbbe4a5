"""The versions of a promotion: what each said, what it changed, and who wrote it."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from guide_app.domain.records import Promotion as PromotionRecord
from hq.promoting import currency, goods
from hq.promoting.words import Words
from hq.promotions.mapping import PROMOTION
from hq.promotions.models import Promotion

_PARTS = {
    "names": _("name"), "benefit": _("what it does"), "condition": _("condition"), "audience": _("for whom"),
    "window": _("when"), "limits": _("limits"), "others": _("beside others"), "active": _("in use"),
    "prices": _("prices"), "priority": _("priority"),
}  # fmt: skip


class Change(NamedTuple):
    """A part that a version says otherwise than the one before."""

    part: Any
    before: str
    after: str


class Version(NamedTuple):
    """A version with its words, and what is new in it."""

    row: Promotion
    words: str
    changes: list[Change]


def shown(item: Promotion) -> dict[str, object]:
    """What the page of versions gets: the newest first."""
    rows = list(Promotion.objects.filter(of=item.of).order_by("version"))
    records = [PROMOTION.to_record(row) for row in rows]
    words = Words(goods.called(goods.named_in(records)), currency.of_scope(item.scope))
    told = [_told(words, record) for record in records]
    versions = []
    for n, (row, record) in enumerate(zip(rows, records, strict=True)):
        before = told[n - 1] if n else told[n]
        changes = [Change(_PARTS[part], before[part], now) for part, now in told[n].items() if now != before[part]]
        versions.append(Version(row, words.line(record), changes))
    return {"versions": versions[::-1]}


def _told(words: Words, record: PromotionRecord) -> dict[str, str]:
    return {
        "names": f"{record.names.zh} / {record.names.en}", **words.parts(record), "active": str(_yes(record.active)),
        "prices": ", ".join(f"{key[:8]} {amount}" for key, amount in sorted(record.prices.items())),
        "priority": str(record.priority),
    }  # fmt: skip


def _yes(value: bool) -> Any:
    return _("yes") if value else _("no")
