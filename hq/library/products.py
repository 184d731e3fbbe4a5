"""The products that a material goes with, chosen by search."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.forms.widgets import Widget
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from guide_app.domain.records.material import MOST_PRODUCTS
from hq.catalogue.models import Product

FOUND = 8
ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def called(ids: Iterable[str]) -> list[dict[str, str]]:
    """Id and name of each; what is gone is called by a question mark."""
    ids = list(ids)
    there = {str(key): one for key, one in Product.objects.in_bulk(ids).items()}
    return [{"id": one, "label": str(there.get(one, "?"))} for one in ids]


def found(text: str) -> list[dict[str, str]]:
    """What fits a few letters or a barcode."""
    text = text.strip()
    if not text:
        return []
    named = Q(name_zh__icontains=text) | Q(name_en__icontains=text)
    rows = Product.objects.filter(Q(sku__istartswith=text) | named | Q(barcodes__contains=[text])).order_by("sku")
    return [{"id": str(one.id), "label": str(one)} for one in rows[:FOUND]]


class ProductsWidget(Widget):
    """What is chosen, each with a button that takes it out, and a field to search by."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        return list(dict.fromkeys(data.getlist(name)))

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        ids = [one for one in value or () if ID.fullmatch(one)]
        shown = {"id": (attrs or {}).get("id", f"id_{name}"), "chosen": called(ids)}
        return render_to_string("materials/products.html", shown)


class ProductsField(forms.Field):
    """A list of product ids."""

    def __init__(self, *, label: Any) -> None:
        super().__init__(label=label, required=False, widget=ProductsWidget())

    def clean(self, value: Any) -> list[str]:
        """Raises ValidationError for what no search has found, and for too many."""
        ids = list(value or [])
        if any(not ID.fullmatch(one) for one in ids):
            raise ValidationError(_("Choose goods from what the search finds."))
        if len(ids) > MOST_PRODUCTS:
            raise ValidationError(_("At most {most} products.").format(most=MOST_PRODUCTS))
        return ids
