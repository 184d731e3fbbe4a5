"""Quotations in the admin: to be read, with their lines and what became of them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hq.catalogue.models import Product
from hq.console import choices, goods_ways, html
from hq.console.admin_base import ReadOnlyAdmin
from hq.console.trade_words import said
from hq.members.models import Member
from hq.orders.models import Order
from hq.quotations.mapping import QUOTATION
from hq.quotations.models import Quotation
from hq.staff.models import Staff


def _called(kind: type[Staff | Member | Order], row_id: UUID | None) -> str:
    """What a row is called; empty where there is none."""
    return str(kind.objects.filter(id=row_id).first() or "") if row_id else ""


class StandingFilter(admin.SimpleListFilter):
    """Quotations by how they stand; the day that counts is HQ's."""

    title = gettext_lazy("state")
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(code, said("quotation", code)) for code in ("open", "ended", "ordered", "void")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        today = timezone.localdate()
        chosen = {
            "open": Q(state="open", valid_until__gte=today),
            "ended": Q(state="open", valid_until__lt=today),
            "ordered": Q(state="ordered"),
            "void": Q(state="void"),
        }.get(self.value() or "")
        return queryset if chosen is None else queryset.filter(chosen)


@admin.register(Quotation)
class QuotationAdmin(choices.StoreNamed, ReadOnlyAdmin):
    """Quotations of all stores."""

    fields = [
        "number", "shown_standing", "valid_until", "shown_total", "shown_store", "shown_guide", "shown_member",
        "made_at", "shown_fulfilment", "note", "shown_lines", "shown_order", "shown_void",
    ]  # fmt: skip
    list_display = ["number", "made_at", "shown_store", "shown_guide", "shown_total", "valid_until", "shown_standing"]
    list_filter = [choices.StoreFilter, StandingFilter]
    search_fields = ["number__istartswith"]
    ordering = ["-made_at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """What has not arrived is of no interest to anybody yet."""
        return super().get_queryset(request).exclude(number="")

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def shown_standing(self, item: Quotation) -> str:
        """What became of it until today."""
        ended = item.state == "open" and item.valid_until is not None and item.valid_until < timezone.localdate()
        return said("quotation", "ended" if ended else item.state)

    @admin.display(description=gettext_lazy("total"), ordering="total")
    def shown_total(self, item: Quotation) -> str:
        """What was promised."""
        return html.amount(item.total, item.currency)

    @admin.display(description=gettext_lazy("guide"))
    def shown_guide(self, item: Quotation) -> str:
        """Who made it."""
        return _called(Staff, item.guide_id)

    @admin.display(description=gettext_lazy("member"))
    def shown_member(self, item: Quotation) -> str:
        """For whom it was made."""
        return _called(Member, item.member_id)

    @admin.display(description=gettext_lazy("fulfilment"))
    def shown_fulfilment(self, item: Quotation) -> str:
        """How the goods reach the customer, as its order would have it."""
        return html.table(["", ""], goods_ways.facts(QUOTATION.to_record(item).fulfilment))

    @admin.display(description=gettext_lazy("lines"))
    def shown_lines(self, item: Quotation) -> str:
        """The goods at their promised prices."""
        told = item.lines or []
        names = {str(one.id): str(one) for one in Product.objects.filter(id__in={one["product_id"] for one in told})}
        rows = [
            [
                names.get(one["product_id"], one["product_id"]), one["qty"],
                html.amount(one["unit_price"], item.currency), html.amount(one["amount"], item.currency),
            ]
            for one in told
        ]  # fmt: skip
        return html.table([_("product"), _("quantity"), _("unit price"), _("amount")], rows, amounts=(1, 2, 3))

    @admin.display(description=gettext_lazy("order"))
    def shown_order(self, item: Quotation) -> str:
        """The order that it became."""
        return _called(Order, item.order_id)

    @admin.display(description=gettext_lazy("taken back"))
    def shown_void(self, item: Quotation) -> str:
        """When, by whom and why."""
        if item.state != "void":
            return ""
        who = _called(Staff, item.void_by)
        parts = (html.moment(item.void_at), who, said("quotation_void", item.void_reason))
        return " · ".join(part for part in parts if part)
