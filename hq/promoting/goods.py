"""Goods in the editor: chosen by searching products, categories and brands, and shown by their names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.forms.widgets import Widget
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from guide_app.domain.records import Promotion, Selection
from hq.catalogue.models import Category, Product

FOUND = 8
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Choice(NamedTuple):
    """What may be chosen. `value`: ``p:``, ``c:`` or ``b:`` and the product's id, the category's id or the brand."""

    value: str
    label: str


class Called(NamedTuple):
    """Products and categories by id, to be named in any language."""

    products: Mapping[str, Product]
    categories: Mapping[str, Category]

    def choice(self, value: str) -> Choice:
        """The choice with its name in the page's language; what is gone is called by a question mark."""
        sort, _colon, key = value.partition(":")
        if sort == "b":
            return Choice(value, _("brand {name}").format(name=key))
        if sort == "c":
            return Choice(value, _("category {name}").format(name=self.categories.get(key) or "?"))
        return Choice(value, str(self.products.get(key) or "?"))


def called(values: Iterable[str]) -> Called:
    """Looks these choices' products and categories up: two queries."""
    keys = [value.partition(":") for value in values]
    products = Product.objects.in_bulk([key for sort, _, key in keys if sort == "p"])
    categories = Category.objects.in_bulk([key for sort, _, key in keys if sort == "c"])
    return Called({str(key): one for key, one in products.items()}, {str(key): one for key, one in categories.items()})


def found(text: str, *, brands: bool) -> list[Choice]:
    """What fits a few letters: categories and brands before products."""
    text = text.strip()
    if not text:
        return []
    named = Q(name_zh__icontains=text) | Q(name_en__icontains=text)
    categories = [f"c:{one.id}" for one in Category.objects.filter(named)[:FOUND]]
    of_brand = Product.objects.filter(brand__icontains=text).order_by("brand").values_list("brand", flat=True)
    brand = [f"b:{one}" for one in of_brand.distinct()[:FOUND]] if brands else []
    of_product = Product.objects.filter(Q(sku__istartswith=text) | named | Q(barcodes__contains=[text]))
    products = [f"p:{one}" for one in of_product.order_by("sku").values_list("id", flat=True)[:FOUND]]
    values = [*categories, *brand, *products]
    names = called(values)
    return [names.choice(value) for value in values]


def chosen(goods: Selection) -> list[str]:
    """What they are, as choices' values."""
    return _values(c=goods.categories, b=goods.brands, p=goods.products)


def taken_out(goods: Selection) -> list[str]:
    """What is never among them, as choices' values."""
    return _values(c=goods.without_categories, p=goods.without)


def _values(**keys: Sequence[str]) -> list[str]:
    return [f"{sort}:{key}" for sort, named in keys.items() for key in named]


def selection(values: Sequence[str], out: Sequence[str]) -> Selection:
    """The goods that these choices mean."""

    def keys(of: Sequence[str], sort: str) -> tuple[str, ...]:
        return tuple(value[2:] for value in of if value.startswith(sort))

    return Selection(
        products=keys(values, "p:"), categories=keys(values, "c:"), brands=keys(values, "b:"),
        without=keys(out, "p:"), without_categories=keys(out, "c:"),
    )  # fmt: skip


def named_in(promotions: Iterable[Promotion]) -> list[str]:
    """The values of all goods that promotions speak of."""
    spoken = (goods for one in promotions for goods in (one.goods, *(part.goods for part in one.parts)))
    return [value for goods in spoken for value in (*chosen(goods), *taken_out(goods))]


class GoodsWidget(Widget):
    """What is chosen, each with a button that takes it out, and a field to search by."""

    def __init__(self, *, brands: bool) -> None:
        super().__init__()
        self._brands = brands

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        return list(dict.fromkeys(data.getlist(name)))

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        values = list(value or [])
        names = called(value for value in values if _sound(value))
        context = {
            "name": name, "id": (attrs or {}).get("id", f"id_{name}"), "brands": self._brands,
            "chosen": [names.choice(one) for one in values if _sound(one)],
        }  # fmt: skip
        return render_to_string("promotions/goods_widget.html", context)


class GoodsField(forms.Field):
    """A list of choices' values. `brands`: whether brands may be chosen."""

    def __init__(self, *, label: Any, brands: bool = True, help_text: Any = "") -> None:
        super().__init__(label=label, required=False, widget=GoodsWidget(brands=brands), help_text=help_text)
        self._brands = brands

    def clean(self, value: Any) -> list[str]:
        """Raises ValidationError for what no search has found."""
        values = list(value or [])
        if any(not _sound(one) or (one.startswith("b:") and not self._brands) for one in values):
            raise ValidationError(_("Choose goods from what the search finds."))
        return values


def _sound(value: str) -> bool:
    sort, _colon, key = value.partition(":")
    return bool(key) and len(value) <= 122 and (sort == "b" or (sort in ("p", "c") and bool(_ID.fullmatch(key))))
