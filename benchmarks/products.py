"""A synthetic catalogue for benchmarks, made from a seed: made-up brands, common kinds of goods, sizes and colours."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import product as every

import msgspec

from guide_app.domain.ids import derived_id
from guide_app.domain.names import search_keys
from guide_app.domain.records import Category, Names, Option, Price, PriceList, Product, Record, Stock
from sync.protocol.messages import Row

BRANDS = (
    "云禾", "初晨", "竹溪", "棠柚", "橙星", "月林", "松朴", "素知", "安宁", "悦乐", "嘉佳",
    "惠康", "健润", "泽清", "甜麦", "稻谷", "田园", "山海", "湖泉", "露雨",
)  # fmt: skip
KINDS = (
    "纸尿裤", "奶粉", "湿巾", "润肤霜", "连体衣", "婴儿推车", "宽口奶瓶", "护臀膏", "吸盘碗",
    "洗衣液", "沐浴露", "米粉", "果泥", "围兜", "睡袋", "爬行垫", "安抚奶嘴", "牙胶", "摇铃",
    "积木", "雨衣", "帽子", "袜子", "学步鞋", "口水巾", "浴巾", "温奶器", "消毒锅", "辅食机",
    "餐椅", "床铃", "蚊帐", "隔尿垫", "驱蚊贴", "指甲剪", "体温计",
)  # fmt: skip
ADDED = (
    "柔软", "加厚", "有机", "无香", "便携", "大号", "经典", "轻薄", "透气", "夏季", "冬季",
    "新款",
)  # fmt: skip
SIZES = ("66", "73", "80", "90", "100")
COLOURS = (("Red", "红色"), ("Blue", "蓝色"), ("Cream", "米白"))
LIST = derived_id("bench", "price_list", "")
VARIANTS = len(SIZES) * len(COLOURS)


def category_id(kind: int, added: int = -1) -> str:
    """A kind of goods, or what is below it."""
    return derived_id("bench", "category", f"{kind}/{added}")


def rows(count: int, scope: str, seed: int = 17) -> Iterator[Row]:
    """Feed rows of so many products with prices and stock, half of them variants of articles, and of their tree."""
    feed = ((entity, row_id, record) for entity, row_id, record in _records(count, random.Random(seed)))
    for q, (entity, row_id, record) in enumerate(feed, 1):
        yield Row(s=scope, q=q, e=entity, id=row_id, v=1, o="put", d=msgspec.Raw(msgspec.json.encode(record)))


def _records(count: int, chosen: random.Random) -> Iterator[tuple[str, str, Record]]:
    for kind, name in enumerate(KINDS):
        yield "category", category_id(kind), Category(names=Names(en=f"Kind {kind}", zh=name), position=kind)
        for added, more in enumerate(ADDED):
            names = Names(en=f"Kind {kind} {added}", zh=more + name)
            yield "category", category_id(kind, added), Category(names=names, parent_id=category_id(kind))
    for n, made in zip(range(count), _products(chosen), strict=False):
        product = derived_id("bench", "product", str(n))
        yield "product", product, made
        yield "price", derived_id("bench", "price", str(n)), Price(list=LIST, product=product, amount=990 + n % 40_000)
        yield "stock", product, Stock(on_hand=n % 50)
    began = "2026-01-01T00:00:00.000Z"
    yield "price_list", LIST, PriceList(names=Names(en="Now"), version=1, currency="CNY", valid_from=began)


def _products(chosen: random.Random) -> Iterator[Product]:
    """Without end: an article with all its variants, then as many products of which there is one each."""
    for article in range(1, 1 << 30):
        kind, added, brand = chosen.randrange(len(KINDS)), chosen.randrange(len(ADDED)), chosen.randrange(len(BRANDS))
        called = f"{BRANDS[brand]}{ADDED[added]}{KINDS[kind]}"
        keys = search_keys(f"a {called}")
        common = Product(
            names=Names(en=f"Brand{brand} thing {kind} {added}", zh=called), sku="", brand=f"Brand{brand}",
            category_id=category_id(kind, added), pinyin=keys.pinyin.removeprefix("a "), initials=keys.initials[1:],
        )  # fmt: skip
        for n, (size, (en, zh)) in enumerate(every(SIZES, COLOURS)):
            options = (
                Option(kind=Names(en="Size", zh="尺码"), value=Names(en=size, zh=size)),
                Option(kind=Names(en="Colour", zh="颜色"), value=Names(en=en, zh=zh)),
            )
            yield _numbered(common, article, n, size=size, article=f"A{article:05d}", options=options)
        for n in range(VARIANTS, 2 * VARIANTS):
            yield _numbered(common, article, n, size=f"{chosen.randrange(1, 40) * 50} g")


def _numbered(common: Product, of: int, n: int, **more: object) -> Product:
    number = of * 100 + n
    codes = {"sku": f"A{of:05d}-{n}", "barcodes": (f"69{number:011d}",)}
    return msgspec.structs.replace(common, **codes, **more)
