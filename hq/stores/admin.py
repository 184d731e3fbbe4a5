"""Stores and regions in the admin."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hq.console import live
from hq.console.admin_base import ServiceAdmin
from hq.console.deeds import Deed, Done, ListLook
from hq.devices import services as devices
from hq.rights.reach import narrowed
from hq.stores import services
from hq.stores.models import Franchise, Region, Store


def _new_code(store: Store, request: HttpRequest) -> Done:
    code = devices.new_code(store, timezone.now())
    address = settings.ENVIRONMENT.public_url or f"{request.scheme}://{request.get_host()}"
    words = _("Type this code on the tablet, or scan {text}. It enrols one tablet and ends at {time}.")
    ends = timezone.localtime(code.expires_at)
    return Done(words.format(text=code.text(address), time=f"{ends:%H:%M}"), code.code)


@admin.register(Region)
class RegionAdmin(ServiceAdmin):
    """Regions."""

    list_display = ["code", "name_zh", "name_en"]
    search_fields = ["code", "name_zh", "name_en"]

    def save_through(self, item: Any, form: Any, seen: int | None) -> None:
        services.save_region(item)


@admin.register(Franchise)
class FranchiseAdmin(ServiceAdmin):
    """Who runs stores for themselves; a store is given to one on the store's page."""

    list_display = ["code", "name_zh", "name_en"]
    search_fields = ["code", "name_zh", "name_en"]

    def save_through(self, item: Any, form: Any, seen: int | None) -> None:
        item.save()


class RegionFilter(admin.SimpleListFilter):
    """Stores of one region."""

    title = gettext_lazy("region")
    parameter_name = "region__id__exact"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(one.id), str(one)) for one in narrowed(Region.objects.all())]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        known = {value for value, _label in self.lookup_choices}
        return queryset.filter(region_id=self.value()) if self.value() in known else queryset


class Live(ListLook):
    """The day live; asked for every few seconds, it gives its figures without the page around them."""

    def page(self, owner: admin.ModelAdmin[Any], request: HttpRequest) -> HttpResponse:
        """The whole page, or what renews itself."""
        if "part" not in request.GET:
            return super().page(owner, request)
        if not self.may(owner, request):
            raise PermissionDenied
        response = TemplateResponse(request, "console/live_part.html", live.shown(request))
        response.headers["Cache-Control"] = "no-store"
        return response


@admin.register(Store)
class StoreAdmin(ServiceAdmin):
    """Stores; a tablet is enrolled from here."""

    list_display = ["code", "name_zh", "name_en", "region", "franchise", "time_zone", "currency", "active"]
    list_filter = [RegionFilter, "active"]
    list_select_related = ["region", "franchise"]
    search_fields = ["code", "name_zh", "name_en"]
    list_deeds = [Live("live", gettext_lazy("The day live"), "console/live.html", live.shown)]
    deeds = [
        Deed(
            "enrol-code", gettext_lazy("Enrol a tablet"),
            gettext_lazy("This makes a code that enrols one tablet in this store within ten minutes."), _new_code,
            lambda store: bool(store.active),
        )
    ]  # fmt: skip

    def save_through(self, item: Any, form: Any, seen: int | None) -> None:
        services.save_store(item)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["code", "currency"] if obj else []
