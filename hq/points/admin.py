"""The ledger of members' points in the admin: to be read."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from hq.console import choices
from hq.console.admin_base import ReadOnlyAdmin
from hq.leases.models import Instrument
from hq.members.models import Member
from hq.orders.models import Order
from hq.points.models import PointsEntry


@admin.register(PointsEntry)
class PointsEntryAdmin(choices.StoreNamed, ReadOnlyAdmin):
    """Every movement of every account, the latest first; the account's own page shows its sum."""

    fields = ["at", "shown_store", "shown_member", "kind", "points", "until", "shown_order", "reason", "by"]
    list_display = ["at", "shown_store", "shown_member", "kind", "points", "until", "shown_order", "reason", "by"]
    list_filter = ["kind", choices.StoreFilter]
    search_fields = ["instrument_id__exact", "source__exact", "by__exact"]
    ordering = ["-at"]

    @admin.display(description=_("member"))
    def shown_member(self, item: PointsEntry) -> Any:
        """Whose account it is, and the way to it."""
        owner = Instrument.objects.filter(id=item.instrument_id).values_list("owner_id", flat=True).first()
        member = Member.objects.filter(id=owner).first() if owner else None
        return format_html('<a href="/admin/leases/instrument/{}/change/">{}</a>', item.instrument_id, member or "—")

    @admin.display(description=_("order"))
    def shown_order(self, item: PointsEntry) -> str:
        """The number of the order behind it."""
        found = Order.objects.filter(id=item.source).values_list("number", flat=True).first() if item.source else ""
        return found or ""
