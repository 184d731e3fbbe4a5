import pytest

from guide_app.domain import phone
from guide_app.domain.errors import BadInput


@pytest.mark.parametrize(
    "typed",
    ["13812341234", "138 1234 1234", "138-1234-1234", "１３８１２３４１２３４", "+86 138 1234 1234",
     "＋86 138 1234 1234", "0086 13812341234", "138—1234—1234", "\u202d13812341234\u202c", " 138\u30001234\u00a01234 "],
)  # fmt: skip
def test_what_people_type_becomes_e164(typed: str) -> None:
    assert phone.normalise(typed, "CN") == "+8613812341234"


@pytest.mark.parametrize(
    "typed",
    ["", "   ", "1381234123", "138123412345", "12345678901", "abc13812341234", "13812341234 ext 5", "+", "+86",
     "1-800-FLOWERS", "1" * 5000, "13812341234;ext=1", "张三", "+999 138 1234 1234", "\0" + "13812341234"],
)  # fmt: skip
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(BadInput, match="phone_invalid"):
        phone.normalise(typed, "CN")


def test_region_decides_about_a_number_without_plus() -> None:
    assert phone.normalise("51234567", "HK") == "+85251234567"
    assert phone.normalise("(201) 555-0123", "US") == "+12015550123"


def test_validity_needs_the_exact_form() -> None:
    assert phone.is_valid_e164("+8613812341234")
    for text in ("13812341234", "+86 13812341234", "+861", "+99913812341234", "+8601013812341234", ""):
        assert not phone.is_valid_e164(text)


def test_tail_and_display() -> None:
    assert phone.tail("+8613812341234") == "1234"
    assert phone.tail("+8613812341234", 6) == "341234"
    assert phone.display("+8613812341234", "CN") == "138 1234 1234"
    assert phone.display("+8613812341234", "US") == "+86 138 1234 1234"
    assert phone.display("none", "CN") == "none"


def test_mask_hides_at_least_four_digits() -> None:
    assert phone.mask("+8613812341234", "CN") == "138****1234"
    assert phone.mask("+8613812341234", "US") == "+86 138****1234"
    assert phone.mask("+85251234567", "HK") == "****4567"
    assert phone.mask("+12015550123", "US") == "20****0123"
    assert phone.mask("+67740123", "SB") == "****3"
    assert phone.mask("not a phone", "CN") == "****"
    assert phone.mask("", "CN") == "****"
