"""What orders earn, and the ledger of members' points."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Earned(models.Model):
    """What an order (its id is the row's) means to its member's points. `terms`: JSON, empty where it earns nothing."""

    id = models.UUIDField(primary_key=True)
    store_id = models.UUIDField(_("store"))
    ver = models.IntegerField(default=0, editable=False)
    member_id = models.UUIDField(_("member"))
    terms = models.TextField(default="", blank=True)
    earned = models.BigIntegerField(_("earned"), default=0)
    used = models.BigIntegerField(_("spent"), default=0)

    class Meta:
        db_table = "points_earned"
        verbose_name = _("points of an order")
        verbose_name_plural = _("points of orders")
        indexes = [models.Index(fields=["member_id"], name="points_earned_member")]

    def __str__(self) -> str:
        return str(self.id)


class EntryKind(models.TextChoices):
    """Why an account moved."""

    EARNED = "earned", _("earned by an order")
    TAKEN_BACK = "taken_back", _("taken back: goods came back")
    SPENT = "spent", _("spent on an order")
    GIVEN_BACK = "given_back", _("given back: the order does not stand")
    EXPIRED = "expired", _("expired")
    ADJUSTED = "adjusted", _("adjusted by hand")
    REFERRAL = "referral", _("for a recommendation")
    BONUS = "bonus", _("bonus of a paid membership")


class PointsEntry(models.Model):
    """One movement of an account; never changed. `settled`: what it put in needs no further look for its expiry."""

    id = models.UUIDField(primary_key=True)
    store_id = models.UUIDField(_("store"))
    ver = models.IntegerField(default=0, editable=False)
    instrument_id = models.UUIDField(_("account"))
    kind = models.CharField(_("kind"), max_length=12, choices=EntryKind)
    points = models.BigIntegerField(_("points"))
    source = models.UUIDField(_("order"), null=True)
    at = models.DateTimeField(_("at"))
    until = models.DateField(_("counts until"), null=True)
    reason = models.CharField(_("reason"), max_length=200, default="", blank=True)
    by = models.CharField(_("by"), max_length=150, default="", blank=True)
    settled = models.BooleanField(editable=False, db_default=False)

    class Meta:
        db_table = "points_entry"
        verbose_name = _("movement of points")
        verbose_name_plural = _("movements of points")
        indexes = [
            models.Index(fields=["instrument_id", "at"], name="points_entry_account"),
            models.Index(
                fields=["until"], condition=models.Q(settled=False, until__isnull=False), name="points_entry_due"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.points:+}"
