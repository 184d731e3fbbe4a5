"""Files brought to HQ piece by piece, on a real database and disk: broken off, doubled, too many, and hostile."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from guide_app.domain.errors import Refused
from tests.films import Maker, box
from tests.hostile_files import CORPUS, Hostile, picture

pytestmark = pytest.mark.usefixtures("hq_database")
LIN, WANG = "lin", "wang"


@pytest.fixture(autouse=True)
def folder(hq_database: str, tmp_path: Path) -> Iterator[Path]:
    from django.conf import settings

    before = settings.ENVIRONMENT
    settings.ENVIRONMENT = replace(before, files=tmp_path / "files")
    yield tmp_path / "files"
    settings.ENVIRONMENT = before


def begin(content: bytes, name: str = "film.mp4", by: str = LIN) -> Any:
    from hq.files import uploads

    return uploads.begin(name, len(content), hashlib.sha256(content).hexdigest(), by)


def bring(content: bytes, name: str = "film.mp4", piece: int = 100, by: str = LIN) -> Any:
    """All of it, in pieces."""
    from hq.files import uploads

    upload = begin(content, name, by)
    while upload.state == "coming":
        at = upload.received
        upload = uploads.take(str(upload.id), at, content[at : at + piece], by)
    return upload


def parts(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / ".uploads").glob("*"))


def kept() -> set[str]:
    from hq.files.models import StoredFile
    from hq.files.services import blobs

    assert set(blobs().every()) == set(StoredFile.objects.values_list("sha256", flat=True))
    return set(blobs().every())


def test_a_file_comes_in_pieces_and_is_kept_as_it_came(folder: Path) -> None:
    from hq.files import uploads

    content = picture("JPEG")
    upload = bring(content, "C:\\photos\\../winter\u202e.jpg")
    assert (upload.state, upload.kind, upload.media_type) == ("taken", "image", "image/jpeg")
    assert upload.name == "winter.jpg"
    assert upload.sha256 == upload.shown == hashlib.sha256(content).hexdigest()
    assert kept() == {upload.sha256}
    assert uploads.kept_of(upload).size == len(content)
    assert parts(folder) == []


def test_what_broke_off_goes_on_where_it_was_also_in_another_process(folder: Path) -> None:
    from hq.files import uploads

    content = Maker().film()
    begun = begin(content)
    uploads.take(str(begun.id), 0, content[:500], LIN)
    again = begin(content, "film (1).mp4")
    assert (again.id, again.received) == (begun.id, 500)
    done = uploads.take(str(again.id), 500, content[500:], LIN)
    assert (done.state, done.seconds, done.width) == ("taken", 40, 1280)


def test_a_piece_that_comes_twice_early_or_late_changes_nothing() -> None:
    from hq.files import uploads

    content = Maker().film()
    upload = str(begin(content).id)
    uploads.take(upload, 0, content[:500], LIN)
    for at, piece in ((0, content[:500]), (0, b"x" * 500), (400, content[400:600]), (700, content[700:])):
        assert uploads.take(upload, at, piece, LIN).received == 500
    assert uploads.take(upload, 500, content[500:], LIN).state == "taken"
    assert uploads.take(upload, 500, content[500:], LIN).state == "taken"  # its answer was lost


def test_what_a_crash_left_behind_the_last_whole_piece_does_not_count(folder: Path) -> None:
    from hq.files import uploads

    content = Maker().film()
    upload = begin(content)
    uploads.take(str(upload.id), 0, content[:500], LIN)
    with (folder / ".uploads" / str(upload.id)).open("ab") as part:
        part.write(b"half a piece of which nobody wrote down that it came" * 99)
    done = uploads.take(str(upload.id), 500, content[500:], LIN)
    assert (done.state, done.sha256) == ("taken", hashlib.sha256(content).hexdigest())


def test_another_file_of_the_same_name_and_length_is_another_one() -> None:
    from hq.files import uploads

    one, other = b"Wash, cream, protect", b"Cream, protect, wash"
    first = begin(one, "words.txt")
    uploads.take(str(first.id), 0, one[:10], LIN)
    assert begin(other, "words.txt").id != first.id


def test_nobody_goes_on_with_anothers_file() -> None:
    from hq.files import uploads

    content = Maker().film()
    upload = begin(content)
    assert begin(content, by=WANG).id != upload.id
    for deed in (lambda: uploads.take(str(upload.id), 0, content, WANG), lambda: uploads.give_up(str(upload.id), WANG)):
        with pytest.raises(Refused, match="upload_unknown"):
            deed()


@pytest.mark.parametrize("at_once", [1, 10**6], ids=["byte by byte", "whole"])
def test_a_piece_is_never_larger_than_one_may_be_nor_beyond_the_end(at_once: int) -> None:
    from hq.files import uploads

    content = b"Wash, cream"
    upload = str(begin(content, "words.txt").id)
    with pytest.raises(Refused, match="upload_piece"):
        uploads.take(upload, 0, content + b"!", LIN)
    with pytest.raises(Refused, match="upload_piece"):
        uploads.take(upload, 0, bytes(uploads.MOST_PIECE + 1), LIN)
    assert bring(content, "words.txt", piece=at_once).kind == "text"


def test_there_are_limits_of_size_of_number_and_of_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.conf import settings

    from hq.files import uploads

    monkeypatch.setattr(uploads, "MOST_OPEN", 2)
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, upload_bytes=1000)
    for size, why in ((0, "upload_empty"), (1001, "upload_large")):
        with pytest.raises(Refused, match=why):
            uploads.begin("a", size, "m", LIN)
    monkeypatch.setattr(uploads, "_ROOM", 1 << 60)
    with pytest.raises(Refused, match="upload_room"):
        uploads.begin("a", 9, "m", LIN)
    monkeypatch.setattr(uploads, "_ROOM", 0)
    for mark in ("a", "b"):
        uploads.begin("a", 9, mark, LIN)
    with pytest.raises(Refused, match="upload_many"):
        uploads.begin("a", 9, "c", LIN)
    assert uploads.begin("a", 9, "c", WANG).state == "coming"


def test_a_film_is_kept_as_it_came_and_travels_without_what_it_tells() -> None:
    from hq.files.services import blobs

    brought = Maker(in_moov=box(b"udta", b"+31.2304+121.4737/")).film()
    upload = bring(brought)
    assert upload.sha256 == hashlib.sha256(brought).hexdigest() != upload.shown
    assert kept() == {upload.sha256, upload.shown}
    shown = b"".join(blobs().read(upload.shown))
    assert (len(shown), b"31.2304" in shown) == (len(brought), False)


@pytest.mark.parametrize("hostile", CORPUS[2::9], ids=lambda hostile: str(hostile.name))
def test_of_what_is_refused_nothing_is_kept(hostile: Hostile, folder: Path) -> None:
    upload = bring(hostile.make(), hostile.name, piece=1 << 20)
    assert (upload.state, upload.why, upload.shown) == ("refused", hostile.why, "")
    assert kept() == set()
    assert parts(folder) == []


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_refusal_has_words_with_the_files_name(language: str) -> None:
    from django.utils.translation import override

    from hq.files import words

    also = ("upload_large", "upload_room", "upload_unknown", "upload_piece")
    with override(language):
        said = {code: words.refused("冬.mp4", Refused(code)) for code in {*also, *(one.why for one in CORPUS)}}
    assert all("冬.mp4" in told and "(" + code + ")" not in told for code, told in said.items())
    assert len(set(said.values())) > 20


def test_what_nobody_went_on_with_goes_in_two_days_and_its_file_with_it(folder: Path) -> None:
    from hq.files import services, uploads
    from hq.files.models import FileUse, StoredFile, Upload

    content = Maker().film()
    half = begin(content)
    uploads.take(str(half.id), 0, content[:9], LIN)
    bring(b"Wash, cream", "words.txt")
    assert uploads.tidy() == 0
    Upload.objects.update(heard_at=half.heard_at - timedelta(days=3))
    assert uploads.tidy() == 2
    assert parts(folder) == []
    assert not FileUse.objects.exists()
    StoredFile.objects.update(kept_at=half.heard_at - timedelta(days=3))
    assert services.let_go() == 1
    assert kept() == set()
