"""HQ's page of a quotation: what was promised, and how the goods would reach the customer."""

from __future__ import annotations

from guide_app.domain.records import Fulfilment, Names, Quotation, Recipient, Totals
from tests import shop as shops
from tests.ops import new_id


def test_the_page_says_the_way_with_the_phone_masked_as_the_order_does(hq_database: str) -> None:
    from django.contrib import admin

    from hq.console import goods_ways
    from hq.protocol import saving
    from hq.quotations.admin import QuotationAdmin
    from hq.quotations.mapping import QUOTATION
    from hq.quotations.models import Quotation as Row

    shop = shops.make_shop(shops.make_chain(), stock=5)
    to = Recipient(name="陈静", phone="+8613800000007", address="长安路 1 号")
    goes = Fulfilment(kind="ship", store_id=shop.store_id, at=Names(en="East", zh="东店"), day="2026-12-01", to=to)
    ways = {new_id(): goes, new_id(): Fulfilment()}
    for row_id, way in ways.items():
        made = Quotation(
            number=f"N{row_id[:8]}", guide_id=shop.guide_id, made_at="2026-11-20T10:00:00.000Z", currency="CNY",
            valid_until="2026-12-04", totals=Totals(lines=990, discounts=0, total=990), fulfilment=way,
        )  # fmt: skip
        saving.save(QUOTATION, shop.store_id, {row_id: made})
    page = QuotationAdmin(Row, admin.site)
    assert "shown_fulfilment" in page.fields
    sent, taken = (page.shown_fulfilment(Row.objects.get(id=row_id)) for row_id in ways)
    assert all(word in sent for word in ("East", "2026-12-01", "陈静", "长安路 1 号"))
    assert "13800000007" not in sent
    assert len(goods_ways.facts(goes)) == 5
    assert len(goods_ways.facts(Fulfilment())) == 1
    assert "<tr" in taken
    assert "East" not in taken
