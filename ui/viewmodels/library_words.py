"""A material in words: how it stands on this tablet, whether it may be shown and why not, how long it is."""

from __future__ import annotations

from datetime import timedelta

import msgspec

from guide_app.domain.clock import from_text
from guide_app.domain.records import Material, MaterialFile
from guide_app.services.ports.library import MaterialRow
from ui.models.keyed import Row
from ui.viewmodels.base import Desk, tr, trn
from ui.viewmodels.words import named

SOON = timedelta(days=7)
"""What ends within this time is told so."""
_MB = 1 << 20


class MaterialTile(Row, frozen=True):
    """A material in the grid. `thumb`: the SHA-256 of its small picture; `progress`: 0 to 1 of what is on its way, else
    -1; `must`: "", or what its mark says; `dimmed`: it must not be shown."""

    title: str
    thumb: str
    symbol: str
    tint: int
    must: str
    read: bool
    standing: str
    tone: str
    mark: str
    until: str
    ends_soon: bool
    length: str
    progress: float
    dimmed: bool
    favourite: bool
    selected: bool


class Standing(msgspec.Struct, frozen=True):
    """A state as a sentence with its icon and tone."""

    words: str
    mark: str
    tone: str


SYMBOLS = {"image": "image", "video": "video", "pdf": "file-text", "text": "message-square-text"}


def material_tile(row: MaterialRow, desk: Desk, *, selected: bool) -> MaterialTile:
    """A material as the grid shows it."""
    one, stands = row.material, standing(row, desk)
    small = thumb(one)
    return MaterialTile(
        key=one.material,
        title=title(one, desk),
        thumb=small.sha256 if small else "",
        symbol=SYMBOLS.get(one.kind, "file-text"),
        tint=sum(map(ord, one.material)) % 6,
        must=must_words(row),
        read=row.read,
        standing=stands.words,
        tone=stands.tone,
        mark=stands.mark,
        until=until_words(one, desk),
        ends_soon=ends_soon(one, desk),
        length=length_words(one),
        progress=row.here_bytes / row.all_bytes if row.lies == "coming" and row.all_bytes else -1.0,
        dimmed=bool(row.why_not),
        favourite=row.favourite,
        selected=selected,
    )


def title(material: Material, desk: Desk) -> str:
    """What it is called."""
    return named(material.title.en, material.title.zh, desk.figures.language)


def must_words(row: MaterialRow) -> str:
    """The mark of what must be read; empty where nothing must."""
    if not row.material.must_read or row.why_not:
        return ""
    return tr("Read") if row.read else tr("Must read")


def standing(row: MaterialRow, desk: Desk) -> Standing:
    """How it stands: why it must not be shown, else where its files are and why not here."""
    if row.why_not:
        return Standing(why_not_words(row, desk), "clock" if row.why_not == "not_yet" else "ban", _tone(row))
    if row.lies == "here":
        return Standing(tr("On this tablet"), "check", "good")
    if row.lies == "coming":
        share = 100 * row.here_bytes // row.all_bytes if row.all_bytes else 0
        return Standing(tr("On its way, %1 %", desk.figures.number(share)), "download", "accent")
    return Standing(absent_words(row), "cloud-off" if row.why_absent else "cloud", "neutral")


def _tone(row: MaterialRow) -> str:
    return "warn" if row.why_not == "not_yet" else "bad"


def why_not_words(row: MaterialRow, desk: Desk) -> str:
    """Why it must not be shown now."""
    one = row.material
    day = desk.figures.date_of
    words = {
        "withdrawn": tr("Withdrawn on %1", day(one.ended_at)) if one.ended_at else tr("Withdrawn"),
        "expired": tr("Ended on %1", day(one.valid_until)) if one.valid_until else tr("Ended"),
        "not_yet": tr("May be shown from %1", day(one.valid_from)) if one.valid_from else tr("Not yet"),
        "not_for_you": tr("For managers"),
        "unknown": tr("This version of the app cannot show it"),
    }
    return words.get(row.why_not, "")


def absent_words(row: MaterialRow) -> str:
    """Why its files are not here, with how much is missing."""
    size = size_words(row.all_bytes - row.here_bytes)
    words = {
        "queued": tr("Waits its turn: %1", size),
        "no_room": tr("No room left for it: %1", size),
        "disk_full": tr("The disk is full: %1", size),
        "not_at_hq": tr("HQ does not have the file now"),
    }
    return words.get(row.why_absent, tr("Not on this tablet: %1", size))


def size_words(size: int) -> str:
    """Bytes as a person reads them."""
    return tr("%1 MB", max(1, round(size / _MB)))


def until_words(material: Material, desk: Desk) -> str:
    """How long it holds."""
    if material.state == "withdrawn":
        return ""
    return tr("Until %1", desk.figures.date_of(material.valid_until)) if material.valid_until else tr("No end")


def ends_soon(material: Material, desk: Desk) -> bool:
    """Whether it ends within a few days."""
    if not material.valid_until or material.state == "withdrawn":
        return False
    left = from_text(material.valid_until).date() - desk.figures.today()
    return timedelta() <= left <= SOON


def length_words(material: Material) -> str:
    """What it is and how long."""
    if material.kind == "video":
        seconds = next((file.seconds for file in material.files if file.role == "video"), 0)
        return tr("Film %1", f"{seconds // 60}:{seconds % 60:02d}") if seconds else tr("Film")
    if material.kind == "text":
        return tr("Text")
    count = len(page_numbers(material))
    if material.kind == "pdf":
        return trn("PDF, %n page(s)", count) if count else tr("PDF")
    return trn("%n picture(s)", count) if count else tr("Pictures")


def page_numbers(material: Material) -> list[int]:
    """Its pages, in order."""
    return sorted({file.page for file in material.files if file.role == "page"})


def thumb(material: Material, page: int = 1) -> MaterialFile | None:
    """The small picture of a page, or of a film; the poster where it has no smaller one."""
    small = [file for file in material.files if file.role == "thumb"]
    of_page = [file for file in small if file.page in (page, 0)]
    posters = [file for file in material.files if file.role == "poster"]
    return next(iter(of_page or (small if page == 1 else []) or (posters if page == 1 else [])), None)


def large(material: Material, page: int) -> MaterialFile | None:
    """The largest picture of a page."""
    found = [file for file in material.files if file.role == "page" and file.page == page]
    return max(found, key=lambda file: (file.width * file.height, file.bytes), default=None)
