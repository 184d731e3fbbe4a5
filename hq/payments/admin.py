"""Payments on customers' phones in the admin: to be read."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from hq.console import choices, html
from hq.console.admin_base import ReadOnlyAdmin
from hq.orders.models import Order
from hq.payments.models import PaymentRequest


@admin.register(PaymentRequest)
class PaymentRequestAdmin(choices.StoreNamed, ReadOnlyAdmin):
    """What the provider was asked for, and what became of it."""

    fields = [
        "shown_order", "state", "shown_store", "shown_amount", "provider", "provider_id", "made_at", "until",
        "attempts", "shown_refunds",
    ]  # fmt: skip
    list_display = ["shown_order", "state", "shown_store", "shown_amount", "provider", "made_at"]
    list_filter = [choices.StoreFilter, "state"]
    search_fields = ["id__exact", "order_id__exact", "provider_id__exact"]
    ordering = ["-made_at"]

    @admin.display(description=_("order"))
    def shown_order(self, request: PaymentRequest) -> str:
        """The number of the order."""
        return str(Order.objects.filter(id=request.order_id).first() or "?")

    @admin.display(description=_("amount"), ordering="amount")
    def shown_amount(self, request: PaymentRequest) -> str:
        """What was asked for."""
        return html.amount(request.amount, request.currency)

    @admin.display(description=_("given back"))
    def shown_refunds(self, request: PaymentRequest) -> str:
        """Money given back."""
        return ", ".join(f"{html.amount(one['amount'], request.currency)}" for one in request.refunds or [])
