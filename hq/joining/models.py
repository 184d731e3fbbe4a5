"""What HQ keeps of sign-ups: gifts and signatures, and who brought whom."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class Joining(models.Model):
    """What was handed over and signed at one sign-up. `person`: a keyed hash of the phone."""

    id = models.UUIDField(primary_key=True)
    store_id = models.UUIDField(_("store"))
    ver = models.IntegerField(default=0, editable=False)
    member_id = models.UUIDField(_("member"), null=True)
    person = models.CharField(max_length=64, default="")
    product_id = models.UUIDField(_("sign-up gift"), null=True)
    signed = ArrayField(models.CharField(max_length=120), verbose_name=_("signed by hand"), default=list)
    strokes = models.TextField(_("signature"), default="")
    at = models.DateTimeField(_("at"))

    class Meta:
        db_table = "joining"
        verbose_name = _("gift or signature")
        verbose_name_plural = _("gifts and signatures")
        indexes = [
            models.Index(fields=["person"], condition=models.Q(product_id__isnull=False), name="joining_gift"),
            models.Index(fields=["member_id"], name="joining_member"),
            models.Index(fields=["store_id", "at"], name="joining_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"


class Referral(models.Model):
    """Who brought the member whose id the row has. `paid`: both have the points, or neither."""

    id = models.UUIDField(primary_key=True)
    store_id = models.UUIDField(_("store"))
    ver = models.IntegerField(default=0, editable=False)
    referrer_id = models.UUIDField(_("referred by"))
    points = models.BigIntegerField(_("points for each"))
    paid = models.BooleanField(_("given"), default=True)

    class Meta:
        db_table = "referral"
        verbose_name = _("referral")
        verbose_name_plural = _("referrals")
        indexes = [models.Index(fields=["referrer_id"], name="referral_referrer")]

    def __str__(self) -> str:
        return str(self.id)
