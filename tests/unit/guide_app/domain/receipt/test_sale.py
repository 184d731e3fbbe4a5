"""A receipt says everything the order says: every cent of discount with its reason, what was paid and what is owed."""

from __future__ import annotations

import pytest

from guide_app.domain import payments
from guide_app.domain.receipt import Code, Document, Line, Pair, Rule
from guide_app.domain.receipt.sale import local_time, mask_name, reason, receipt
from guide_app.domain.receipt.trial import trial_page
from guide_app.domain.receipt.words import WORDS, PaperLanguage, bare, language_of, money, word
from guide_app.domain.records import Discount, Names, Payment
from guide_app.operations.cards import EXCHANGE
from tests.sold import ENGLISH, NUMBER, SHOP, order, sold


def pairs(document: Document) -> list[tuple[str, str]]:
    return [(block.name, block.figure) for block in document.blocks if isinstance(block, Pair)]


def test_a_receipt_in_english() -> None:
    document = receipt(sold(), ENGLISH)
    assert pairs(document) == [
        ("Order", "101-AB7K-0042-3"), ("Time", "2026-11-22 14:05"), ("Served by", "林晓棠"),
        ("Member", "陈**  138****1234"), ("Goods", "taken away"),
        ("2 × 119.00", "238.00"), ("纸尿裤满减", "-34.00"),
        ("1 × 79.00", "79.00"), ("Member price", "-10.00"),
        ("1 × 1,099.00", "1,099.00"),
        ("Before discounts", "1,416.00"), ("Discounts", "-44.00"), ("Total", "¥1,372.00"),
        ("Cash", "372.00"), ("Handed over", "400.00"), ("Change", "28.00"), ("To pay", "¥1,000.00"),
    ]  # fmt: skip
    texts = document.texts
    assert texts[:4] == ("Wutong Road", "12 Wutong Road, Shanghai", "021-5555 0123", "Warm from the first day")
    assert texts[-1] == "Goods can be returned within 30 days."
    assert Code(text=NUMBER) in document.blocks
    assert document.number == NUMBER
    assert "COPY" not in texts


def test_a_receipt_in_chinese() -> None:
    document = receipt(sold(), SHOP)
    assert ("待付", "¥1,000.00") in pairs(document)
    assert ("会员价", "-10.00") in pairs(document)
    assert "云朵纸尿裤 M" in document.texts
    assert document.title == "销售小票 101-AB7K-0042-3"


def test_a_promotion_is_named_in_the_language_of_the_paper() -> None:
    discount = Discount(kind="promotion", amount=1, label="by hand", names=Names(en="Nappy week", zh="纸尿裤周"))
    assert (reason(discount, "zh"), reason(discount, "en")) == ("纸尿裤周", "Nappy week")
    assert reason(Discount(kind="manual", amount=1, label="box torn"), "en") == "box torn"
    assert reason(Discount(kind="manual", amount=1), "en") == "By agreement"


def test_the_lines_and_their_reasons_add_up_to_the_total() -> None:
    blocks = receipt(sold(), SHOP).blocks
    lines = blocks[blocks.index(Rule()) : len(blocks) - 1 - blocks[::-1].index(Rule())]
    figures = [block for block in lines if isinstance(block, Pair)]
    assert sum(int(pair.figure.replace(",", "").replace(".", "")) for pair in figures) == order().totals.total


def test_a_copy_says_that_it_is_one_and_when_it_was_made() -> None:
    document = receipt(sold(copied_at="2026-11-23T01:00:00.000Z"), ENGLISH)
    assert Line(text="COPY", align="centre", strong=True, big=True) in document.blocks
    assert "Copy printed 2026-11-23 09:00" in document.texts


def test_a_cancelled_order_says_so_and_owes_nothing_but_what_was_paid() -> None:
    cancelled = order(state="cancelled", cancelled_at="2026-11-22T07:00:00.000Z")
    document = receipt(sold(order=cancelled), ENGLISH)
    assert "CANCELLED" in document.texts
    assert pairs(document)[-1] == ("To give back", "¥372.00")


@pytest.mark.parametrize(
    ("paid", "last"),
    [
        ((), ("To pay", "¥1,372.00")),
        ((137200,), ("Cash", "1,372.00")),
        ((100000, 37200), ("Cash", "372.00")),
        ((140000,), ("To give back", "¥28.00")),
    ],
)
def test_what_is_owed_stands_last(paid: tuple[int, ...], last: tuple[str, str]) -> None:
    payments = tuple(Payment(method="cash", amount=amount) for amount in paid)
    assert pairs(receipt(sold(order=order(payments=payments)), ENGLISH))[-1] == last


def test_what_was_given_back_is_told() -> None:
    legs = (Payment(method="card", amount=140000, id="a"), Payment(method="cash", amount=2800, id="b", kind="refunded"))
    assert pairs(receipt(sold(order=order(payments=legs)), ENGLISH))[-2:] == [
        ("Card", "1,400.00"), ("Given back (Cash)", "-28.00"),
    ]  # fmt: skip


def test_a_product_that_has_not_arrived_yet_and_words_of_a_newer_hq() -> None:
    newer = order(payments=(Payment(method="crypto", amount=1),))
    document = receipt(sold(order=newer, products={}, guide="", member=""), ENGLISH)
    assert document.texts.count("Product") == 3
    assert ("crypto", "0.01") in pairs(document)


def test_money_keeps_every_minor_unit() -> None:
    assert money(-123456789, "CNY") == "-¥1,234,567.89"
    assert money(5, "KWD") == "KWD 0.005"
    assert bare(-1500, "JPY") == "-1,500"


def test_a_customer_is_masked() -> None:
    assert mask_name("陈静") == "陈**"
    assert mask_name(" Anna Schwarzenberger ") == "A**"
    assert mask_name("") == ""


def test_the_language_of_paper() -> None:
    assert [language_of("", region) for region in ("CN", "TW", "DE")] == ["zh", "zh", "en"]
    assert language_of("en", "CN") == "en"


def test_every_word_is_there_in_both_languages() -> None:
    assert [key for key, names in WORDS.items() if not (names.en and names.zh)] == []
    assert [key for key, names in WORDS.items() if names.en.count("{") != names.zh.count("{")] == []
    assert word("method.unheard_of", "zh") == "unheard_of"


def test_a_shop_at_the_edge_of_a_day() -> None:
    assert local_time("2026-11-22T16:30:00.000Z", "Asia/Shanghai") == "2026-11-23 00:30"


@pytest.mark.parametrize(("columns", "chinese"), [(32, True), (48, False)])
def test_a_test_page_shows_both_ends_of_a_line(columns: int, chinese: bool) -> None:
    texts = trial_page(SHOP, "2026-11-22T06:05:00.000Z", columns, chinese=chinese).texts
    assert [text for text in texts if len(text) == columns] == [("1234567890" * 5)[:columns]]
    assert ("中文：中文打印正常 ￥12.80" in texts) == chinese


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_way_of_paying_has_its_name(language: PaperLanguage) -> None:
    ways = (*payments.TILL, payments.GIFT_CARD, payments.QR, EXCHANGE)
    named = {way: word(f"method.{way}", language) for way in ways}
    assert len(set(named.values())) == len(ways)
    assert not any(name in (way, f"method.{way}") for way, name in named.items())
