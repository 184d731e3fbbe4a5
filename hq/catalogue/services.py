"""Categories, products and price lists as HQ changes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec
from django.db import transaction

from guide_app.domain import names
from guide_app.domain.ids import derived_id
from guide_app.domain.records import Option, Picture, Record
from guide_app.domain.records import Price as PriceRecord
from hq.catalogue import variants
from hq.catalogue.mapping import CATEGORY, PRICE, PRICE_LIST, PRODUCT
from hq.catalogue.models import Category, Price, PriceList, Product
from hq.files import services as files
from hq.files.pictures import Made
from hq.protocol import saving, scopes
from hq.protocol.models import CHAIN_STORE_ID


def price_id(list_id: str, product_id: str) -> str:
    """The id of a product's price in a list."""
    return derived_id("price", list_id, product_id)


def save_category(category: Category, seen: int | None = None) -> None:
    """Saves a new or changed category."""
    saving.save(CATEGORY, CHAIN_STORE_ID, {str(category.id): CATEGORY.to_record(category)}, seen=seen)


def save_product(product: Product, seen: int | None = None, new: Sequence[Made] = ()) -> None:
    """Saves a new or changed product, its search keys made again, `new` pictures behind those that it has.

    Raises IntegrityError when another has its SKU, BlobsFailed where pictures cannot be kept.
    """
    keys = names.search_keys(product.name_zh)
    kept = (*pictures_of(product), *map(files.keep_picture, new))
    once = tuple({picture.large.sha256: picture for picture in kept}.values())
    product.pictures = list(msgspec.to_builtins(once))
    record = msgspec.structs.replace(PRODUCT.to_record(product), pinyin=keys.pinyin, initials=keys.initials)
    with transaction.atomic():
        saving.save(PRODUCT, CHAIN_STORE_ID, {str(product.id): record}, seen=seen)
        named = {file.sha256 for picture in once for file in (picture.thumb, picture.large)}
        files.name(scopes.of_chain(), PRODUCT.entity, str(product.id), named)


def pictures_of(product: Product) -> tuple[Picture, ...]:
    """The pictures of a product, that which stands for it first."""
    return msgspec.convert(product.pictures, tuple[Picture, ...])


def options_of(product: Product) -> tuple[Option, ...]:
    """The options of a variant."""
    return msgspec.convert(product.options, tuple[Option, ...])


def kept_options(options: tuple[Option, ...]) -> list[Any]:
    """Options as the table keeps them: as they travel."""
    return list(msgspec.to_builtins(options))


def taken(product_id: UUID, article: str, options: list[Any]) -> bool:
    """Whether another variant of the article has the same options."""
    wanted = msgspec.convert(options, tuple[Option, ...])
    others = Product.objects.filter(article=article).exclude(id=product_id)
    return any(variants.same(wanted, options_of(other)) for other in others)


def save_price_list(
    price_list: PriceList, amounts: Mapping[str, int | None] | None = None, seen: int | None = None
) -> None:
    """Saves a new or changed list with changed prices {product id: minor units, None to take it out}.

    Changed prices make the list's next version. The header is published last: a tablet that has it has the prices.
    """
    amounts = amounts or {}
    with transaction.atomic():
        changed = _set_prices(price_list, amounts)
        before = PriceList.objects.filter(id=price_list.id).values_list("version", flat=True).first()
        if before is not None:
            price_list.version = before + 1 if changed else before
        record = PRICE_LIST.to_record(price_list)
        saving.save(PRICE_LIST, CHAIN_STORE_ID, {str(price_list.id): record}, scope=price_list.scope, seen=seen)


def delete_price_list(price_list: PriceList) -> None:
    """Takes a list away: the header first, so that no tablet prices by half a list."""
    with transaction.atomic():
        prices = Price.objects.filter(list_id=price_list.id).values_list("id", flat=True)
        saving.delete(PRICE_LIST, CHAIN_STORE_ID, [str(price_list.id)])
        saving.delete(PRICE, CHAIN_STORE_ID, [str(price) for price in prices])


def _set_prices(price_list: PriceList, amounts: Mapping[str, int | None]) -> bool:
    """Whether any price was changed or taken out."""
    list_id = str(price_list.id)
    records: dict[str, Record] = {
        price_id(list_id, product): PriceRecord(list=list_id, product=product, amount=amount)
        for product, amount in amounts.items()
        if amount is not None
    }
    saved = saving.save(PRICE, CHAIN_STORE_ID, records, scope=price_list.scope)
    gone = [price_id(list_id, product) for product, amount in amounts.items() if amount is None]
    present = Price.objects.filter(id__in=[UUID(price) for price in gone]).count()
    saving.delete(PRICE, CHAIN_STORE_ID, gone)
    return bool(saved) or present > 0
