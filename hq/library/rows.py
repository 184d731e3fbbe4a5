"""Material as a list shows it: each with the version that whoever asks may see, in words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guide_app.domain import clock, materials
from guide_app.domain.materials import Reach
from guide_app.domain.records import Material as Record
from hq.console import html
from hq.materials.models import Material, MaterialVersion
from hq.materials.placing import record_of, the_chain
from hq.rights.reach import current

State = MaterialVersion.State
KINDS = {
    "image": gettext_lazy("pictures"), "video": gettext_lazy("film"), "pdf": gettext_lazy("PDF"),
    "text": gettext_lazy("text"),
}  # fmt: skip
ROLES = {"guide": gettext_lazy("guides"), "manager": gettext_lazy("managers")}


def seen() -> list[str]:
    """The states of versions that whoever asks may see: drafts are the chain's own."""
    return [state.value for state in State] if current().chain else [State.PUBLISHED, State.WITHDRAWN]


def fill(items: Iterable[Material]) -> None:
    """Gives each material its newest version that may be seen, and the published one: one query for all of them."""
    rows = {one.pk: one for one in items}
    for one in rows.values():
        vars(one).update(version=None, published=None)
    for version in MaterialVersion.objects.filter(material__in=rows, state__in=seen()).order_by("-version"):
        told = vars(rows[version.material_id])
        told["version"] = told["version"] or version
        if version.state == State.PUBLISHED:
            told["published"] = version


def version_of(item: Material) -> MaterialVersion | None:
    """The newest version that whoever asks may see; None of a material that is only being made."""
    if "version" not in vars(item):
        fill([item])
    found: MaterialVersion | None = vars(item)["version"]
    return found


def published_of(item: Material) -> MaterialVersion | None:
    """The published version."""
    version_of(item)
    found: MaterialVersion | None = vars(item)["published"]
    return found


def said_of(item: Material) -> Record | None:
    """What the version says."""
    version = version_of(item)
    return record_of(version) if version else None


def state(item: Material) -> str:
    """How far it is; of a new version beside a published one both."""
    version, published = version_of(item), published_of(item)
    if version is None:
        return "—"
    words = str(version.get_state_display())
    if published is None or published.pk == version.pk:
        return words
    return _("{state}, version {number} is published").format(state=words, number=published.version)


def kind(item: Material) -> str:
    """What it is."""
    return str(KINDS.get(item.kind, item.kind))


def audience(version: MaterialVersion | None) -> str:
    """For whom, in numbers: whom the names are of is not everybody's to see."""
    if version is None:
        return "—"
    reach = msgspec.convert(version.reach, Reach)
    parts = [
        words.format(number=len(named))
        for words, named in (
            (_("regions: {number}"), reach.regions), (_("shops: {number}"), reach.stores),
            (_("franchises: {number}"), reach.franchises),
        )
        if named
    ]  # fmt: skip
    roles = [str(ROLES.get(role, role)) for role in reach.roles]
    return " · ".join([", ".join(parts) or _("the whole chain"), *([", ".join(roles)] if roles else [])])


def reached(reach: Reach) -> str:
    """How many shops an audience reaches."""
    chain = the_chain()
    found = materials.shops(reach, chain.region_of, chain.franchise_of)
    return _("Reaches {number} of {all} shops.").format(number=len(found), all=len(chain.region_of))


def validity(record: Record) -> str:
    """From when until when it may be shown, and how that stands now."""
    begins, ends = (html.moment(clock.from_text(at)) if at else "" for at in (record.valid_from, record.valid_until))
    if not begins and not ends:
        return _("always")
    now = clock.to_text(timezone.now())
    if record.valid_until and now >= record.valid_until:
        return _("over since {moment}").format(moment=ends)
    if now < record.valid_from:
        return _("from {moment}").format(moment=begins)
    return _("until {moment}").format(moment=ends) if ends else _("since {moment}").format(moment=begins)


def thumbs(record: Record | None) -> list[Any]:
    """The small pictures in their order."""
    files = record.files if record else ()
    return sorted((file for file in files if file.role == "thumb"), key=lambda file: file.page)
