"""Choosing what a row refers to softly (by id, without a foreign key), and showing its name."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin
from django.db.models import CharField, F, OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget

from hq.console.trade_words import Area, all_said
from hq.names import in_language
from hq.protocol import scopes
from hq.stores.models import Region, Store

Choices = Iterable[tuple[str, str]]
Label = Any
"""Text, translated now or later: Django has no public type for the second."""


def stores() -> Choices:
    """All stores."""
    return [
        (str(store.id), f"{store.code} {in_language(store.name_en, store.name_zh)}") for store in Store.objects.all()
    ]


def list_scopes() -> Choices:
    """The scopes that a price list or settings can be for: the chain and its regions."""
    regions = Region.objects.all()
    return [
        (scopes.of_chain(), str(_("the whole chain"))),
        *((region.scope, in_language(region.name_en, region.name_zh)) for region in regions),
    ]


def _uuid(value: object) -> UUID:
    return UUID(str(value))


def reference(choices: Callable[[], Choices], label: Label, *, required: bool = True) -> forms.TypedChoiceField:
    """A field for a soft reference, None where nothing is chosen."""
    return forms.TypedChoiceField(
        choices=lambda: [("", "—"), *choices()], coerce=_uuid, empty_value=None, required=required, label=label,
        widget=UnfoldAdminSelectWidget,
    )  # fmt: skip


def scope(label: Label) -> forms.ChoiceField:
    """A field for the scope of a price list or of settings."""
    return forms.ChoiceField(choices=list_scopes, label=label, widget=UnfoldAdminSelectWidget)


def with_store_name(rows: QuerySet[Any]) -> QuerySet[Any]:
    """The rows with `store_name`: code and name of their store in the page's language."""
    name = "name_zh" if (get_language() or "en").startswith("zh") else "name_en"
    store = Store.objects.filter(id=OuterRef("store_id"))
    named: QuerySet[Any] = rows.annotate(
        store_code=Subquery(store.values("code")[:1]),
        store_name=Subquery(store.annotate(shown=F(name)).values("shown")[:1], output_field=CharField()),
    )
    return named


class StoreFilter(admin.SimpleListFilter):
    """Rows of one store."""

    title = _("store")
    parameter_name = "store"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return list(stores())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        try:
            return queryset.filter(store_id=UUID(self.value())) if self.value() else queryset
        except ValueError:
            return queryset.none()


class SaidFilter(admin.SimpleListFilter):
    """Rows with one of the trade's codes, chosen by its words; nothing is counted for it."""

    area: Area

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return all_said(self.area)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(**{str(self.parameter_name): self.value()}) if self.value() else queryset


class StoreNamed:
    """Adds the column `shown_store` to a list, named by `with_store_name`."""

    @admin.display(description=_("store"), ordering="store_code")
    def shown_store(self, item: Any) -> str:
        """Code and name of the row's store."""
        return f"{item.store_code or ''} {item.store_name or ''}".strip()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """The rows with the names of their stores."""
        return with_store_name(super().get_queryset(request))  # type: ignore[misc]
