import pytest

from guide_app.domain import numbers
from guide_app.domain.errors import BadInput, Defect


def test_the_documented_examples() -> None:
    assert numbers.compose("101", "AB", "7K", 42) == "101AB7K00423"
    assert numbers.group("101AB7K00423") == "101-AB7K-0042-3"
    assert numbers.group(numbers.compose("123456", "ZZ", "9Y", 9_999_999_999)) == "123456-ZZ9Y-9999999999-V"


@pytest.mark.parametrize(
    "text", ["101ab7k00423", " 101-AB7K-0042-3 ", "101 ab7k 0042 3", "101–AB7K—0042−3", "１０１ＡＢ７Ｋ００４２３"]
)
def test_any_writing_is_read(text: str) -> None:
    assert numbers.parse(text) == ("101", "AB", "7K", 42, "3")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "101",
        "101AB7K0042",
        "10AB7K00423",
        "1010101AB7K00423",
        "101AB7700423",
        "101AL7K00423",
        "101AB7K000423",
        "1" * 10_000,
    ],
)
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="number_invalid"):
        numbers.parse(text)


def test_a_wrong_character_is_named_as_such() -> None:
    with pytest.raises(BadInput, match="number_check"):
        numbers.parse("101AB7K00433")


@pytest.mark.parametrize(
    "parts",
    [("10", "AB", "7K", 1), ("1010101", "AB", "7K", 1), ("101", "A", "7K", 1), ("101", "IO", "7K", 1),
     ("101", "AB", "77", 1), ("101", "AB", "7K", -1), ("101", "AB", "7K", 10**10), ("101A", "B7", "K0", 1),
     ("１01", "AB", "7K", 1)],
)  # fmt: skip
def test_parts_outside_the_scheme_are_our_bug(parts: tuple[str, str, str, int]) -> None:
    with pytest.raises(Defect):
        numbers.compose(*parts)


def test_incarnation_characters_fit_the_scheme() -> None:
    assert numbers.incarnation_chars("00000000-0000-4000-8000-000000000001") == numbers.incarnation_chars(
        "00000000-0000-4000-8000-000000000001"
    )
    chars = {numbers.incarnation_chars(f"00000000-0000-4000-8000-{n:012x}") for n in range(2000)}
    assert len(chars) == len(numbers.MIXED) * len(numbers.LETTERS)
    for two in chars:
        numbers.compose("101", "AB", two, 1)
