"""The audit log's table. The database itself lets nobody change or delete a row of it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Act(models.TextChoices):
    """What was done."""

    ADDED = "added", _("added")
    CHANGED = "changed", _("changed or done")
    DELETED = "deleted", _("deleted")
    SIGNED_IN = "signed_in", _("signed in")
    SIGNED_OUT = "signed_out", _("signed out")
    WRONG = "wrong", _("wrong password")
    WRONG_CODE = "wrong_code", _("wrong code")
    REFUSED = "refused", _("refused")


class Entry(models.Model):
    """One thing that was done. People stand in it by their keys alone; `link` is the hash of all that is before and of
    this, so that a row that somebody took out with the database's own means is missed."""

    at = models.DateTimeField(_("at"), db_index=True)
    who = models.CharField(_("who"), max_length=150, db_index=True)
    role = models.CharField(_("role"), max_length=1)
    act = models.CharField(_("what was done"), max_length=12, choices=Act)
    feature = models.CharField(_("of what"), max_length=60)
    key = models.CharField(_("id"), max_length=80, db_index=True)
    store_id = models.UUIDField(_("store"), null=True, db_index=True)
    told = models.TextField(_("details"))
    link = models.CharField(_("link"), max_length=64)

    class Meta:
        db_table = "audit_entry"
        verbose_name = _("entry of the audit log")
        verbose_name_plural = _("audit log")

    def __str__(self) -> str:
        return f"{self.pk} {self.act} {self.feature}"
