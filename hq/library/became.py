"""The page "What became of it": figures, days, material, stores and guides; of one material the tablets without it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from hq.console import bars
from hq.library import rows
from hq.library.absent import spread
from hq.library.chosen import Asked, asked
from hq.library.measures import MEASURES
from hq.materials.models import Material, MaterialVersion
from hq.rights.reach import narrowed
from hq.staff.models import Staff
from hq.tallies.reading import by_store, counted

SHOWN = 50
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
Counts = Mapping[tuple[str, str], int]


def shown(request: HttpRequest) -> dict[str, object]:
    """What the page's template gets."""
    wanted = asked(request)
    chosen = wanted.chosen
    by_day = counted("day", chosen)
    whole = {what: sum(n for (_day, did), n in by_day.items() if did == what) for what in MEASURES}
    found: dict[str, object] = {
        "asked": wanted, "measures": list(MEASURES.values()), "most": SHOWN,
        "figures": [(words, whole[what]) for what, words in MEASURES.items()],
        "plots": [
            bars.by_day(words, wanted.days, [by_day.get((str(day), what), 0) for day in wanted.days])
            for what, words in MEASURES.items()
        ],
        "days": [(day, _row(by_day, str(day))) for day in reversed(wanted.days)],
        "stores": _named({str(one.id): str(one) for one in wanted.stores}, counted("store_id", chosen)),
        "csv": urlencode({**request.GET.dict(), "csv": "1"}),
    }  # fmt: skip
    if wanted.material is None:
        told = counted("material", chosen)
        names = titles({it for it, _what in told})
        found["items"] = _named(names, {key: n for key, n in told.items() if key[0] in names})
    else:
        found |= _of_one(wanted)
    if wanted.store or wanted.material is not None:
        found["guides"] = _guides(wanted)
    return found


def _of_one(wanted: Asked) -> dict[str, object]:
    """The tablets that do not have it yet."""
    version = rows.published_of(wanted.material) if wanted.material else None
    told: dict[str, object] = {
        "title": rows.version_of(wanted.material) if wanted.material else None,
        "version": version,
    }
    if isinstance(version, MaterialVersion):
        found = spread(version, wanted.stores, timezone.now())
        told |= {"spread": found, "absent": found.absent[:SHOWN], "unshown": max(0, len(found.absent) - SHOWN)}
    return told


def _guides(wanted: Asked) -> list[tuple[str, str, list[int]]]:
    told = counted("guide_id", wanted.chosen)
    people = narrowed(Staff.objects.filter(id__in={it for it, _what in told}))
    return _named({str(one.id): str(one) for one in people}, told)


def _row(told: Counts, it: str) -> list[int]:
    return [told.get((it, what), 0) for what in MEASURES]


def _named(names: Mapping[str, str], told: Counts) -> list[tuple[str, str, list[int]]]:
    """(id, name, counts): what was shown most first. What has no name here is another's, and not told."""
    known = {it for it, _what in told} & names.keys()
    listed = [(it, names[it], _row(told, it)) for it in known]
    return sorted(listed, key=lambda one: ([-n for n in reversed(one[2])], one[1]))


def titles(ids: Iterable[str]) -> dict[str, str]:
    """What the materials are called, of those that whoever asks may see."""
    found = list(narrowed(Material.objects.filter(pk__in=list(ids))))
    rows.fill(found)
    return {str(one.pk): str(rows.version_of(one) or "—") for one in found}


def as_csv(request: HttpRequest) -> HttpResponse:
    """Day by day, store by store and material by material, for a table program."""
    wanted = asked(request)
    told = io.StringIO("\ufeff")
    told.seek(0, io.SEEK_END)
    csv.writer(told).writerows([_plain(cell) for cell in line] for line in _lines(wanted))
    headers = {
        "Content-Disposition": f'attachment; filename="material-{wanted.since}-{wanted.until}.csv"',
        "Cache-Control": "no-store",
    }
    return HttpResponse(told.getvalue(), content_type="text/csv; charset=utf-8", headers=headers)


def _lines(wanted: Asked) -> Iterator[list[object]]:
    yield ["day", "store", "material", *MEASURES]
    one = wanted.material
    names = titles([str(one.pk)] if one else narrowed(Material.objects.all()).values_list("pk", flat=True))
    for day in wanted.days:
        told = by_store(wanted.chosen._replace(since=day, until=day))
        for store in wanted.stores:
            lines = _named(names, told.get(str(store.id), {}))
            yield from ([str(day), str(store), name, *counts] for _id, name, counts in lines)


def _plain(cell: object) -> Any:
    """A text that a table program would take for a formula stays a text."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
