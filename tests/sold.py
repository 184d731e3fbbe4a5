"""An order as a receipt shows it, with everything that can stand on one."""

from __future__ import annotations

from typing import Any

import msgspec

from guide_app.domain.receipt.sale import ShopFront, Sold
from guide_app.domain.records import (
    Discount,
    Fulfilment,
    Names,
    Order,
    OrderLine,
    Payment,
    PaymentIntent,
    Totals,
)

NAPPIES, CREAM, PRAM = "p-nappies", "p-cream", "p-pram"
NUMBER = "101AB7K00423"
PRODUCTS = {
    NAPPIES: Names(en="Cloud nappies M", zh="云朵纸尿裤 M"),
    CREAM: Names(en="Oat body cream", zh="燕麦润肤霜"),
    PRAM: Names(
        en="Light pushchair Air with rain cover, cup holder and organiser",
        zh="轻便推车 Air（含雨罩、杯架与收纳袋，附赠旅行收纳包）",
    ),
}
SHOP = ShopFront(
    name=Names(en="Wutong Road", zh="暖芽·梧桐路店"),
    time_zone="Asia/Shanghai",
    language="zh",
    address=Names(en="12 Wutong Road, Shanghai", zh="上海市徐汇区梧桐路 12 号"),
    phone="021-5555 0123",
    header=Names(en="Warm from the first day", zh="从第一天起的温暖"),
    footer=Names(en="Goods can be returned within 30 days.", zh="30 天内凭小票退换。"),
)
ENGLISH = msgspec.structs.replace(SHOP, language="en")


def order(**more: Any) -> Order:
    """Three lines, two discounts, a part paid in cash."""
    lines = (
        OrderLine(line_id="l1", product_id=NAPPIES, qty=2, unit_price=11900, amount=20400,
                  discounts=(Discount(kind="promotion", amount=3400, label="纸尿裤满减"),)),
        OrderLine(line_id="l2", product_id=CREAM, qty=1, unit_price=7900, amount=6900,
                  discounts=(Discount(kind="member", amount=1000),)),
        OrderLine(line_id="l3", product_id=PRAM, qty=1, unit_price=109900, amount=109900),
    )  # fmt: skip
    made: dict[str, Any] = {
        "number": NUMBER, "state": "accepted", "guide_id": "g1", "placed_at": "2026-11-22T06:05:00.000Z",
        "currency": "CNY", "lines": lines, "totals": Totals(lines=141600, discounts=4400, total=137200),
        "member_id": "m1", "fulfilment": Fulfilment(kind="take_away"),
        "payment_intent": PaymentIntent(method="card", amount=137200),
        "payments": (Payment(method="cash", amount=37200, given=40000, at="2026-11-22T06:05:00.000Z", id="p1"),),
    }  # fmt: skip
    return Order(**{**made, **more})


def sold(**more: Any) -> Sold:
    """The order with its names."""
    return Sold(**{"order": order(), "products": PRODUCTS, "guide": "林晓棠", "member": "陈**  138****1234", **more})
