"""A quotation on paper says how the goods would reach the customer, and names nobody who gets them."""

from __future__ import annotations

import pytest

from guide_app.domain.receipt import Document, Pair
from guide_app.domain.receipt.quotation import Promised, quotation_paper
from guide_app.domain.receipt.sale import receipt
from guide_app.domain.receipt.words import PaperLanguage
from guide_app.domain.records import Fulfilment, Names, Quotation, Recipient
from tests.sold import ENGLISH, PRODUCTS, SHOP, order, sold

TO = Recipient(name="陈静", phone="+8613800000007", address="长安路 1 号")
EAST, NAMES = "00000000-0000-4000-8000-000000000064", Names(en="Nanjing East", zh="南京东路店")
WAYS: list[tuple[Fulfilment, PaperLanguage, list[tuple[str, str]]]] = [
    (Fulfilment(), "en", [("Goods", "taken away")]),
    (Fulfilment(kind="pick_up", day="2026-12-01"), "en", [("Goods", "to be picked up"), ("When", "2026-12-01")]),
    (Fulfilment(kind="pick_up", store_id=EAST, at=NAMES), "zh", [("提货方式", "到店取货"), ("门店", "南京东路店")]),
    (Fulfilment(kind="ship", fast=True, to=TO, note="门铃坏了"), "zh",
     [("提货方式", "配送到家"), ("时间", "两小时内")]),
    (Fulfilment(kind="ship", to=TO, store_id=EAST, at=NAMES), "en",
     [("Goods", "to be sent"), ("Shop", "Nanjing East")]),
    (Fulfilment(kind="pre_order", day="2026-12-24"), "zh", [("提货方式", "预订"), ("时间", "2026-12-24")]),
]  # fmt: skip


def paper(goes: Fulfilment, language: PaperLanguage) -> Document:
    made = order()
    quoted = Quotation(
        number=made.number, guide_id=made.guide_id, made_at=made.placed_at, valid_until="2026-12-04",
        currency=made.currency, lines=made.lines, totals=made.totals, fulfilment=goes,
    )  # fmt: skip
    return quotation_paper(Promised(quotation=quoted, products=PRODUCTS), ENGLISH if language == "en" else SHOP)


def ways(document: Document) -> list[tuple[str, str]]:
    names = {"Goods", "When", "Shop", "提货方式", "时间", "门店"}
    return [(one.name, one.figure) for one in document.blocks if isinstance(one, Pair) and one.name in names]


@pytest.mark.parametrize(("goes", "language", "told"), WAYS)
def test_it_says_the_way_as_the_order_s_receipt_would(
    goes: Fulfilment, language: PaperLanguage, told: list[tuple[str, str]]
) -> None:
    document = paper(goes, language)
    assert [one for one in ways(document) if not one[1].startswith("2026-11-")] == told
    as_sold = receipt(sold(order=order(fulfilment=goes)), ENGLISH if language == "en" else SHOP)
    assert set(told) <= set(ways(as_sold))
    for text in document.texts:
        assert not any(word in text for word in (TO.name, TO.phone[-4:], TO.address, "门铃")), "it may lie about"
