"""People who work in a store. HQ's own people are Django's users and sign in to the admin."""

from __future__ import annotations

import uuid

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person may do on the tablet."""

    GUIDE = "guide", _("guide")
    MANAGER = "manager", _("store manager")


class Term(models.Model):
    """A time during which a person was a manager of a store; `until` is empty while they are."""

    id = models.BigAutoField(primary_key=True)
    staff_id = models.UUIDField()
    store_id = models.UUIDField()
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        db_table = "staff_term"
        indexes = [models.Index(fields=["staff_id", "store_id"], name="staff_term_whose")]


class Staff(models.Model):
    """A person who works in a store. `pin`: argon2id PHC string; `pin_once`: to be replaced at the next sign-in."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    store_id = models.UUIDField(_("store"))
    ver = models.IntegerField(default=0, editable=False)
    name = models.CharField(_("name"), max_length=120)
    staff_no = models.CharField(_("staff number"), max_length=20)
    role = models.CharField(_("role"), max_length=8, choices=Role, default=Role.GUIDE)
    pin = models.CharField(max_length=300, blank=True, default="", editable=False)
    pin_once = models.BooleanField(default=False, editable=False)
    active = models.BooleanField(_("works here"), default=True)
    purchase_limit = models.BigIntegerField(
        _("may buy at staff prices, a month (minor units)"), default=0, db_default=0,
        validators=[MinValueValidator(0)],
        help_text=_("What they pay in a calendar month of the shop, in all; 0: they have no staff purchase card."),
    )  # fmt: skip
    purchase_until = models.DateField(
        _("staff purchase until"), null=True, blank=True, help_text=_("The last day; empty: no end.")
    )
    purchase_alone = models.BooleanField(
        _("may ring up their own staff purchase"), default=False, db_default=False,
        help_text=_("Otherwise a colleague does it."),
    )  # fmt: skip

    class Meta:
        db_table = "staff"
        verbose_name = _("person")
        verbose_name_plural = _("staff")
        ordering = ["store_id", "staff_no"]
        constraints = [models.UniqueConstraint(fields=["store_id", "staff_no"], name="staff_number")]

    def __str__(self) -> str:
        return f"{self.staff_no} {self.name}"
