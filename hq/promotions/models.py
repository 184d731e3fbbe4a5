"""Promotions of the chain or of a region: each version is a row, and what was said in it never changes."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Value
from django.utils.translation import gettext_lazy as _

from hq.names import in_language


class Promotion(models.Model):
    """One version of a promotion; `guide_app.domain.records.Promotion` says what the columns mean.

    `ver`: of the row in the feed; `version`: of the promotion `of`. `terms`: what is not searched, as the record has
    it. `changed_by`: who wrote this version; `ended_by`: who ended the promotion with it. `published`: whether the row
    is on tablets.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    ver = models.IntegerField(default=0, editable=False)
    of = models.UUIDField(editable=False)
    version = models.IntegerField(_("version"), default=1, editable=False)
    since = models.DateTimeField(_("since"), editable=False)
    until_moment = models.DateTimeField(_("until"), null=True, editable=False)
    scope = models.CharField(_("for"), max_length=12)
    name_en = models.CharField(_("name (English)"), max_length=120)
    name_zh = models.CharField(_("name (Chinese)"), max_length=120)
    kind = models.CharField(_("kind"), max_length=20)
    active = models.BooleanField(_("in use"), default=True)
    valid_from = models.DateField(_("from"), null=True, blank=True)
    valid_until = models.DateField(_("until (no more on that day)"), null=True, blank=True)
    group = models.CharField(_("only one of this group"), max_length=120, blank=True, default="")
    priority = models.IntegerField(_("priority"), default=0)
    terms = models.JSONField(null=True, editable=False)
    changed_by = models.CharField(_("by"), max_length=150, db_default=Value(""), editable=False)
    ended_by = models.CharField(_("ended by"), max_length=150, db_default=Value(""), editable=False)
    published = models.BooleanField(db_default=Value(True), editable=False)

    class Meta:
        db_table = "promotion"
        verbose_name = _("promotion")
        verbose_name_plural = _("promotions")
        ordering = ["-since", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["of"], condition=models.Q(until_moment=None), name="promotion_current_version"
            )
        ]
        indexes = [models.Index(fields=["scope", "since"], name="promotion_by_time")]

    def __str__(self) -> str:
        return in_language(self.name_en, self.name_zh)


class Trial(models.Model):
    """A promotion tried on real orders. `record`: what it says; `stores`: those still to be gone through, and how far
    the first of them was (`at`, `at_id`); `days`: the shop's day → [orders, minor units off]; amounts in `currency`.
    """

    class State(models.TextChoices):
        """How far it is."""

        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        CANCELLED = "cancelled", _("cancelled")

    UNDER_WAY = (State.WAITING, State.RUNNING)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    asked_at = models.DateTimeField(_("asked at"))
    asked_by = models.CharField(_("by"), max_length=150)
    name_en = models.CharField(_("name (English)"), max_length=120)
    name_zh = models.CharField(_("name (Chinese)"), max_length=120)
    scope = models.CharField(_("for"), max_length=12)
    currency = models.CharField(_("currency"), max_length=3)
    record = models.JSONField()
    since = models.DateTimeField(_("orders from"))
    until = models.DateTimeField(_("orders until"))
    stores = ArrayField(models.UUIDField())
    at = models.DateTimeField(null=True)
    at_id = models.UUIDField(null=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    total = models.IntegerField(_("orders"), default=0)
    seen = models.IntegerField(_("tried"), default=0)
    touched = models.IntegerField(_("would have cost something else"), default=0)
    off = models.BigIntegerField(_("taken off in all"), default=0)
    days = models.JSONField(default=dict)
    examples = models.JSONField(default=list)

    class Meta:
        db_table = "promotion_trial"
        verbose_name = _("trial of a promotion")
        verbose_name_plural = _("trials of promotions")
        ordering = ["-asked_at"]

    def __str__(self) -> str:
        return in_language(self.name_en, self.name_zh)
