"""Categories, products, price lists and prices in the admin."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from guide_app.domain import money
from guide_app.domain.errors import BadInput
from hq.catalogue import services, variants
from hq.catalogue.album import AlbumField
from hq.catalogue.models import Category, Price, PriceList, Product
from hq.console import choices, html
from hq.console.admin_base import ScopedAdmin, ServiceAdmin, ServiceForm
from hq.files import services as files
from hq.names import in_language
from hq.protocol import scopes
from hq.rights.reach import narrowed


def _categories() -> Iterable[tuple[str, str]]:
    return [(str(one.id), in_language(one.name_en, one.name_zh)) for one in Category.objects.all()]


class CategoryForm(ServiceForm):
    """Chooses the category above by name."""

    parent_id = choices.reference(_categories, gettext_lazy("within"), required=False)

    def clean_parent_id(self) -> Any:
        """Raises ValidationError for a category within itself."""
        parent = above = self.cleaned_data["parent_id"]
        while above is not None:
            if above == self.instance.id:
                raise ValidationError(_("A category cannot be within itself."))
            above = Category.objects.filter(id=above).values_list("parent_id", flat=True).first()
        return parent


@admin.register(Category)
class CategoryAdmin(ServiceAdmin):
    """The category tree."""

    form = CategoryForm
    fields = ["parent_id", "name_zh", "name_en", "position"]
    list_display = ["name_zh", "name_en", "position"]
    search_fields = ["name_zh", "name_en"]

    def save_through(self, item: Any, form: Any, seen: int | None) -> None:
        services.save_category(item, seen)


class ProductForm(ServiceForm):
    """Chooses the category by name; the options of a variant are written as lines; pictures are brought as files."""

    category_id = choices.reference(_categories, gettext_lazy("category"), required=False)
    options = forms.CharField(
        label=gettext_lazy("options"), required=False, widget=UnfoldAdminTextareaWidget,
        help_text=gettext_lazy("Of a variant, one a line, such as “尺码 / Size = 90” or “颜色 / Colour = 红色 / Red”."),
    )  # fmt: skip
    album = AlbumField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["options"] = variants.written(services.options_of(self.instance))
        if isinstance(album := self.fields.get("album"), AlbumField):  # not for who may only look
            album.show(services.pictures_of(self.instance))

    def clean_options(self) -> list[Any]:
        """The options as they are kept; raises ValidationError."""
        try:
            return services.kept_options(variants.read(self.cleaned_data["options"]))
        except BadInput:
            raise ValidationError(_("A line needs a kind, “=” and a value, and each kind stands once.")) from None

    def clean(self) -> dict[str, Any]:
        """Raises ValidationError where nobody could tell two variants of one article apart."""
        cleaned = super().clean()
        article, options = cleaned.get("article", ""), cleaned.get("options")
        if article and options is not None and services.taken(self.instance.id, article, options):
            self.add_error("options", _("Another variant of this article has the same options."))
        return cleaned


@admin.register(Product)
class ProductAdmin(ServiceAdmin):
    """Products."""

    form = ProductForm
    fields = ["sku", "name_zh", "name_en", "category_id", "brand", "size", "unit", "barcodes", "article", "options",
              "album", "gift_card", "active"]  # fmt: skip
    list_display = ["sku", "name_zh", "name_en", "brand", "size", "article", "active"]
    list_filter = ["active"]
    search_fields = ["sku__istartswith", "name_zh", "name_en", "article__istartswith"]
    ordering = ["sku"]

    def save_through(self, item: Any, form: Any, seen: int | None) -> None:
        album = form.cleaned_data["album"]
        item.pictures = list(msgspec.to_builtins(album.stay))
        services.save_product(item, seen, album.new)

    def get_urls(self) -> list[URLPattern]:
        shown = path(
            "picture/<str:sha256>/", self.admin_site.admin_view(self._picture), name="catalogue_product_picture"
        )
        return [shown, *super().get_urls()]

    def _picture(self, request: HttpRequest, sha256: str) -> HttpResponse:
        """A picture of any product, for who may see products."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        found = files.find(sha256, [scopes.of_chain()])
        if found is None or files.blobs().size(sha256) is None:
            raise Http404
        content = b"".join(files.blobs().read(sha256))
        return HttpResponse(content, content_type=found.media_type, headers={"Cache-Control": "private, max-age=86400"})

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        found, repeated = super().get_search_results(request, queryset, search_term)
        if search_term.isdigit():  # a scanned barcode
            found = found | queryset.filter(barcodes__contains=[search_term])
        return found, repeated


class PriceListForm(ServiceForm):
    """The header, and prices to change: a list may have a hundred thousand."""

    scope = choices.scope(gettext_lazy("for"))
    changes = forms.CharField(
        label=gettext_lazy("prices to change"), required=False, widget=UnfoldAdminTextareaWidget,
        help_text=gettext_lazy("One a line: SKU and price, such as “P1001 12.90”; “P1001 -” takes a price out."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Reads the price changes; raises ValidationError naming the line that cannot be read."""
        cleaned = super().clean()
        if cleaned.get("valid_until") and cleaned.get("valid_from") and cleaned["valid_until"] <= cleaned["valid_from"]:
            self.add_error("valid_until", _("This is before the list begins."))
        cleaned["amounts"] = self._amounts(
            cleaned.get("changes", ""), cleaned.get("currency") or self.instance.currency
        )
        return cleaned

    def _amounts(self, text: str, currency: str) -> dict[str, int | None]:
        lines = [line.split() for line in text.splitlines() if line.strip()]
        products = dict(Product.objects.filter(sku__in=[line[0] for line in lines]).values_list("sku", "id"))
        amounts: dict[str, int | None] = {}
        for line in lines:
            try:
                sku, price = line
                amounts[str(products[sku])] = None if price == "-" else _positive(price, currency)
            except (ValueError, KeyError, BadInput):
                self.add_error("changes", _("This line cannot be read: {line}").format(line=" ".join(line)))
        return amounts


def _positive(text: str, currency: str) -> int:
    amount = money.from_major(text, currency)
    if amount < 0:
        raise BadInput("amount_invalid")
    return amount


@admin.register(PriceList)
class PriceListAdmin(ScopedAdmin):
    """Price lists. Changed prices make the list's next version, which is published after them."""

    deletable = True
    form = PriceListForm
    fields = ["scope", "name_zh", "name_en", "currency", "valid_from", "valid_until", "changes", "shown_prices"]
    readonly_fields = ["shown_prices"]
    list_display = ["name_zh", "name_en", "version", "currency", "valid_from", "valid_until"]

    def save_through(self, item: Any, form: Any, seen: int | None) -> None:
        services.save_price_list(item, form.cleaned_data["amounts"], seen)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        services.delete_price_list(obj)

    @admin.display(description=gettext_lazy("prices in it"))
    def shown_prices(self, price_list: PriceList) -> str:
        """How many products have a price in this list."""
        return f"{Price.objects.filter(list_id=price_list.id).count():,}"


class PriceForm(ServiceForm):
    """The price in major units, as it stands on the shelf."""

    price = forms.CharField(label=gettext_lazy("price"), widget=UnfoldAdminTextInputWidget)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency = PriceList.objects.values_list("currency", flat=True).get(id=self.instance.list_id)
        self.fields["price"].initial = money.to_major(self.instance.amount, self.currency)

    def clean_price(self) -> int:
        """The amount in minor units; raises ValidationError."""
        try:
            return _positive(self.cleaned_data["price"], self.currency)
        except BadInput:
            raise ValidationError(_("This is not a price, such as 12.90.")) from None


@admin.register(Price)
class PriceAdmin(ServiceAdmin):
    """Single prices: found by product, changed one by one."""

    form = PriceForm
    fields = ["shown_list", "shown_product", "price"]
    readonly_fields = ["shown_list", "shown_product"]
    list_display = ["shown_product", "shown_amount", "shown_list"]
    list_filter = ["list_id"]
    search_fields = ["id"]
    search_help_text = gettext_lazy("SKU or name of the product")

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        return [_ListFilter]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> Any:
        """Lists with the names of the products and of the price lists."""
        return choices.pages_with(_name_prices)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Price | None:
        """The price with its names."""
        found = super().get_object(request, object_id, from_field)
        if found is not None:
            _name_prices([found])
        return found

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        if not search_term:
            return queryset, False
        fits = Q(sku__istartswith=search_term) | Q(name_zh__icontains=search_term) | Q(name_en__icontains=search_term)
        return queryset.filter(product_id__in=Product.objects.filter(fits).values("id")), False

    def save_through(self, item: Any, form: Any, seen: int | None) -> None:
        price_list = PriceList.objects.get(id=item.list_id)
        services.save_price_list(price_list, {str(item.product_id): form.cleaned_data["price"]})

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @admin.display(description=gettext_lazy("product"))
    def shown_product(self, price: Any) -> str:
        """SKU and name of the product."""
        return str(price.product or "")

    @admin.display(description=gettext_lazy("price"), ordering="amount")
    def shown_amount(self, price: Any) -> str:
        """The amount with its currency."""
        return html.amount(price.amount, price.listed.currency)

    @admin.display(description=gettext_lazy("price list"))
    def shown_list(self, price: Any) -> str:
        """The list's name."""
        return in_language(price.listed.name_en, price.listed.name_zh)


def _name_prices(prices: Iterable[Any]) -> None:
    """Gives each price its `product` and its price list as `listed`: two queries for all of them."""
    prices = list(prices)
    products = Product.objects.in_bulk({price.product_id for price in prices})
    lists = PriceList.objects.in_bulk({price.list_id for price in prices})
    for price in prices:
        price.product, price.listed = products.get(price.product_id), lists[price.list_id]


class _ListFilter(admin.SimpleListFilter):
    """Prices of one list."""

    title = gettext_lazy("price list")
    parameter_name = "list"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(one.id), in_language(one.name_en, one.name_zh)) for one in narrowed(PriceList.objects.all())]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        known = {value for value, _label in self.lookup_choices}
        return queryset.filter(list_id=self.value()) if self.value() in known else queryset
