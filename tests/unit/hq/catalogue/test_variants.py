"""Options of variants as people write them."""

from __future__ import annotations

import pytest

from guide_app.domain.errors import BadInput
from guide_app.domain.records import Names, Option
from hq.catalogue import variants


def option(kind: tuple[str, str], value: tuple[str, str]) -> Option:
    return Option(kind=Names(en=kind[0], zh=kind[1]), value=Names(en=value[0], zh=value[1]))


SIZE, RED = option(("Size", "尺码"), ("90", "90")), option(("Colour", "颜色"), ("Red", "红色"))


def test_lines_are_read_and_written_in_both_languages_or_one() -> None:
    text = "尺码 / Size = 90\n\n 颜色/Colour=红色/Red "
    assert variants.read(text) == (SIZE, RED)
    assert variants.written((SIZE, RED)) == "尺码 / Size = 90\n颜色 / Colour = 红色 / Red"
    assert variants.read(variants.written((SIZE, RED))) == (SIZE, RED)
    assert variants.read("段位 = 2") == (option(("段位", "段位"), ("2", "2")),)
    assert (variants.read(""), variants.written(())) == ((), "")


@pytest.mark.parametrize(
    "text", ["Size 90", "= 90", "Size =", "尺码 / = 90", "/ Size = 90", "Size = 90\nsize = 100", f"Size = {'9' * 61}"]
)
def test_what_is_no_option_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="options_invalid"):
        variants.read(text)


def test_variants_are_the_same_whatever_the_order_or_the_case() -> None:
    assert variants.same((SIZE, RED), (option(("colour", "色"), ("RED", "红")), SIZE))
    assert not variants.same((SIZE,), (SIZE, RED))
    assert variants.same((), ())
