"""What people bring is judged by its content, in bounded time and memory; what is refused is refused in words."""

from __future__ import annotations

import io
import time
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guide_app.domain.errors import Refused
from hq.files import content, films
from tests.films import Maker, box
from tests.hostile_files import CORPUS, TABLE, Hostile, picture, table
from tests.papers import heic, paper


def judged(brought: bytes) -> content.Found:
    return content.examine(io.BytesIO(brought))


@pytest.mark.parametrize("hostile", CORPUS, ids=lambda hostile: str(hostile.name))
def test_it_is_refused_by_its_content_in_bounded_time_and_memory(hostile: Hostile) -> None:
    brought = hostile.make()
    tracemalloc.start()
    began = time.process_time()
    try:
        with pytest.raises(Refused) as refused:
            judged(brought)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert refused.value.code == hostile.why
    assert time.process_time() - began < 5
    assert peak < 300 << 20


def test_there_are_a_hundred_of_them_and_the_page_tells_of_each() -> None:
    assert len({hostile.name for hostile in CORPUS}) == len(CORPUS) >= 100
    assert TABLE.read_text(encoding="utf-8") == table()


@pytest.mark.parametrize(
    ("brought", "kind", "media_type"),
    [
        (picture("JPEG"), "image", "image/jpeg"),
        (picture("PNG"), "image", "image/png"),
        (picture("WEBP"), "image", "image/webp"),
        (heic(), "image", "image/heic"),
        (paper(), "pdf", "application/pdf"),
        (Maker().film(), "video", "video/mp4"),
        ("冬季护肤三步\r\n洗 · 抹 · 护 👶".encode("utf-8-sig"), "text", "text/plain"),
        (b"Wash, {name}", "text", "text/plain"),
    ],
)
def test_what_can_be_shown_is_taken_for_what_it_is(brought: bytes, kind: str, media_type: str) -> None:
    found = judged(brought)
    assert (found.kind, found.media_type) == (kind, media_type)


def test_a_film_says_how_long_and_how_large_it_is() -> None:
    film = films.examine(io.BytesIO(Maker(seconds=372, width=1920, height=1080).film()))
    assert (film.seconds, film.width, film.height, film.telling) == (372, 1920, 1080, ())


def test_a_pdf_says_how_many_pages_it_has() -> None:
    assert judged(paper(pages=60)).pages == 60


def test_a_text_comes_without_the_mark_of_its_encoding_and_with_one_kind_of_line() -> None:
    assert content.text_of(io.BytesIO("洗\r\n抹\r护\n".encode("utf-8-sig"))) == "洗\n抹\n护\n"


def test_what_a_film_tells_of_place_and_camera_goes_and_nothing_moves() -> None:
    place = box(b"udta", box(b"\xa9xyz", b"+31.2304+121.4737/"))
    brought = Maker(in_moov=place + box(b"meta", b"iPhone of Lin")).film(
        before=box(b"free", b"somebody's notes"), after=box(b"uuid", b"Adobe XMP of a person" * 3)
    )
    film = films.examine(io.BytesIO(brought))
    clean = b"".join(films.without_metadata(io.BytesIO(brought), film, piece=7))
    assert len(film.telling) == 4
    assert len(clean) == len(brought)
    assert not any(told in clean for told in (b"31.2304", b"iPhone", b"notes", b"Adobe", b"udta", b"meta", b"uuid"))
    again = films.examine(io.BytesIO(clean))
    assert again[:3] == film[:3]
    assert b"".join(films.without_metadata(io.BytesIO(clean), again)) == clean


@given(st.binary(max_size=300), st.integers(0, 700), st.integers(1, 40))
def test_whatever_becomes_of_a_film_it_is_read_or_refused(noise: bytes, at: int, length: int) -> None:
    whole = Maker(in_moov=box(b"udta", bytes(20))).film(after=box(b"free", bytes(9)))
    changed = whole[:at] + noise + whole[at + length :]
    try:
        film = films.examine(io.BytesIO(changed))
    except Refused:
        return
    assert len(b"".join(films.without_metadata(io.BytesIO(changed), film))) == len(changed)
    assert 0 < film.seconds <= films.MOST_SECONDS


@given(st.binary(max_size=400))
def test_whatever_comes_is_taken_or_refused(brought: bytes) -> None:
    try:
        found = judged(brought)
    except Refused:
        return
    assert found.kind == "text"
    assert brought.decode("utf-8").strip()
