"""Laws of the domain's small modules."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from guide_app.domain import clock, money, names, numbers, phone
from guide_app.domain.errors import BadInput

store_codes = st.from_regex(r"[0-9]{3,6}", fullmatch=True)
two_letters = st.text(numbers.LETTERS, min_size=2, max_size=2)
incarnations = st.builds(str.__add__, st.sampled_from(numbers.MIXED), st.sampled_from(numbers.LETTERS))
made_numbers = st.builds(numbers.compose, store_codes, two_letters, incarnations, st.integers(0, 10**10 - 1))
ALL_SYMBOLS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def refused(text: str) -> bool:
    try:
        numbers.parse(text)
    except BadInput:
        return True
    return False


@given(store_codes, two_letters, incarnations, st.integers(0, 10**10 - 1))
def test_a_number_reads_back_as_its_parts(store: str, letters: str, incarnation: str, n: int) -> None:
    text = numbers.compose(store, letters, incarnation, n)
    assert numbers.parse(text)[:4] == (store, letters, incarnation, n)
    assert numbers.parse(numbers.group(text).lower()) == numbers.parse(text)


@given(made_numbers)
def test_every_single_wrong_character_is_found(text: str) -> None:
    for i, right in enumerate(text):
        for wrong in ALL_SYMBOLS:
            if wrong != right:
                assert refused(text[:i] + wrong + text[i + 1 :])


@given(made_numbers)
def test_every_swap_of_neighbours_is_found(text: str) -> None:
    for i in range(len(text) - 1):
        if text[i] != text[i + 1]:
            assert refused(text[:i] + text[i + 1] + text[i] + text[i + 2 :])


@given(st.text(max_size=40))
def test_reading_a_number_raises_only_bad_input(text: str) -> None:
    refused(text)


amounts = st.integers(-(10**12), 10**12)
some_shares = st.lists(st.integers(0, 10**6), min_size=1, max_size=12).filter(any)


@given(amounts, some_shares)
def test_split_conserves_money_and_is_undone_exactly(amount: int, shares: list[int]) -> None:
    parts = money.split(amount, shares)
    assert sum(parts) == amount
    assert money.split(-amount, shares) == [-part for part in parts]
    for part, share in zip(parts, shares, strict=True):
        assert abs(part * sum(shares) - amount * share) < sum(shares)


@given(amounts, some_shares, st.integers())
def test_split_does_not_depend_on_the_order(amount: int, shares: list[int], seed: int) -> None:
    shuffled = shares.copy()
    random.Random(seed).shuffle(shuffled)
    assert Counter(zip(shares, money.split(amount, shares), strict=True)) == Counter(
        zip(shuffled, money.split(amount, shuffled), strict=True)
    )


@given(amounts, st.integers(0, money.WHOLE))
def test_percent_is_within_half_a_unit_and_symmetric(amount: int, points: int) -> None:
    part = money.percent(amount, points)
    assert abs(2 * (part * money.WHOLE - amount * points)) <= money.WHOLE
    assert money.percent(-amount, points) == -part


@given(amounts, st.sampled_from(["CNY", "JPY", "KWD"]))
def test_major_units_read_back(amount: int, currency: str) -> None:
    assert money.from_major(str(money.to_major(amount, currency)), currency) == amount


@given(st.datetimes(timezones=st.just(UTC)))
def test_a_moment_reads_back_to_the_millisecond(moment: datetime) -> None:
    assert clock.from_text(clock.to_text(moment)) == moment.replace(microsecond=moment.microsecond // 1000 * 1000)


@given(st.text(max_size=60), st.sampled_from(["CN", "US", "HK", "", "??"]))
def test_phones_raise_only_bad_input_and_give_stable_e164(text: str, region: str) -> None:
    phone.mask(text, region)
    phone.display(text, region)
    try:
        e164 = phone.normalise(text, region)
    except BadInput:
        return
    assert phone.is_valid_e164(e164)
    assert phone.normalise(e164, region) == e164


@given(st.text(max_size=40))
def test_names_of_any_text_have_keys_that_find_them(text: str) -> None:
    keys = names.search_keys(text)
    tokens = names.pinyin_tokens(keys.pinyin).split()
    assert len(keys.initials) == len(keys.pinyin.split())
    assert len(tokens) <= 96
    if keys.pinyin:
        assert tokens[0] == keys.pinyin.replace(" ", "")
        assert names.spaced(text) == keys.chars
