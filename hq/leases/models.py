"""Instruments (what has a value), the leases that tablets hold of them, and the requests that led to these."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class InstrumentKind(models.TextChoices):
    """What has the value, and so its unit: points, minor units, uses, pieces."""

    POINTS = "points", _("points")
    CARD = "card", _("gift card")
    COUPON = "coupon", _("coupon")
    STOCK = "stock", _("promised stock")
    STAFF = "staff", _("staff purchase")


class Instrument(models.Model):
    """A value of a store. `held`: what its leases hold, spent or not; the rest of `balance` is free to be leased."""

    id = models.UUIDField(primary_key=True)
    store_id = models.UUIDField(_("store"))
    ver = models.IntegerField(default=0, editable=False)
    kind = models.CharField(_("kind"), max_length=8, choices=InstrumentKind)
    owner_id = models.UUIDField(_("member, product or colleague"), null=True, blank=True)
    balance = models.BigIntegerField(_("balance"), default=0)
    held = models.BigIntegerField(_("held by leases"), default=0)
    title_en = models.CharField(_("title (English)"), max_length=120, blank=True, default="")
    title_zh = models.CharField(_("title (Chinese)"), max_length=120, blank=True, default="")
    digits = models.CharField(_("last digits of the card"), max_length=8, blank=True, default="")
    until = models.DateField(_("counts until"), null=True, blank=True)
    promotion = models.UUIDField(_("coupon of the promotion"), null=True, blank=True)
    source_en = models.CharField(_("goes with (English)"), max_length=120, default="", db_default="", editable=False)
    source_zh = models.CharField(_("goes with (Chinese)"), max_length=120, default="", db_default="", editable=False)
    taken = models.BooleanField(_("came back"), default=False, db_default=False, editable=False)
    told = models.IntegerField(editable=False, db_default=0)
    """The version that its owner's wallet tells of."""
    owed = models.BigIntegerField(_("owed"), default=0, db_default=0)
    number = models.CharField(_("number"), max_length=16, null=True, unique=True, editable=False)
    face = models.BigIntegerField(_("sold with"), default=0, db_default=0, editable=False)
    sold_by = models.UUIDField(_("sold with the order"), null=True, editable=False)
    active = models.BooleanField(_("has its value"), default=False, db_default=False, editable=False)
    blocked = models.BooleanField(_("blocked"), default=False, db_default=False, editable=False)

    class Meta:
        db_table = "instrument"
        verbose_name = _("instrument")
        verbose_name_plural = _("instruments")
        constraints = [models.CheckConstraint(condition=models.Q(held__lte=models.F("balance")), name="held_within")]
        indexes = [
            models.Index(fields=["store_id", "owner_id"], name="instrument_owner"),
            models.Index(fields=["owner_id"], name="instrument_of"),
            models.Index(fields=["id"], condition=~models.Q(told=models.F("ver")), name="instrument_untold"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.id}"


class Lease(models.Model):
    """A share that one tablet may spend; `scope` is that tablet's. Without an instrument: spends of a lease that HQ
    does not know. `settled`: closed, with nothing left. `overspent` is the chain's risk.
    """

    id = models.UUIDField(primary_key=True)
    store_id = models.UUIDField(_("store"))
    ver = models.IntegerField(default=0, editable=False)
    scope = models.CharField(_("scope"), max_length=12, default="")
    instrument_kind = models.CharField(_("kind"), max_length=8, choices=InstrumentKind, default="")
    instrument_id = models.UUIDField(_("instrument"), null=True)
    amount = models.BigIntegerField(_("granted"))
    spent = models.BigIntegerField(_("spent"), default=0)
    returned = models.BigIntegerField(_("given back"), default=0)
    overspent = models.BigIntegerField(_("overspent"), default=0)
    granted_at = models.DateTimeField(_("granted at"), null=True)
    expires_at = models.DateTimeField(_("expires at"))
    returned_at = models.DateTimeField(_("closed at"), null=True)
    settled = models.BooleanField(_("settled"), default=False)
    told = models.IntegerField(editable=False, db_default=0)
    """The version that the wallet of its instrument's owner tells of."""

    class Meta:
        db_table = "lease"
        verbose_name = _("lease")
        verbose_name_plural = _("leases")
        indexes = [
            models.Index(fields=["store_id", "instrument_id"], name="lease_instrument"),
            models.Index(fields=["store_id", "expires_at"], condition=models.Q(settled=False), name="lease_unsettled"),
            models.Index(fields=["store_id"], condition=models.Q(overspent__gt=0), name="lease_risk"),
            models.Index(fields=["id"], condition=~models.Q(told=models.F("ver")), name="lease_untold"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Wallet(models.Model):
    """What a member's instruments come to, as their tablets show it; JSON."""

    member_id = models.UUIDField(_("member"), primary_key=True)
    store_id = models.UUIDField(_("store"))
    ver = models.IntegerField(default=0)
    record = models.TextField()

    class Meta:
        db_table = "wallet"
        verbose_name = _("wallet")
        verbose_name_plural = _("wallets")
        indexes = [models.Index(fields=["store_id"], name="wallet_store")]

    def __str__(self) -> str:
        return str(self.member_id)


class LeaseRequest(models.Model):
    """A tablet's request for a lease and its answer; the key is derived from the tablet's id and its request's."""

    id = models.UUIDField(primary_key=True)
    store_id = models.UUIDField()
    ver = models.IntegerField(default=0)
    lease_id = models.UUIDField(null=True)
    granted = models.BigIntegerField()
    code = models.CharField(max_length=40, default="")
    at = models.DateTimeField()

    class Meta:
        db_table = "lease_request"
        verbose_name = _("request for a lease")
        verbose_name_plural = _("requests for leases")
        indexes = [models.Index(fields=["at"], name="lease_request_age")]

    def __str__(self) -> str:
        return str(self.id)
