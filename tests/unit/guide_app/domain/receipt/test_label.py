"""The label of goods that are sent: all that a carrier needs, and nothing of what was bought."""

from __future__ import annotations

import msgspec
import pytest

from guide_app.domain.receipt import Code, Line
from guide_app.domain.receipt.label import Sending, label, labelled
from guide_app.domain.records import Fulfilment, Names, Recipient
from tests.sold import ENGLISH, NUMBER, PRODUCTS, SHOP

TO = Recipient(name="陈静", phone="+8613800000007", address="上海市长宁区长宁路 1 号 12 幢 302")
SENDING = Sending(number=NUMBER, to=TO, note="门铃坏了", pieces=3, region="CN")


def test_it_says_who_where_and_from_whom_and_not_what() -> None:
    texts = label(SENDING, SHOP, masked=False).texts
    for words in (
        "收件人",
        "陈静",
        "138 0000 0007",
        TO.address,
        "门铃坏了",
        "暖芽·梧桐路店",
        "021-5555 0123",
        "共 3 件",
    ):
        assert words in texts
    assert not any(name in text for text in texts for one in PRODUCTS.values() for name in (one.zh, one.en))
    assert not any("¥" in text for text in texts)


def test_a_screen_shows_the_end_of_the_phone_alone() -> None:
    texts = label(SENDING, ENGLISH, masked=True).texts
    assert "138****0007" in texts
    assert not any("1380000" in text.replace(" ", "") for text in texts)
    whole = label(SENDING, ENGLISH, masked=False)
    assert len(whole.texts) == len(texts)
    assert whole.title == "TO BE SENT TO 101-AB7K-0042-3"


def test_the_code_is_the_order_s_number_and_name_and_phone_are_large() -> None:
    blocks = label(SENDING, ENGLISH, masked=False).blocks
    assert [one.text for one in blocks if isinstance(one, Code)] == [NUMBER]
    assert [one.text for one in blocks if isinstance(one, Line) and one.big] == ["陈静", "138 0000 0007"]


def test_a_receiver_without_a_phone_or_a_wish_leaves_no_empty_line() -> None:
    bare = msgspec.structs.replace(
        SENDING, to=Recipient(name="陈静", phone="", address="长安路 1 号"), note="", pieces=1
    )
    texts = label(bare, msgspec.structs.replace(ENGLISH, address=Names(), phone=""), masked=False).texts
    assert all(texts)
    assert "1 piece" in texts


@pytest.mark.parametrize(
    ("goes", "to", "wanted"),
    [
        (Fulfilment(kind="ship"), TO, True),
        (Fulfilment(kind="ship"), None, False),
        (Fulfilment(kind="ship"), Recipient(name="陈静", phone=TO.phone), False),
        (Fulfilment(kind="pick_up"), TO, False),
        (Fulfilment(), None, False),
    ],
)
def test_only_what_is_sent_somewhere_has_one(goes: Fulfilment, to: Recipient | None, wanted: bool) -> None:
    assert labelled(goes, to) is wanted
