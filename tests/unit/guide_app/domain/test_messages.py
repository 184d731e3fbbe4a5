"""Texts of templates: what may stand in them, and what comes of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guide_app.domain.messages import SITUATIONS, VARIABLES, Fault, Variable, faults, fill, purpose, used

WHOLE: dict[Variable, str] = dict.fromkeys(VARIABLES, "x")


def test_a_text_is_filled_and_says_what_is_missing() -> None:
    text = "{name}，{product} 到了！{guide}，{store}。{name}"
    assert fill(text, {"name": "李娜", "guide": "林晓棠", "store": "梧桐路店", "product": "推车"}) == (
        "李娜，推车 到了！林晓棠，梧桐路店。李娜", (),
    )  # fmt: skip
    assert fill(text, {"name": "李娜", "product": ""}) == (
        "李娜，{product} 到了！{guide}，{store}。李娜",
        ("guide", "store", "product"),
    )
    assert used(text) == ("name", "guide", "store", "product")


def test_a_value_that_looks_like_a_variable_is_no_variable() -> None:
    assert fill("{name}: {product}", {"name": "{product}", "product": "Milk"}) == ("{product}: Milk", ())


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("plain", ()), ("{name} {date} {points}", ()), ("{nmae}", (Fault("nmae", 0),)), ("a {} b", (Fault("", 2),)),
        ("{ name }", (Fault(" name ", 0),)), ("100} off", (Fault("", 3),)), ("{name", (Fault("", 0),)),
        ("{x}{y}", (Fault("x", 0), Fault("y", 3))), ("{NAME}", (Fault("NAME", 0),)),
    ],
)  # fmt: skip
def test_what_cannot_be_filled_is_named_with_its_place(text: str, found: tuple[Fault, ...]) -> None:
    assert faults(text) == found


def test_only_what_they_asked_for_goes_without_a_consent_to_offers() -> None:
    of = {situation: purpose(situation) for situation in SITUATIONS}
    assert {situation for situation, why in of.items() if why == "marketing"} == {
        "birthday", "followup", "replenishment",
    }  # fmt: skip
    assert purpose("of a later version") == "marketing", "what is not known is no service"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Dear {name}! You have {points} points. See you, {guide}", "Dear Li! See you, Lin"),
        ("{name}，您有 {points} 分。下次见，{name}！", "下次见，Li！"),
        ("{name}您好。您有 {points} 分！下次见", "Li您好。下次见"),
        ("Now 3.50 off, {name}. {points} points are yours", "Now 3.50 off, Li."),
        ("Hello\nYour points: {points}\nBye", "Hello\nBye"),
        ("{name}: no points at all", "Li: no points at all"),
    ],
)
def test_what_is_said_by_the_way_goes_with_its_sentence_where_it_is_not_known(text: str, left: str) -> None:
    assert fill(text, {"name": "Li", "guide": "Lin"}) == (left, ())
    told, missing = fill(text, {"name": "Li", "guide": "Lin", "points": "320"})
    assert (("320" in told) == ("{points}" in text), missing) == (True, ())


def test_a_text_of_points_alone_is_not_sent_without_them() -> None:
    assert fill("{name}: {points}", {"name": "Li"}) == ("Li: {points}", ("points",))
    assert fill("{product}. {points}!", {}) == ("{product}.", ("product",))


@given(st.text(alphabet="ab{}n ame", max_size=40))
def test_a_text_without_faults_is_filled_to_the_end_and_holds_no_brace(text: str) -> None:
    filled, missing = fill(text, WHOLE)
    assert missing == ()
    assert bool(faults(text)) == ("{" in filled or "}" in filled)
