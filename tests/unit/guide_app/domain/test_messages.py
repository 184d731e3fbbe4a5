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


@given(st.text(alphabet="ab{}n ame", max_size=40))
def test_a_text_without_faults_is_filled_to_the_end_and_holds_no_brace(text: str) -> None:
    filled, missing = fill(text, WHOLE)
    assert missing == ()
    assert bool(faults(text)) == ("{" in filled or "}" in filled)
