"""Categories, products, prices and stock as records and as tables."""

from __future__ import annotations

import msgspec

from guide_app.domain import clock
from guide_app.domain.records import Category as CategoryRecord
from guide_app.domain.records import Names, NearStock, Option, Picture
from guide_app.domain.records import Price as PriceRecord
from guide_app.domain.records import PriceList as PriceListRecord
from guide_app.domain.records import Product as ProductRecord
from guide_app.domain.records import Stock as StockRecord
from hq.catalogue.models import Category, Price, PriceList, Product, Stock
from hq.protocol import convert
from hq.protocol.mapping import FlatMapping
from hq.protocol.rows import Row


class CategoryMapping(FlatMapping[Category, CategoryRecord]):
    """The table `category`."""

    entity = "category"
    kind = CategoryRecord
    model = Category
    in_store = False

    def to_record(self, item: Category) -> CategoryRecord:
        return CategoryRecord(
            names=Names(en=item.name_en, zh=item.name_zh), parent_id=convert.id_text(item.parent_id),
            position=item.position,
        )  # fmt: skip

    def from_record(self, row: Row, record: CategoryRecord) -> Category:
        return Category(
            id=row.ref.id, ver=row.ver, name_en=record.names.en, name_zh=record.names.zh,
            parent_id=convert.id_value(record.parent_id), position=record.position,
        )  # fmt: skip


class ProductMapping(FlatMapping[Product, ProductRecord]):
    """The table `product`."""

    entity = "product"
    kind = ProductRecord
    model = Product
    in_store = False

    def to_record(self, item: Product) -> ProductRecord:
        return ProductRecord(
            names=Names(en=item.name_en, zh=item.name_zh), sku=item.sku, category_id=convert.id_text(item.category_id),
            brand=item.brand, size=item.size, unit=convert.word(item.unit), barcodes=tuple(item.barcodes),
            pinyin=item.pinyin, initials=item.initials, active=item.active, article=item.article,
            options=msgspec.convert(item.options, tuple[Option, ...]),
            pictures=msgspec.convert(item.pictures, tuple[Picture, ...]), gift_card=item.gift_card,
        )  # fmt: skip

    def from_record(self, row: Row, record: ProductRecord) -> Product:
        return Product(
            id=row.ref.id, ver=row.ver, sku=record.sku, name_en=record.names.en, name_zh=record.names.zh,
            category_id=convert.id_value(record.category_id), brand=record.brand, size=record.size, unit=record.unit,
            barcodes=list(record.barcodes), pinyin=record.pinyin, initials=record.initials, active=record.active,
            article=record.article, options=list(msgspec.to_builtins(record.options)),
            pictures=list(msgspec.to_builtins(record.pictures)), gift_card=record.gift_card,
        )  # fmt: skip


class PriceListMapping(FlatMapping[PriceList, PriceListRecord]):
    """The table `price_list`: the headers."""

    entity = "price_list"
    kind = PriceListRecord
    model = PriceList
    in_store = False

    def scope(self, item: PriceList) -> str:
        return item.scope

    def to_record(self, item: PriceList) -> PriceListRecord:
        return PriceListRecord(
            names=Names(en=item.name_en, zh=item.name_zh), version=item.version, currency=item.currency,
            valid_from=convert.moment_text(item.valid_from), valid_until=convert.moment_text(item.valid_until),
        )  # fmt: skip

    def from_record(self, row: Row, record: PriceListRecord) -> PriceList:
        return PriceList(
            id=row.ref.id, ver=row.ver, scope=row.scope, name_en=record.names.en, name_zh=record.names.zh,
            version=record.version, currency=record.currency, valid_from=clock.from_text(record.valid_from),
            valid_until=convert.moment(record.valid_until),
        )  # fmt: skip


class PriceMapping(FlatMapping[Price, PriceRecord]):
    """The table `price`. A price lives in the scope of its list, which its row names again."""

    entity = "price"
    kind = PriceRecord
    model = Price
    in_store = False

    def scope(self, item: Price) -> str:
        return item.scope

    def to_record(self, item: Price) -> PriceRecord:
        return PriceRecord(
            list=convert.id_text(item.list_id), product=convert.id_text(item.product_id), amount=item.amount
        )

    def from_record(self, row: Row, record: PriceRecord) -> Price:
        return Price(
            id=row.ref.id, ver=row.ver, scope=row.scope, list_id=convert.reference(record.list),
            product_id=convert.reference(record.product), amount=record.amount,
        )  # fmt: skip


class StockMapping(FlatMapping[Stock, StockRecord]):
    """The table `stock`; a row's id is its product's, once in each store."""

    entity = "stock"
    kind = StockRecord
    model = Stock
    id_field = "product_id"
    each_stores = True

    def to_record(self, item: Stock) -> StockRecord:
        near = msgspec.convert(item.near or (), tuple[NearStock, ...])
        return StockRecord(on_hand=item.on_hand, as_of=convert.moment_text(item.as_of), near=near)

    def from_record(self, row: Row, record: StockRecord) -> Stock:
        return Stock(
            store_id=row.store_id, product_id=row.ref.id, ver=row.ver, on_hand=record.on_hand,
            as_of=convert.moment(record.as_of), near=msgspec.to_builtins(record.near) or None,
        )  # fmt: skip


CATEGORY = CategoryMapping()
PRODUCT = ProductMapping()
PRICE_LIST = PriceListMapping()
PRICE = PriceMapping()
STOCK = StockMapping()
