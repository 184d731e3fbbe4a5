"""Regions and stores. They do not travel themselves: a tablet learns of its store when it enrols."""

from __future__ import annotations

import uuid
import zoneinfo

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hq.names import in_language


def check_time_zone(value: str) -> None:
    """Raises ValidationError unless it is a time zone of the IANA database."""
    if value not in zoneinfo.available_timezones():
        raise ValidationError(_("“%(value)s” is not a time zone, such as Asia/Shanghai."), params={"value": value})


class Region(models.Model):
    """A part of the chain with its own prices, say."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.SlugField(_("code"), max_length=20, unique=True)
    name_en = models.CharField(_("name (English)"), max_length=120)
    name_zh = models.CharField(_("name (Chinese)"), max_length=120)
    scope = models.CharField(_("scope"), max_length=12, unique=True, editable=False)

    class Meta:
        db_table = "region"
        verbose_name = _("region")
        verbose_name_plural = _("regions")
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {in_language(self.name_en, self.name_zh)}"


class Franchise(models.Model):
    """Somebody who runs shops of the chain for themselves."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.SlugField(_("code"), max_length=20, unique=True)
    name_en = models.CharField(_("name (English)"), max_length=120)
    name_zh = models.CharField(_("name (Chinese)"), max_length=120)

    class Meta:
        db_table = "franchise"
        verbose_name = _("franchise")
        verbose_name_plural = _("franchises")
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {in_language(self.name_en, self.name_zh)}"


class Store(models.Model):
    """A shop. `code` stands in its order and member numbers; `currency` is ISO 4217."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.CharField(
        _("code"), max_length=6, unique=True, validators=[RegexValidator(r"^[0-9]{3,6}\Z", _("Three to six digits."))]
    )
    name_en = models.CharField(_("name (English)"), max_length=120)
    name_zh = models.CharField(_("name (Chinese)"), max_length=120)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, verbose_name=_("region"), related_name="stores")
    franchise = models.ForeignKey(
        Franchise, on_delete=models.PROTECT, verbose_name=_("franchise"), related_name="stores", null=True, blank=True,
        help_text=_("Who runs the store for themselves; empty for the chain's own."),
    )  # fmt: skip
    time_zone = models.CharField(_("time zone"), max_length=40, default="Asia/Shanghai", validators=[check_time_zone])
    currency = models.CharField(
        _("currency"),
        max_length=3,
        default="CNY",
        validators=[RegexValidator(r"^[A-Z]{3}\Z", _("Three letters, such as CNY."))],
    )
    country = models.CharField(
        _("country"), max_length=2, default="CN",
        validators=[RegexValidator(r"^[A-Z]{2}\Z", _("Two letters, such as CN."))],
        help_text=_("Phone numbers without a country code are read as this country's."),
    )  # fmt: skip
    scope = models.CharField(_("scope"), max_length=12, unique=True, editable=False)
    active = models.BooleanField(pgettext_lazy("a store", "open"), default=True)

    class Meta:
        db_table = "store"
        verbose_name = _("store")
        verbose_name_plural = _("stores")
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {in_language(self.name_en, self.name_zh)}"
