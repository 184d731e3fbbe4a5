"""A library for the page tests: drawn material of every kind and state, and a library in memory."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec
from PIL import Image, ImageDraw

from guide_app.domain import materials
from guide_app.domain.clock import to_text
from guide_app.domain.materials import Moment
from guide_app.domain.names import search_keys
from guide_app.domain.records import Material, MaterialFile, Names
from guide_app.services.ports.library import Lies, MaterialRow, Reader, Shelf, Wanted, WhyAbsent
from tests.unit.local_store.fake_hq import uuid

TINTS = ("#F4EDE0", "#E7F0E9", "#FAEAE2", "#E6EEF4", "#FAF2DA", "#EFE9F4")
INKS = ("#8F5400", "#1F7A3D", "#A94A26", "#2D5273", "#7A5610", "#57407A")
TITLES = (
    ("Winter skin in three steps", "冬季护肤三步", "image", 6),
    ("Nappy sizes in 40 seconds", "纸尿裤选码 40 秒", "video", 1),
    ("Changing to stage 2 milk", "2 段奶粉转奶指南", "pdf", 12),
    ("Light pushchairs compared", "轻便推车对比表", "image", 2),
    ("Nappy rash: three steps", "红屁股护理三步", "image", 4),
    ("How babies sleep", "宝宝睡眠小课堂", "video", 1),
    ("First foods, month by month", "辅食添加时间表", "pdf", 8),
    ("Double twelve for members", "双十二会员预告", "image", 1),
    ("November poster", "十一月满减海报", "image", 1),
    ("What to write after a visit", "到店后的问候", "text", 0),
)
TOPICS = (
    Names(en="Winter skin", zh="换季护肤"),
    Names(en="Nappy sizes", zh="尿裤选码"),
    Names(en="Milk powder", zh="奶粉喂养"),
)


def drawn(seed: int, size: tuple[int, int], page: int = 1) -> bytes:
    """A picture that can be told from others."""
    image = Image.new("RGB", size, TINTS[seed % 6])
    pen, (width, height) = ImageDraw.Draw(image), size
    pen.rounded_rectangle(
        (width * 0.36, height * 0.3, width * 0.64, height * 0.8), radius=width // 20, fill=INKS[seed % 6]
    )
    pen.rectangle((width * 0.42, height * 0.45, width * 0.58, height * 0.6), fill="white")
    for n in range(page):
        pen.ellipse(
            (width * (0.06 + 0.04 * n), height * 0.9, width * (0.08 + 0.04 * n), height * 0.95), fill=INKS[seed % 6]
        )
    out = io.BytesIO()
    image.save(out, "WEBP", quality=80)
    return out.getvalue()


class Drawn:
    """Materials with their files' bytes by SHA-256."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.content: dict[str, bytes] = {}

    def file(self, content: bytes, role: str, page: int = 1, **more: int) -> MaterialFile:
        name = hashlib.sha256(content).hexdigest()
        self.content[name] = content
        kind = "video/mp4" if role == "video" else "image/webp"
        return MaterialFile(sha256=name, bytes=len(content), type=kind, role=role, page=page, **more)

    def material(self, n: int, **more: object) -> Material:
        """The material number `n` of `TITLES`."""
        en, zh, kind, pages = TITLES[n % len(TITLES)]
        made = Material(
            material=uuid(), version=1, kind=kind, title=Names(en=en, zh=zh), topic=TOPICS[n % 3],
            files=self._files(n, kind, pages), tags=("新人",) if n % 2 else (), campaign="double12" if n == 7 else "",
            text=_words() if kind == "text" else Names(), published_at=to_text(self.now - timedelta(days=n)),
        )  # fmt: skip
        return msgspec.structs.replace(made, **more)

    def _files(self, n: int, kind: str, pages: int) -> tuple[MaterialFile, ...]:
        if kind == "text":
            return ()
        of = range(1, pages + 1)
        files = [self.file(drawn(n, (320, 200), page), "thumb", page, width=320, height=200) for page in of]
        if kind == "video":
            film = self.file(f"film {n}".encode(), "video", seconds=40 + 332 * (n == 5))
            return (*files, film, self.file(drawn(n, (1280, 800)), "poster", width=1280, height=800))
        return (*files, *(
            self.file(drawn(n, (1280, 800), page), "page", page, width=1280, height=800) for page in of
        ))  # fmt: skip


def _words() -> Names:
    return Names(
        en="Dear {name}, thank you for coming to {store} today. {guide}", zh="{name}您好，谢谢您今天来{store}。{guide}"
    )


def a_library(source: Drawn) -> list[MaterialRow]:
    """One of everything that the page can show: here, on its way, away, must be read, ended, withdrawn, to come."""
    day = timedelta(days=1)
    later, sooner = to_text(source.now + 3 * day), to_text(source.now - day)
    changes: dict[int, dict[str, object]] = {
        0: {"must_read": True}, 2: {"must_read": True, "valid_until": to_text(source.now + 40 * day)},
        4: {"valid_until": later}, 6: {"valid_until": sooner}, 7: {"valid_from": later, "must_read": True},
        8: {"state": "withdrawn", "ended_at": sooner, "files": ()},
    }  # fmt: skip
    stands: dict[int, tuple[Lies, WhyAbsent, float]] = {
        3: ("coming", "", 0.62), 5: ("absent", "no_room", 0), 9: ("here", "", 1)
    }  # fmt: skip
    return [
        row_of(source.material(n, **changes.get(n, {})), *stands.get(n, ("here", "", 1))) for n in range(len(TITLES))
    ]


def row_of(material: Material, lies: Lies = "here", why: WhyAbsent = "", share: float = 1) -> MaterialRow:
    """A material as it lies on the tablet."""
    size = sum(file.bytes for file in material.files)
    size = max(size, 84 << 20) if lies != "here" else size
    return MaterialRow(
        id=uuid(), material=material, lies=lies, why_absent=why, all_bytes=size, here_bytes=int(size * share)
    )  # fmt: skip


class MemoryLibrary:
    """Implements `LibraryReader` and `LibraryDesk` of `guide_app.services.ports.library`, for one guide."""

    def __init__(self, rows: Sequence[MaterialRow], now: str) -> None:
        self.rows, self.now = list(rows), now
        self.done: list[tuple[str, str, int]] = []
        """(what, material, version)."""

    async def find(self, wanted: Wanted, reader: Reader, *, limit: int = 60, offset: int = 0) -> Sequence[MaterialRow]:
        rows = [row for row in self._for(reader) if _is(row, wanted)]
        rows.sort(key=lambda row: row.material.published_at, reverse=True)
        rows.sort(key=lambda row: (not row.unread, bool(row.why_not)))
        if wanted.only == "recent":
            rows.sort(key=lambda row: row.used_at, reverse=True)
        return rows[offset : offset + limit]

    async def get(self, material: str, reader: Reader) -> MaterialRow | None:
        return next((row for row in self._for(reader) if row.material.material == material), None)

    async def shelf(self, reader: Reader) -> Shelf:
        rows = [row for row in self._for(reader) if not row.why_not]
        return Shelf(
            all=len(rows), here=sum(row.lies == "here" for row in rows), unread=sum(row.unread for row in rows),
            topics=tuple({row.material.topic: None for row in rows if row.material.topic != Names()}),
            tags=tuple(sorted({tag for row in rows for tag in row.material.tags})),
            campaigns=tuple(sorted({row.material.campaign for row in rows} - {""})),
        )  # fmt: skip

    async def shown(self, row: MaterialRow) -> None:
        self._note("shown", row)
        self._change(row, used_at=self.now)

    async def read(self, row: MaterialRow) -> None:
        self._note("read", row)
        self._change(row, read=True)

    async def keep(self, row: MaterialRow, *, favourite: bool) -> None:
        self._note("keep" if favourite else "drop", row)
        self._change(row, favourite=favourite)

    async def bring(self, row: MaterialRow) -> None:
        self._note("bring", row)

    def replace(self, material: Material) -> None:
        """HQ has changed it."""
        self.rows = [
            msgspec.structs.replace(row, material=material, read=row.read and row.material.version == material.version)
            if row.material.material == material.material
            else row
            for row in self.rows
        ]

    def withdraw(self, n: int) -> None:
        """HQ takes it from everybody's hands."""
        self.replace(materials.withdrawn(self.rows[n].material, self.now))

    def _for(self, reader: Reader) -> list[MaterialRow]:
        at = Moment(self.now)
        rows = [
            msgspec.structs.replace(row, why_not=materials.why_not(row.material, reader.role, at)) for row in self.rows
        ]
        return [row for row in rows if row.why_not not in ("not_for_you", "unknown")]

    def _note(self, what: str, row: MaterialRow) -> None:
        self.done.append((what, row.material.material, row.material.version))

    def _change(self, row: MaterialRow, **changes: object) -> None:
        self.rows = [msgspec.structs.replace(one, **changes) if one.id == row.id else one for one in self.rows]


def _is(row: MaterialRow, wanted: Wanted) -> bool:
    one, topic = row.material, (row.material.topic.en, row.material.topic.zh)
    keys = search_keys(one.title.zh)
    words = " ".join(
        (one.title.en, one.title.zh, *topic, *one.tags, one.campaign, keys.pinyin.replace(" ", ""), keys.initials)
    ).lower()
    return (
        wanted.text.strip().lower() in words
        and wanted.kind in ("", one.kind)
        and (not wanted.topic or wanted.topic in topic)
        and (not wanted.tag or wanted.tag in one.tags)
        and wanted.campaign in ("", one.campaign)
        and (not wanted.lies or (row.lies == "here") == (wanted.lies == "here"))
        and (not wanted.products or bool(set(wanted.products) & set(one.products)))
        and {"": True, "favourites": row.favourite, "recent": bool(row.used_at), "must_read": one.must_read}[
            wanted.only
        ]
    )
