"""Ranges: whatever is asked, what is told fits the file, is read back as it was told, and goes on without a gap."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.protocol import ranges
from sync.protocol.ranges import Span, Unsatisfiable

sizes = st.integers(1, 10**12)


@given(st.integers(0, 2 * 10**12), st.none() | st.integers(0, 2 * 10**12), sizes)
def test_what_is_told_is_within_the_file_and_within_what_was_asked(first: int, last: int | None, size: int) -> None:
    header = f"bytes={first}-{'' if last is None else last}"
    if last is not None and last < first:
        assert ranges.asked(header, size) is None
        return
    if first >= size:
        with pytest.raises(Unsatisfiable):
            ranges.asked(header, size)
        return
    span = ranges.asked(header, size)
    assert span is not None
    assert span.first == first
    assert span.last == min(size - 1, size - 1 if last is None else last)


@given(st.integers(0, 2 * 10**12), sizes)
def test_the_end_of_a_file(wanted: int, size: int) -> None:
    if not wanted:
        with pytest.raises(Unsatisfiable):
            ranges.asked("bytes=-0", size)
        return
    span = ranges.asked(f"bytes=-{wanted}", size)
    assert span == Span(size - min(wanted, size), size - 1)
    assert span.length == min(wanted, size)


@given(st.data(), sizes)
def test_what_is_told_is_read_as_it_was_told(data: st.DataObject, size: int) -> None:
    first = data.draw(st.integers(0, size - 1))
    span = Span(first, data.draw(st.integers(first, size - 1)))
    assert ranges.read_told(ranges.told(span, size)) == (span, size)


@given(sizes, st.lists(st.integers(0, 10**12), max_size=6))
def test_a_file_that_breaks_off_again_and_again_comes_whole(size: int, breaks: list[int]) -> None:
    here = 0
    for length in breaks:
        if here == size:
            break
        span = ranges.asked(ranges.from_byte(here), size)
        assert span is not None
        assert span.first == here
        here = min(here + length, span.last + 1)
    if here < size:
        assert ranges.asked(ranges.from_byte(here), size) == Span(here, size - 1)


@given(st.text(max_size=40), sizes)
def test_whatever_stands_there_is_a_range_all_of_it_or_nothing_of_it(header: str, size: int) -> None:
    try:
        span = ranges.asked(header, size)
    except Unsatisfiable:
        return
    assert span is None or 0 <= span.first <= span.last < size


@pytest.mark.parametrize("header", ["", "bytes=", "bytes=-", "bytes=0-1,4-5", "items=0-1", "bytes=5-2", "bytes=a-b"])
def test_what_is_no_single_range_asks_for_all(header: str) -> None:
    assert ranges.asked(header, 10) is None


@pytest.mark.parametrize("header", ["", "bytes */10", "bytes 5-2/10", "bytes 0-10/10", "bytes 0-9/*", "bytes 0-9/10x"])
def test_an_answer_that_cannot_be_is_none(header: str) -> None:
    assert ranges.read_told(header) is None
