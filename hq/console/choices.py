"""Choosing what a row refers to softly (by id, without a foreign key), and showing its name."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from django import forms
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget

from hq.console.trade_words import Area, all_said
from hq.names import in_language
from hq.protocol import scopes
from hq.rights.reach import current, narrowed
from hq.stores.models import Region, Store

if TYPE_CHECKING:
    _Paginator = Paginator[Any]
else:
    _Paginator = Paginator

Choices = Iterable[tuple[str, str]]
Label = Any
"""Text, translated now or later: Django has no public type for the second."""


def stores() -> Choices:
    """The stores within the reach of whoever asks."""
    return [
        (str(store.id), f"{store.code} {in_language(store.name_en, store.name_zh)}")
        for store in narrowed(Store.objects.all())
    ]


def list_scopes() -> Choices:
    """The scopes that a price list or settings can be for: the chain and its regions, as far as whoever asks writes
    there."""
    own = current()
    return [(scope, words) for scope, words in _scopes() if own.chain or scope in own.own_scopes]


def _scopes() -> Choices:
    regions = Region.objects.all()
    return [
        (scopes.of_chain(), str(_("the whole chain"))),
        *((region.scope, in_language(region.name_en, region.name_zh)) for region in regions),
    ]


def scope_name(scope_id: str) -> str:
    """What the scope of a price list or of settings is called."""
    return dict(_scopes()).get(scope_id) or scope_id


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


def name_stores(rows: Iterable[Any]) -> None:
    """Gives each row its store's code and name in the page's language as `store_shown`: one query for all of them."""
    rows = list(rows)
    names = {store.id: str(store) for store in Store.objects.filter(id__in={row.store_id for row in rows})}
    for row in rows:
        row.store_shown = names.get(row.store_id, "")


def other_stores(item: Any) -> list[tuple[str, str]]:
    """The open stores within the reach of whoever asks, other than the row's, as (id, words)."""
    stores = narrowed(Store.objects.filter(active=True)).exclude(id=item.store_id)
    return [(str(store.id), str(store)) for store in stores]


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


def pages_with(fill: Callable[[Iterable[Any]], None]) -> type[ChangeList]:
    """Lists whose rows are filled page by page: a join or a subquery would do it for all pages before as well."""

    class Pages(ChangeList):
        result_list: Any

        def get_results(self, request: HttpRequest) -> None:
            super().get_results(request)
            self.result_list = list(self.result_list)
            fill(self.result_list)

    return Pages


class Newest(_Paginator):
    """The first ten thousand rows of a table that grows without end: neither counted nor leafed through to its end."""

    @cached_property
    def count(self) -> int:
        """How many rows can be leafed through."""
        return cast("QuerySet[Any]", self.object_list)[:10_000].count()


class StoreNamed:
    """Adds the column `shown_store` to a list and to a row's page."""

    @admin.display(description=_("store"), ordering="store_id")
    def shown_store(self, item: Any) -> str:
        """Code and name of the row's store."""
        if not hasattr(item, "store_shown"):
            name_stores([item])
        return str(item.store_shown)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """Lists with the names of the stores."""
        return pages_with(name_stores)
