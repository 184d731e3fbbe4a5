"""Payments that HQ asked a provider for."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class PaymentState(models.TextChoices):
    """How far a payment has come."""

    ASKED = "asked", _("asked for")
    WAITING = "waiting", _("waits for the customer")
    PAID = "paid", _("paid")
    FAILED = "failed", _("failed")
    CLOSED = "closed", _("expired or given up")


class PaymentRequest(models.Model):
    """A payment asked for; `look_at`: when HQ asks the provider next what became of it. `refunds` is JSON."""

    id = models.UUIDField(primary_key=True)
    store_id = models.UUIDField(_("store"))
    ver = models.IntegerField(default=0)
    order_id = models.UUIDField(_("order"))
    amount = models.BigIntegerField(_("amount"))
    currency = models.CharField(_("currency"), max_length=3)
    provider = models.CharField(_("provider"), max_length=20)
    state = models.CharField(_("state"), max_length=8, choices=PaymentState)
    code = models.CharField(max_length=1024, default="")
    provider_id = models.CharField(_("the provider's number"), max_length=120, default="")
    device_id = models.UUIDField(_("tablet"), null=True)
    guide_id = models.UUIDField(_("guide"), null=True)
    made_at = models.DateTimeField(_("asked at"))
    until = models.DateTimeField(_("expires at"))
    attempts = models.IntegerField(_("times looked after"), default=0)
    look_at = models.DateTimeField(null=True)
    refunds = models.JSONField(_("given back"), null=True)

    class Meta:
        db_table = "payment_request"
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        indexes = [
            models.Index(fields=["order_id"], name="payment_order"),
            models.Index(fields=["store_id", "made_at"], name="payment_by_time"),
            models.Index(fields=["look_at"], condition=models.Q(look_at__isnull=False), name="payment_look"),
        ]

    def __str__(self) -> str:
        return str(self.id)
