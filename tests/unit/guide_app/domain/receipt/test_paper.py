"""Columns: nothing is wider than the paper, nothing is lost, and every figure stands at the right end."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guide_app.domain.receipt import Code, Document, Line, Pair, Rule
from guide_app.domain.receipt.charset import CHARSETS, CHINESE, WESTERN, Charset
from guide_app.domain.receipt.paper import Row, rows, wrapped

TEXTS = st.text(
    st.one_of(
        st.sampled_from("云朵纸尿裤￥〓·—é𠮷👩 "),
        st.characters(min_codepoint=0x20, max_codepoint=0x7E),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=60,
)
CHARSET = st.sampled_from(sorted(CHARSETS)).map(CHARSETS.__getitem__)


def printed(document: Document, columns: int, charset: Charset = CHINESE) -> list[str]:
    return [row.text for row in rows(document, columns, charset) if isinstance(row, Row)]


def one(block: Line | Pair | Rule, columns: int = 20, charset: Charset = CHINESE) -> list[str]:
    return printed(Document(title="", blocks=(block,)), columns, charset)


def test_a_chinese_character_takes_two_columns() -> None:
    assert one(Pair(name="云朵纸尿裤", figure="119.00")) == ["云朵纸尿裤    119.00"]
    assert one(Line(text="梧桐路店", align="centre"), columns=12) == ["  梧桐路店"]
    assert one(Rule(), columns=5) == ["-----"]


def test_a_figure_that_has_no_room_beside_the_name_stands_below_at_the_right_end() -> None:
    assert one(Pair(name="云朵纸尿裤 大包装", figure="1,119.00")) == ["云朵纸尿裤 大包装", "            1,119.00"]
    assert one(Pair(name="a", figure="x" * 25)) == ["a", "x" * 20, " " * 15 + "xxxxx"]


def test_a_big_line_has_half_the_room() -> None:
    assert one(Line(text="梧桐路旗舰店", big=True)) == ["梧桐路旗舰", "店"]
    assert one(Pair(name="Total", figure="12.80", big=True), columns=24) == ["Total  12.80"]


def test_words_are_broken_at_blanks_and_only_where_they_must() -> None:
    assert wrapped("Warm from the first day", 10, WESTERN.width) == ["Warm from", "the first", "day"]
    assert wrapped("Gebrauchsanweisung", 10, WESTERN.width) == ["Gebrauchsa", "nweisung"]
    assert wrapped("one\ntwo", 10, WESTERN.width) == ["one", "two"]
    assert wrapped("", 10, WESTERN.width) == [""]


def test_what_a_chinese_printer_has_not_is_written_another_way() -> None:
    assert CHINESE.prepare("¥12") == "￥12"
    assert CHINESE.prepare("Ö — 𠮷野家 −5") == "O — 〓野家 -5"
    assert CHINESE.prepare("a\x1b@b\x00") == "a@b"
    assert WESTERN.prepare("￥12 Ö 中") == "¥12 Ö ?"


@given(TEXTS, TEXTS, st.integers(2, 60), CHARSET)
def test_nothing_is_wider_than_the_paper_and_nothing_is_lost(
    name: str, figure: str, columns: int, charset: Charset
) -> None:
    blocks = (
        Line(text=name), Line(text=name, align="centre"), Pair(name=name, figure=figure), Code(text="x"),
    )  # fmt: skip
    for block in blocks:
        lines = printed(Document(title="", blocks=(block,)), columns, charset)
        assert all(charset.width(line) <= columns for line in lines)
        wanted = {Line: [name], Pair: [name, figure], Code: []}[type(block)]
        kept = sorted("".join("".join(lines).split()))
        assert kept == sorted("".join("".join(charset.prepare(text) for text in wanted).split()))


@given(TEXTS)
def test_columns_are_those_of_east_asian_width(text: str) -> None:
    """But for a few letters of pinyin, which Chinese fonts draw as wide as a character (GBK A8BB to A8C0)."""
    text = "".join(char for char in CHINESE.prepare(text) if char not in "ɑḿńňǹɡ")
    assert CHINESE.width(text) == sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in text)


@given(TEXTS, CHARSET)
def test_what_is_prepared_can_be_encoded_and_stays_so(text: str, charset: Charset) -> None:
    once = charset.prepare(text)
    assert charset.prepare(once) == once
    assert charset.encode(once).decode(charset.codec) == once


@pytest.mark.parametrize("name", CHARSETS)
def test_no_control_byte_of_a_text_reaches_a_printer(name: str) -> None:
    charset = CHARSETS[name]
    sent = charset.encode(charset.prepare("".join(map(chr, range(0x250)))))
    assert not [byte for byte in sent if byte < 0x20 and byte != 0x0A]
    assert b"\x7f" not in sent
