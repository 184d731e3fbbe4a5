"""The set of fingerprints: nobody who is in it is ever missed, and few others are taken for one."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guide_app.domain.errors import BadInput
from guide_app.domain.radar import Radar, build

KEY, OTHER = bytes(range(32)), bytes(32)


@given(st.sets(st.integers(10**9, 10**10).map(lambda n: f"+86{n}"), max_size=600))
def test_nobody_is_missed(phones: set[str]) -> None:
    radar = Radar(build(phones, KEY), KEY)
    assert all(map(radar.may_have, phones))


def test_few_others_are_taken_for_a_member_and_a_phone_costs_under_fourteen_bits() -> None:
    numbers = random.Random(7).sample(range(10**9), 40_000)
    phones = [f"+8613{n:09d}" for n in numbers]
    data = build(phones[:20_000], KEY)
    radar = Radar(data, KEY)
    assert sum(map(radar.may_have, phones[20_000:])) < 20
    assert len(data) * 8 / 20_000 < 14


def test_under_another_key_it_says_nothing() -> None:
    phones = [f"+8613{n:09d}" for n in range(5000)]
    assert sum(map(Radar(build(phones, KEY), OTHER).may_have, phones)) < 20


@pytest.mark.parametrize("data", [b"", b"SGR1", b"SGR2" + bytes(4), b"SGR1" + bytes(9)])
def test_what_is_no_set_is_refused(data: bytes) -> None:
    with pytest.raises(BadInput, match="radar_invalid"):
        Radar(data, KEY)
