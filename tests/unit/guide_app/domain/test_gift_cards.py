"""Numbers of gift cards: one wrong digit is found, whatever was typed around it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guide_app.domain import gift_cards
from guide_app.domain.errors import BadInput

RUNNING = st.integers(0, 10**11 - 1)


def test_the_example_of_the_module() -> None:
    assert gift_cards.numbered(42) == "6012000000000425"
    assert gift_cards.group("6012000000000425") == "6012 0000 0000 0425"
    assert gift_cards.last("6012000000000425") == "0425"


@pytest.mark.parametrize("text", ["6012 0000 0000 0425", " 6012-0000-0000-0425", "６０１２００００００００0425"])
def test_a_number_may_be_typed_in_groups(text: str) -> None:
    assert gift_cards.parse(text) == "6012000000000425"


@pytest.mark.parametrize("text", ["", "6012", "4012000000000425", "60120000000004255", "6012x00000000425", "6" * 70])
def test_what_is_no_number_of_a_card_is_said(text: str) -> None:
    with pytest.raises(BadInput, match="card_number_invalid"):
        gift_cards.parse(text)


@given(RUNNING, st.integers(4, 15), st.integers(1, 9))
def test_every_wrong_digit_is_found(running: int, place: int, more: int) -> None:
    number = gift_cards.numbered(running)
    wrong = number[:place] + str((int(number[place]) + more) % 10) + number[place + 1 :]
    with pytest.raises(BadInput, match="number_check"):
        gift_cards.parse(wrong)


@given(RUNNING, st.integers(4, 14))
def test_neighbours_that_change_places_are_found_but_of_0_and_9(running: int, place: int) -> None:
    number = gift_cards.numbered(running)
    pair = number[place : place + 2]
    swapped = number[:place] + pair[::-1] + number[place + 2 :]
    if pair[0] == pair[1] or set(pair) == {"0", "9"}:
        assert gift_cards.parse(swapped) == swapped
    else:
        with pytest.raises(BadInput, match="number_check"):
            gift_cards.parse(swapped)
