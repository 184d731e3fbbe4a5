"""A small chain for tests, made through HQ's own services: two stores with staff, products, prices, policies, stock.

Django must be set up and its database migrated. Every store made here is new, so tests of one database do not meet.
`python -m tests.shop DATA_FOLDER` makes one in a data folder and prints it, with enrolment codes, as JSON.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec

PIN = "258046"
PRICES = (4_990, 1_250, 29_900)
"""Unit prices in minor units of the three products, in the order of `Chain.product_ids`."""


@dataclass(frozen=True)
class Shop:
    """A store with its guide and its manager (both with the PIN `PIN`)."""

    store_id: str
    code: str
    scope: str
    guide_id: str
    manager_id: str


@dataclass(frozen=True)
class Chain:
    """What all stores share: three products with prices, the policies' kinds with version "1"."""

    product_ids: tuple[str, ...]
    list_id: str
    policies: tuple[str, ...]


def make_chain() -> Chain:
    """Category, products, a price list of the chain, policies. Call it once a database."""
    from guide_app.domain.records import Names, Settings
    from hq.catalogue import services as catalogue
    from hq.catalogue.models import Category, PriceList, Product
    from hq.policies import services as policies
    from hq.policies.models import Policy, ScopeSettings
    from hq.protocol import scopes

    category = Category(name_en="Baby care", name_zh="婴儿护理")
    catalogue.save_category(category)
    named = (("Milk powder 900 g", "婴儿奶粉"), ("Wet wipes", "湿巾"), ("Pushchair", "婴儿推车"))
    products = [
        Product(sku=f"T{n:03}", name_en=en, name_zh=zh, category_id=category.id, barcodes=[f"69012345678{n:02}"])
        for n, (en, zh) in enumerate(named)
    ]
    for product in products:
        catalogue.save_product(product)
    ids = tuple(str(product.id) for product in products)
    prices = PriceList(
        scope=scopes.of_chain(), name_en="Test prices", name_zh="测试价格", valid_from=datetime(2026, 1, 1, tzinfo=UTC)
    )
    catalogue.save_price_list(prices, dict(zip(ids, PRICES, strict=True)))
    kinds = ("terms", "marketing_phone")
    for position, kind in enumerate(kinds):
        policies.save_policy(
            Policy(
                kind=kind,
                version="1",
                title_en=kind,
                title_zh=kind,
                text_en="Words.",
                text_zh="条款。",
                required=kind == "terms",
                position=position,
            )
        )
    values = msgspec.to_builtins(Settings(data_note=Names(en="Synthetic data", zh="合成数据")))
    policies.save_settings(ScopeSettings(scope=scopes.of_chain(), values=values))
    return Chain(ids, str(prices.id), kinds)


def make_shop(chain: Chain, *, stock: int = 100) -> Shop:
    """A new store in a new region, with a guide, a manager, and `stock` pieces of every product but the last."""
    from guide_app.domain.records import Record
    from guide_app.domain.records import Stock as StockRecord
    from hq.catalogue.mapping import STOCK
    from hq.protocol import saving
    from hq.staff import services as staff
    from hq.staff.models import Staff
    from hq.stores import services as stores
    from hq.stores.models import Region, Store

    used = Store.objects.count()
    region = stores.save_region(Region(code=f"r{used}", name_en=f"Region {used}", name_zh=f"{used}区"))
    store = stores.save_store(Store(code=f"{100 + used}", name_en=f"Shop {used}", name_zh=f"{used}号店", region=region))
    pin = staff.hash_pin(PIN)
    guide = Staff(store_id=store.id, name="王芳", staff_no="01", role="guide", pin=pin)
    manager = Staff(store_id=store.id, name="Li Wei", staff_no="02", role="manager", pin=pin)
    staff.save(guide)
    staff.save(manager)
    records: dict[str, Record] = {product: StockRecord(on_hand=stock) for product in chain.product_ids[:-1]}
    saving.save(STOCK, str(store.id), records)
    return Shop(str(store.id), store.code, store.scope, str(guide.id), str(manager.id))


def new_code(shop: Shop) -> str:
    """A one-time code that enrols one tablet in the shop."""
    from django.utils import timezone

    from hq.devices import services as devices
    from hq.stores.models import Store

    return devices.new_code(Store.objects.get(id=shop.store_id), timezone.now()).code


def main(data: Path) -> None:
    """Makes two shops in the data folder; prints them with four codes: three of the first, one of the second."""
    from hq.database.opening import migrate, opened

    with opened(data):
        migrate()
        chain = make_chain()
        first, second = make_shop(chain), make_shop(chain)
        codes = [new_code(shop) for shop in (first, first, first, second)]
        print(json.dumps({"shops": [asdict(first), asdict(second)], "codes": codes}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
