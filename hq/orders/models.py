"""Orders. Lines are rows of their own; what HQ never asks for alone (payments, discounts, shares) is JSON inside."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from hq.protocol.copies import Copy


class OrderState(models.TextChoices):
    """How far an order has come."""

    PLACED = "placed", _("placed")
    ACCEPTED = "accepted", _("accepted")
    IN_REVIEW = "in_review", _("in review")
    PAID = "paid", _("paid")
    PICKING = "picking", _("picking")
    SHIPPED = "shipped", _("shipped")
    DELIVERED = "delivered", _("delivered")
    CLOSED = "closed", _("closed")
    CANCELLED = "cancelled", _("cancelled")
    RETURNED = "returned", _("returned")


class Order(models.Model):
    """An order. Amounts in minor units of `currency`; `variance`: what the promised prices differ from HQ's list;
    `held`: what it comes to after what was given back, nothing once it is cancelled; `counts`: what of that
    counts as spent."""

    id = models.UUIDField(primary_key=True)
    store_id = models.UUIDField(_("store"))
    ver = models.IntegerField(default=0)
    number = models.CharField(_("number"), max_length=40)
    state = models.CharField(_("state"), max_length=10, choices=OrderState)
    guide_id = models.UUIDField(_("guide"))
    member_id = models.UUIDField(_("member"), null=True)
    placed_at = models.DateTimeField(_("placed at"))
    currency = models.CharField(_("currency"), max_length=3)
    lines_amount = models.BigIntegerField(_("before discounts"))
    discounts_amount = models.BigIntegerField(_("discounts"))
    total = models.BigIntegerField(_("total"))
    fulfilment_kind = models.CharField(_("fulfilment"), max_length=10)
    fulfilment_repair = models.CharField(_("to be settled"), max_length=40, default="")
    fulfilment = models.JSONField(_("where, when and to whom"), null=True)
    payment_intent = models.JSONField(_("means to pay"), null=True)
    payments = models.JSONField(_("payments"), null=True)
    payment_asked = models.JSONField(_("asked for on the customer's phone"), null=True)
    price_list_id = models.UUIDField(_("price list"), null=True)
    price_list_version = models.IntegerField(_("version of the price list"), default=0)
    promotions_version = models.IntegerField(_("version of the promotions"), default=0)
    variance = models.BigIntegerField(_("variance"), default=0)
    note = models.TextField(_("note"), default="")
    cancel_reason = models.CharField(_("reason of cancelling"), max_length=2000, default="")
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True)
    spends = models.JSONField(_("spent from leases"), null=True)
    priced_by = models.JSONField(_("priced by"), null=True)
    variances = models.JSONField(_("causes of the variance"), null=True)
    cancelled_by = models.UUIDField(_("cancelled by"), null=True)
    returns = models.JSONField(_("returns"), null=True)
    exchange_of = models.UUIDField(_("exchange of"), null=True)
    held = models.BigIntegerField(_("comes to"), default=0)
    counts = models.BigIntegerField(_("counts as spent"), default=0)
    quotation_id = models.UUIDField(_("quotation"), null=True)
    reshares = models.JSONField(_("corrections of the guides' shares"), null=True)
    refunding = models.JSONField(_("money asked back of a provider"), null=True)
    cards = models.JSONField(_("gift cards sold with it"), null=True)
    staff_id = models.UUIDField(_("bought at staff prices by"), null=True)
    uncounted = models.JSONField(_("lines that do not count as spent"), null=True)

    class Meta:
        db_table = "shop_order"
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        constraints = [models.UniqueConstraint(fields=["store_id", "number"], name="order_number")]
        indexes = [
            models.Index(fields=["store_id", "placed_at"], name="order_by_time"),
            models.Index(fields=["member_id", "store_id"], name="order_of_member"),
        ]

    def __str__(self) -> str:
        return self.number


class OrderLine(models.Model):
    """One product of an order; `position` keeps the order of the lines. JSON is null where it would be empty."""

    pk = models.CompositePrimaryKey("order_id", "position")
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines", db_index=False)
    position = models.SmallIntegerField()
    line_id = models.UUIDField()
    product_id = models.UUIDField(_("product"))
    qty = models.IntegerField(_("quantity"))
    unit_price = models.BigIntegerField(_("unit price"))
    amount = models.BigIntegerField(_("amount"))
    discounts = models.JSONField(_("discounts"), null=True)
    guide_shares = models.JSONField(_("guides' shares"), null=True)

    class Meta:
        db_table = "order_line"
        verbose_name = _("line")
        verbose_name_plural = _("lines")

    def __str__(self) -> str:
        return str(self.line_id)


class Parcel(models.Model):
    """What another store's order asks of this one, which hands its goods over or sends them, as JSON."""

    pk = models.CompositePrimaryKey("store_id", "order_id")
    store_id = models.UUIDField(_("store"))
    order_id = models.UUIDField(_("order"))
    ver = models.IntegerField(default=0)
    placed_at = models.DateTimeField(_("placed at"))
    record = models.TextField()

    class Meta:
        db_table = "parcel"
        verbose_name = _("parcel")
        verbose_name_plural = _("parcels")
        indexes = [models.Index(fields=["store_id", "placed_at"], name="parcel_placed")]

    def __str__(self) -> str:
        return str(self.order_id)


class OrderCopy(Copy):
    """An order of another store while goods of it may be taken back in this one: a copy that names nobody, as JSON."""

    pk = models.CompositePrimaryKey("store_id", "order_id")
    order_id = models.UUIDField(_("order"))

    class Meta:
        db_table = "order_copy"
        verbose_name = _("copy of an order")
        verbose_name_plural = _("copies of orders")
        indexes = [
            models.Index(fields=["order_id"], name="order_copy_order"),
            models.Index(fields=["until"], name="order_copy_until"),
        ]

    def __str__(self) -> str:
        return str(self.order_id)
