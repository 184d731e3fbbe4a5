"""The set of fingerprints: nobody who is in it is ever missed, few others are taken for one, and those in every set."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guide_app.domain.errors import BadInput
from guide_app.domain.radar import LEAST_BITS, MOST_BITS, PER_BUCKET, RadarSet, made, names

SALT, KEY, OTHER = bytes(range(32)), bytes(32), bytes(range(1, 33))
BITS = 7
NUMBERS = random.Random(7).sample(range(10**9), 60_000)
PHONES = [f"+8613{n:09d}" for n in NUMBERS[:20_000]]
STRANGERS = [f"+8613{n:09d}" for n in NUMBERS[20_000:]]


def radar(phones: list[str], key: bytes = KEY, bits: int = BITS) -> RadarSet:
    return made(names(phones, SALT), SALT, key, bits)


SMALL = radar(PHONES[: PER_BUCKET // 2])


def taken(found: RadarSet) -> set[str]:
    """The strangers whom the set takes for members."""
    return set(filter(found.may_have, STRANGERS))


@given(st.sets(st.integers(10**9, 10**10).map(lambda n: f"+86{n}"), max_size=600), st.integers(LEAST_BITS, MOST_BITS))
def test_nobody_is_missed(phones: set[str], bits: int) -> None:
    assert all(map(radar(sorted(phones), bits=bits).may_have, phones))


def test_few_strangers_are_taken_for_members_and_a_phone_costs_under_nine_bits() -> None:
    found = radar(PHONES)
    assert 1.3 / 2**BITS < len(taken(found)) / len(STRANGERS) < 2.2 / 2**BITS
    assert sum(map(len, found.buckets)) * 8 / len(PHONES) < 9


def test_under_another_key_it_says_nothing() -> None:
    found = radar(PHONES)
    other = RadarSet(radar(PHONES, OTHER).terms, found.buckets)
    assert sum(map(other.may_have, PHONES)) / len(PHONES) < 2.2 / 2**BITS


def test_two_sets_of_other_keys_have_nothing_in_common_but_leave_the_same_strangers_in_doubt() -> None:
    one, two = radar(PHONES), radar(PHONES, OTHER)
    assert not set(one.buckets) & set(two.buckets)
    both, alone = taken(one) & taken(two), len(taken(one)) / len(STRANGERS)
    assert len(both) / len(STRANGERS) > 10 * alone**2


@given(st.lists(st.sampled_from(PHONES), unique=True, max_size=300), st.randoms(use_true_random=False))
def test_the_same_members_make_the_same_version_in_whatever_order(phones: list[str], chance: random.Random) -> None:
    again = phones[:]
    chance.shuffle(again)
    assert radar(phones).version == radar(again).version


def test_other_members_another_key_and_another_rate_make_another_version() -> None:
    some = PHONES[:100]
    found = {radar(some).version, radar(some[1:]).version, radar(some, OTHER).version, radar(some, bits=8).version}
    assert len(found) == 4


def test_an_empty_set_knows_nobody() -> None:
    found = radar([])
    assert (found.terms.count, list(found.buckets), found.may_have("+8613800000000")) == (0, [], False)


@given(st.integers(1, 40))
def test_a_bucket_that_is_cut_off_finds_nobody_or_is_refused(kept: int) -> None:
    found = SMALL
    cut = RadarSet(found.terms, [found.buckets[0][:-kept]])
    missed = 0
    for phone in PHONES[: PER_BUCKET // 2]:
        try:
            missed += not cut.may_have(phone)
        except BadInput as problem:
            missed += problem.code == "radar_invalid"
    assert missed
    assert cut.version != found.version


def test_a_bucket_without_its_end_is_told() -> None:
    terms = radar(PHONES[:1]).terms
    with pytest.raises(BadInput, match="radar_invalid"):
        terms.has(b"\xfe", 10_000)  # a zero, and no rest behind it
