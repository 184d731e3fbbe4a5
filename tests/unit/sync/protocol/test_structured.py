from decimal import Decimal

import pytest

from sync.protocol.structured import (
    FieldInvalid,
    InnerList,
    Item,
    Token,
    parse_dictionary,
    serialise,
    serialise_dictionary,
)


def test_every_kind_of_value() -> None:
    text = 'a=1, b=-2.5;x=tok;y, c="q\\"\\\\", d=:AQID:, e, f=?0, g=(1 "two";k=3  t/x);p, h;z=1'
    assert parse_dictionary(text) == {
        "a": Item(1),
        "b": Item(Decimal("-2.5"), {"x": Token("tok"), "y": True}),
        "c": Item('q"\\'),
        "d": Item(b"\1\2\3"),
        "e": Item(True),
        "f": Item(False),
        "g": InnerList((Item(1), Item("two", {"k": 3}), Item(Token("t/x"))), {"p": True}),
        "h": Item(True, {"z": 1}),
    }
    assert serialise_dictionary(parse_dictionary(text)) == text.replace("  ", " ")


def test_the_last_of_equal_keys_wins() -> None:
    assert list(parse_dictionary("a=1,b=2,\ta=3").items()) == [("b", Item(2)), ("a", Item(3))]
    assert parse_dictionary("a;x=1;y;x=2")["a"].params == {"y": True, "x": 2}
    assert parse_dictionary("  ") == {}


@pytest.mark.parametrize(
    "text",
    [
        "a=",
        "A=1",
        "a=1,",
        "a=1 b=2",
        "a=1.",
        "a=1.2345",
        "a=1234567890123456",
        'a="x',
        'a="\\x"',
        'a="é"',
        "a=:*:",
        "a=:AQI:",
        "a=:AQ",
        "a=?2",
        "a=(1",
        'a=("x""y")',
        "a=(1)x",
        "a;",
        "a;=1",
        ",",
        "a=--1",
        "é=1",
    ],
)
def test_what_breaks_the_grammar_is_refused(text: str) -> None:
    with pytest.raises(FieldInvalid):
        parse_dictionary(text)


@pytest.mark.parametrize(
    "value", ["line\nbreak", "茶", 10**15, Decimal(10) ** 13, Decimal("NaN"), Token("no token"), Token("")]
)
def test_what_no_field_can_carry_is_not_written(value: str | int | Decimal) -> None:
    with pytest.raises(FieldInvalid):
        serialise(Item(value))
    with pytest.raises(FieldInvalid):
        serialise(Item(1, {"x": value}))


def test_keys_are_checked_when_written() -> None:
    with pytest.raises(FieldInvalid):
        serialise_dictionary({"A": Item(1)})
    with pytest.raises(FieldInvalid):
        serialise(Item(1, {"A": 1}))


def test_decimals_have_one_form() -> None:
    assert [serialise(Item(Decimal(text))) for text in ("1", "1.50", "1E+2", "0.0005")] == [
        "1.0",
        "1.5",
        "100.0",
        "0.0",
    ]
