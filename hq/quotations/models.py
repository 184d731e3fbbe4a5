"""Quotations. HQ asks of their lines nothing alone: they stand whole in each row."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Quotation(models.Model):
    """A quotation; `total` in minor units of `currency`, `valid_until` a day of the shop. What has no number yet has
    not arrived: HQ knows of it only what became of it."""

    STATES = {"open": _("open"), "ordered": _("ordered"), "void": _("taken back")}

    id = models.UUIDField(primary_key=True)
    store_id = models.UUIDField(_("store"))
    ver = models.IntegerField(default=0)
    member_id = models.UUIDField(_("member"), null=True)
    number = models.CharField(_("number"), max_length=40, default="")
    state = models.CharField(_("state"), max_length=8, choices=STATES)
    guide_id = models.UUIDField(_("guide"), null=True)
    made_at = models.DateTimeField(_("made at"), null=True)
    valid_until = models.DateField(_("valid until"), null=True)
    currency = models.CharField(_("currency"), max_length=3, default="")
    lines = models.JSONField(_("lines"), null=True)
    lines_amount = models.BigIntegerField(_("before discounts"), default=0)
    discounts_amount = models.BigIntegerField(_("discounts"), default=0)
    total = models.BigIntegerField(_("total"), default=0)
    price_list_id = models.UUIDField(_("price list"), null=True)
    price_list_version = models.IntegerField(_("version of the price list"), default=0)
    promotions_version = models.IntegerField(_("version of the promotions"), default=0)
    priced_by = models.JSONField(_("priced by"), null=True)
    note = models.TextField(_("note"), default="")
    fulfilment = models.JSONField(_("how the goods reach the customer"), null=True)
    order_id = models.UUIDField(_("order"), null=True)
    void_reason = models.CharField(_("why it was taken back"), max_length=40, default="")
    void_at = models.DateTimeField(_("taken back at"), null=True)
    void_by = models.UUIDField(_("taken back by"), null=True)

    class Meta:
        db_table = "quotation"
        verbose_name = _("quotation")
        verbose_name_plural = _("quotations")
        indexes = [
            models.Index(fields=["store_id", "made_at"], name="quotation_by_time"),
            models.Index(fields=["member_id"], name="quotation_by_member"),
        ]

    def __str__(self) -> str:
        return self.number
