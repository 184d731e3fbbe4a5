"""Instruments and leases in the admin: what is where, and what the chain bears."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

from guide_app.domain.records import Instrument as InstrumentName
from guide_app.domain.records import Names
from hq.console import choices, html
from hq.console.admin_base import ReadOnlyAdmin, ServiceAdmin, ServiceForm
from hq.devices.models import Device
from hq.leases import services
from hq.leases.mapping import LEASE
from hq.leases.models import Instrument, Lease
from hq.orders.models import Order
from hq.points.models import PointsEntry


class InstrumentForm(ServiceForm):
    """An instrument, and what is put in or taken out."""

    by = ""
    """Who saves it."""
    store_id = choices.reference(choices.stores, _("store"))
    add = forms.IntegerField(
        label=_("add"), initial=0, min_value=-(10**12), max_value=10**12, widget=UnfoldAdminTextInputWidget,
        help_text=_("In the instrument's unit; a negative number takes value out, never what leases hold."),
    )  # fmt: skip

    reason = forms.CharField(
        label=_("reason"), required=False, max_length=200, widget=UnfoldAdminTextInputWidget,
        help_text=_("Stands in the ledger of the points, with your name. Needed where points are put in or taken out."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Points are moved by nobody without a reason."""
        told = super().clean() or self.cleaned_data
        if (told.get("kind") or self.instance.kind) == "staff":
            self.add_error(None, _("What a colleague may buy stands on the person's own page."))
        if self.of_points(told) and told.get("add") and not told.get("reason"):
            self.add_error("reason", _("Please say what for."))
        return told

    def of_points(self, told: dict[str, Any]) -> bool:
        """Whether it is an account of points."""
        return bool((told.get("kind") or self.instance.kind) == "points")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:  # an instrument stays in its store
            del self.fields["store_id"]


@admin.register(Instrument)
class InstrumentAdmin(choices.StoreNamed, ServiceAdmin):
    """Instruments with their leases; value is put in through the service."""

    _FIGURES = ("balance", "held", "owed", "shown_free", "shown_leases", "shown_ledger")
    form = InstrumentForm
    list_display = ["id", "kind", "shown_store", "balance", "held", "shown_free"]
    list_filter = [choices.StoreFilter, "kind"]
    search_fields = ["id__exact", "owner_id__exact"]
    ordering = ["store_id", "kind", "id"]

    def save_through(self, item: Any, form: Any, seen: int | None) -> None:
        store_id, owner_id = str(item.store_id), str(item.owner_id or "")
        known = Instrument.objects.filter(id=item.id).exists() if item.id else False
        name = InstrumentName(kind=item.kind, id=str(item.id)) if known else None
        name = name or services.name_of(item.kind, store_id, owner_id)
        face = services.Face(
            Names(en=item.title_en, zh=item.title_zh), item.digits, item.until.isoformat() if item.until else ""
        )
        why = services.Why(form.cleaned_data["reason"], form.by)
        services.put(store_id, name, owner_id, form.cleaned_data["add"], face, why)
        item.id = name.id

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        own = ["kind", "owner_id", "add", "reason", "title_zh", "title_en", "digits", "until"]
        return ["shown_store", *own, *self._FIGURES] if obj else ["store_id", *own]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["shown_store", "kind", "owner_id", *self._FIGURES] if obj else []

    @admin.display(description=_("free to be leased"))
    def shown_free(self, item: Instrument) -> int:
        """What no lease holds."""
        return max(0, item.balance - item.held - item.owed)

    @admin.display(description=_("leases"))
    def shown_leases(self, item: Instrument) -> str:
        """Its leases, the latest first."""
        heads = [_("granted at"), _("granted"), _("spent"), _("given back"), _("overspent"), _("expires at")]
        rows = [
            [
                html.moment(one.granted_at),
                one.amount,
                one.spent,
                one.returned,
                one.overspent,
                html.moment(one.expires_at),
            ]
            for one in Lease.objects.filter(instrument_id=item.id).order_by("-granted_at")[:100]
        ]
        return html.table(heads, rows, amounts=(1, 2, 3, 4))

    @admin.display(description=_("ledger"))
    def shown_ledger(self, item: Instrument) -> str:
        """The movements of an account of points, the latest first."""
        heads = [_("at"), _("kind"), _("points"), _("counts until"), _("order"), _("reason"), _("by")]
        found = PointsEntry.objects.filter(instrument_id=item.id).order_by("-at")[:200]
        sources = [one.source for one in found if one.source]
        numbers = dict(Order.objects.filter(id__in=sources).values_list("id", "number"))
        rows = [
            [
                html.moment(one.at), one.get_kind_display(), one.points, one.until or "",
                numbers.get(one.source, "") if one.source else "", one.reason, one.by,
            ]
            for one in found
        ]  # fmt: skip
        return html.table(heads, rows, amounts=(2,))

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        form.by = request.user.get_username()
        return form


class RiskFilter(admin.SimpleListFilter):
    """Leases from which more was spent than they held."""

    title = _("the chain's risk")
    parameter_name = "risk"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("overspent"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(overspent__gt=0) if self.value() == "yes" else queryset


@admin.register(Lease)
class LeaseAdmin(choices.StoreNamed, ReadOnlyAdmin):
    """Leases; what is overspent is the chain's risk."""

    fields = [
        "instrument_kind", "instrument_id", "shown_store", "shown_tablet", "amount", "spent", "returned", "shown_left",
        "overspent", "granted_at", "expires_at", "returned_at",
    ]  # fmt: skip
    list_display = [
        "granted_at", "instrument_kind", "shown_store", "shown_tablet", "amount", "spent", "returned", "shown_left",
        "overspent", "expires_at", "returned_at",
    ]  # fmt: skip
    list_filter = [RiskFilter, choices.StoreFilter, "instrument_kind", "settled"]
    search_fields = ["id__exact", "instrument_id__exact"]
    ordering = ["-expires_at"]

    @admin.display(description=_("left"))
    def shown_left(self, lease: Lease) -> int:
        """What can still be spent from it."""
        return LEASE.to_record(lease).left

    @admin.display(description=_("tablet"))
    def shown_tablet(self, lease: Lease) -> str:
        """Who has it."""
        device = Device.objects.filter(scope=lease.scope).first() if lease.scope else None
        return str(device or "—")
