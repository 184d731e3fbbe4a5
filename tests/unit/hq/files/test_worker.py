"""Pictures are made in a process of their own: what takes too much there is refused, and HQ goes on."""

from __future__ import annotations

import io
import sys

import pytest
from PIL import Image

from guide_app.domain.errors import Refused
from hq.files import pictures, sizes
from hq.files.rendering import Task, answer
from hq.files.worker import Limits, Worker
from tests.drawn import picture
from tests.unit.hq.files.test_pictures import bomb


def refused(made_by: Worker, content: bytes) -> tuple[str, str]:
    with pytest.raises(Refused) as told:
        made_by.picture(io.BytesIO(content))
    return told.value.code, told.value.detail


def flat(kind: str, mode: str, side: int) -> bytes:
    """A picture of one colour: many pixels in few bytes."""
    out = io.BytesIO()
    Image.new(mode, (side, side)).save(out, kind)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_worker_makes_the_same_picture(kind: str) -> None:
    content = picture(kind, (2000, 1500))
    assert Worker().picture(io.BytesIO(content)) == pictures.make(io.BytesIO(content))


def test_what_is_refused_is_told_as_without_a_worker() -> None:
    assert refused(Worker(), b"")[0] == "picture_empty"
    assert refused(Worker(), b"no picture")[0] == "picture_type"
    assert refused(Worker(), bytes(pictures.MOST_BYTES + 1))[0] == "picture_bytes"
    assert refused(Worker(), bomb(60_000, 60_000))[0] == "picture_pixels"
    assert refused(Worker(Limits(pixels=1_000_000)), picture("JPEG", (2000, 1500)))[0] == "picture_pixels"


def test_what_needs_more_memory_than_there_is_for_it_is_refused() -> None:
    heavy = flat("PNG", "RGBA", 7000)
    assert refused(Worker(Limits(megabytes=450)), heavy) == ("picture_memory", "memory")
    assert Worker().picture(io.BytesIO(heavy)).large.width == sizes.LARGE


def test_what_takes_too_long_or_ends_the_process_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert refused(Worker(Limits(seconds=0)), picture()) == ("picture_slow", "time")
    monkeypatch.setattr(sys, "executable", "/bin/false")
    assert refused(Worker(), picture())[0] == "picture_failed"
    monkeypatch.setattr(sys, "executable", "/bin/true")
    assert refused(Worker(), picture()) == ("picture_failed", "answer")


def test_an_answer_says_either() -> None:
    task = Task("picture", sizes.PRODUCT)
    assert answer(io.BytesIO(), task).refused == "picture_empty"
    assert [one[1] for one in answer(io.BytesIO(picture(size=(2000, 1500))), task).sizes] == [160, 1280]


@pytest.mark.parametrize(
    ("longer", "drawn"), [(100, [100, 100]), (1280, [160, 1280]), (1500, [160, 1280, 1500]), (4000, [160, 1280, 1920])]
)
def test_a_material_s_picture_comes_in_as_many_sizes_as_differ(longer: int, drawn: list[int]) -> None:
    made = Worker().sizes(io.BytesIO(picture(size=(longer, 90))))
    assert [one.width for one in made] == drawn
    assert all(Image.open(io.BytesIO(one.content)).size == (one.width, one.height) for one in made)
