"""What a film gives besides itself: the picture that stands for it, and its table in front of its pictures."""

from __future__ import annotations

import io

import av
import pytest
from PIL import Image

from guide_app.domain.errors import Refused
from hq.files import content, faststart, films
from hq.files.worker import Limits, Worker
from tests.films import Maker, box
from tests.real_films import real


def fast(brought: bytes) -> bytes:
    source = io.BytesIO(brought)
    return b"".join(faststart.pieces(source, films.examine(source), piece=1000))


def frames(film: bytes) -> list[bytes]:
    with av.open(io.BytesIO(film)) as opened:
        return [bytes(packet) for packet in opened.demux(video=0)]


def test_a_film_s_own_picture_stands_for_it_and_is_not_the_black_of_its_beginning() -> None:
    sizes = Worker().poster(io.BytesIO(real(black=8)))
    assert [(one.width, one.height) for one in sizes] == [(160, 90), (640, 360)]
    image = Image.open(io.BytesIO(sizes[1].content)).convert("RGB")
    left, right = image.getpixel((100, 180)), image.getpixel((540, 180))
    assert isinstance(left, tuple)
    assert isinstance(right, tuple)
    assert left[0] > 180 > 80 > left[2]
    assert right[2] > 180 > 80 > right[0]


def test_a_large_film_gives_the_size_for_the_whole_screen() -> None:
    assert [one.width for one in Worker().poster(io.BytesIO(real(1920, 1080)))] == [160, 1280, 1920]


def test_a_film_of_one_colour_still_has_a_picture() -> None:
    assert Worker().poster(io.BytesIO(real(black=40)))[1].width == 640


def test_what_cannot_be_decoded_is_refused_and_nothing_hangs() -> None:
    assert content.examine(io.BytesIO(Maker().film())).kind == "video"
    for film, limits in ((Maker().film(), Limits()), (real(), Limits(seconds=0)), (real(), Limits(megabytes=40))):
        with pytest.raises(Refused, match="film_undecodable"):
            Worker(limits).poster(io.BytesIO(film))


def test_the_table_comes_before_the_pictures_and_every_picture_is_the_same() -> None:
    brought = real()
    film = films.examine(io.BytesIO(brought))
    assert not film.starts_fast
    moved = fast(brought)
    again = films.examine(io.BytesIO(moved))
    assert again.starts_fast
    assert len(moved) == len(brought)
    assert frames(moved) == frames(brought)
    assert Worker().poster(io.BytesIO(moved)) == Worker().poster(io.BytesIO(brought))
    assert fast(moved) == moved


def test_it_plays_from_its_first_part_alone() -> None:
    moved = fast(real())
    first = moved[: len(moved) * 2 // 3]
    with av.open(io.BytesIO(first)) as opened:
        assert next(opened.decode(video=0)).width == 640


def test_pictures_behind_the_table_stay_where_they_are() -> None:
    maker = Maker()
    front = maker.head() + box(b"mdat", bytes(100))
    behind = len(front) + len(maker.moov(0)) + 8
    moved = fast(front + maker.moov(behind) + box(b"mdat", b"\x07" * 240))
    (table,) = films.examine(io.BytesIO(moved)).tables
    assert int.from_bytes(moved[table.at : table.at + 4], "big") == behind
    assert moved[behind : behind + 240] == b"\x07" * 240
