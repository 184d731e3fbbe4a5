"""Who buys at staff prices is chosen by the number on their card, scanned or typed."""

from __future__ import annotations

from typing import Any

import pytest

from tests.qt.viewmodels.on_store import OnStore
from tests.unit.guide_app.services.kit import OTHER
from tests.unit.guide_app.services.test_staff_purchase import entitled
from tests.unit.local_store.kit import PRODUCTS
from ui.viewmodels.staff_purchase import StaffPurchaseViewModel

pytestmark = pytest.mark.asyncio


async def test_a_card_or_its_number_chooses_the_buyer_and_another_one_is_told(shop: OnStore) -> None:
    await entitled(shop.do)
    shop.order.enter({})
    shop.order.add(PRODUCTS[0], 1)
    await shop.settle()
    (person,) = await shop.do.value.staff.colleagues("")
    sheet: Any = StaffPurchaseViewModel(shop.order.desk, shop.order, shop.do.value.staff, shop.do.session)
    sheet.enter({})
    await shop.settle()
    sheet.scanned("9999")
    assert (sheet.number, sheet.problem) == ("9999", "Nobody who may buy at staff prices now has this number.")
    assert shop.order.staff_now == ""
    sheet.setNumber("")
    assert sheet.problem == ""
    sheet.take()
    assert shop.order.staff_now == "", "nothing typed chooses nobody"
    sheet.scanned(f" {person.number.lower()} ")
    await shop.settle()
    assert (shop.order.staff_now, person.id) == (OTHER, OTHER)
