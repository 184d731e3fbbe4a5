"""What the pages of a material show besides its form: what changed, what became of it, and how a tablet shows it."""

from __future__ import annotations

from typing import Any

import msgspec
from django.http import HttpRequest
from django.utils.translation import gettext as _

from guide_app.domain import clock
from guide_app.domain.materials import Reach
from guide_app.domain.records import Material as Record
from hq.console import html
from hq.console.trade_words import said
from hq.library import products, rows
from hq.materials.models import Material, MaterialVersion
from hq.materials.placing import record_of
from hq.message_templates import words
from hq.stores.models import Franchise, Region, Store

_LISTED = {"regions": Region, "stores": Store, "franchises": Franchise}


def compared(item: Material, _request: HttpRequest) -> dict[str, object]:
    """The newest version beside the published one: what is otherwise, part by part."""
    version, published = rows.version_of(item), rows.published_of(item)
    if version is None:
        return {"changes": []}
    before = published if published and published.pk != version.pk else None
    new, old = _parts(version), _parts(before) if before else {}
    changes = [
        {"part": said("material_field", name), "before": old.get(name, "—"), "after": told}
        for name, told in new.items()
        if not before or old.get(name) != told
    ]  # fmt: skip
    new_files, old_files = rows.thumbs(record_of(version)), rows.thumbs(record_of(before)) if before else []
    changed = [one.sha256 for one in new_files] != [one.sha256 for one in old_files]
    return {
        "version": version, "before": before, "changes": changes, "files_changed": changed, "new_files": new_files,
        "old_files": old_files, "wrote": ", ".join(version.wrote), "reached": rows.reached(_reach(version)),
        "deed": version.deeds.order_by("-at", "-id").first(),
    }  # fmt: skip


def told(item: Material, _request: HttpRequest) -> dict[str, object]:
    """Every version with who did what with it, when, and what they said to it."""
    versions = MaterialVersion.objects.filter(material=item).order_by("-version").prefetch_related("deeds")
    shown = [
        {"row": version, "deeds": html.table(
            [_("when"), _("who"), _("deed"), _("with what")],
            [[html.moment(one.at), one.by, said("material_deed", one.deed), _with(one)] for one in version.deeds.all()],
        )}
        for version in versions
    ]  # fmt: skip
    return {"versions": shown}


def preview(item: Material, _request: HttpRequest) -> dict[str, object]:
    """What a guide sees, with examples where a placeholder stands."""
    record = rows.said_of(item)
    named = record.files if record else ()
    film = next((file for file in named if file.role == "video"), None)
    pages = [file for file in named if file.role in ("page", "poster")]
    large: dict[int, Any] = {}
    for file in sorted(pages, key=lambda one: one.width):
        large[file.page] = file
    texts = (("zh", record.text.zh), ("en", record.text.en)) if record else ()
    shown = [(language, words.example(text, language)) for language, text in texts if text.strip()]
    in_order = [large[page] for page in sorted(large)]
    return {
        "record": record, "film": film, "poster": in_order[0] if film and in_order else None,
        "pages": () if film else in_order, "texts": shown, "frames": ("landscape", "portrait"),
    }  # fmt: skip


def _with(deed: Any) -> str:
    fields = ", ".join(said("material_field", name) for name in deed.changed)
    return " · ".join(filter(None, (fields, deed.note)))


def _reach(version: MaterialVersion) -> Reach:
    return msgspec.convert(version.reach, Reach)


def _parts(version: MaterialVersion) -> dict[str, str]:
    """Its parts in words; what it does not say is left out."""
    record: Record = record_of(version)
    told = {
        "title": f"{record.title.zh} / {record.title.en}", "text": _both(record.text), "topic": _both(record.topic),
        "products": ", ".join(one["label"] for one in products.called(record.products)), "campaign": record.campaign,
        "tags": ", ".join(record.tags), "must_read": "✓" if record.must_read else "", "reach": _named(version),
        "valid_from": _moment(record.valid_from), "valid_until": _moment(record.valid_until),
    }  # fmt: skip
    return {name: words for name, words in told.items() if words}


def _both(names: Any) -> str:
    return "\n".join(filter(None, (names.zh, names.en)))


def _named(version: MaterialVersion) -> str:
    reach = _reach(version)
    named = [
        str(one) for name, model in _LISTED.items() for one in model._base_manager.filter(pk__in=getattr(reach, name))
    ]
    return ", ".join([*named, *(str(rows.ROLES.get(role, role)) for role in reach.roles)]) or rows.audience(version)


def _moment(at: str) -> str:
    return html.moment(clock.from_text(at)) if at else ""
