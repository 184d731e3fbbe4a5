"""The words customers agree to, version by version, and what HQ decides for the tablets of a scope."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from hq.names import in_language


class Policy(models.Model):
    """One version of the words that a consent of this kind is given to."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    ver = models.IntegerField(default=0, editable=False)
    kind = models.SlugField(_("kind"), max_length=40, help_text=_("As in a consent: terms, marketing_phone …"))
    version = models.CharField(_("version"), max_length=40)
    title_en = models.CharField(_("title (English)"), max_length=200)
    title_zh = models.CharField(_("title (Chinese)"), max_length=200)
    text_en = models.TextField(_("text (English)"))
    text_zh = models.TextField(_("text (Chinese)"))
    required = models.BooleanField(_("needed to become a member"), default=False)
    position = models.IntegerField(_("position"), default=0)
    current = models.BooleanField(_("current"), default=True)
    signed = models.BooleanField(_("signed by hand"), default=False, db_default=False)

    class Meta:
        db_table = "policy"
        verbose_name = _("policy")
        verbose_name_plural = _("policies")
        ordering = ["position", "kind", "version"]
        constraints = [models.UniqueConstraint(fields=["kind", "version"], name="policy_version")]

    def __str__(self) -> str:
        return f"{in_language(self.title_en, self.title_zh)} · {self.version}"


class LevelRound(models.Model):
    """How far the members of a store were looked at by new rules for levels: `rules` names those by which all were,
    `wanted` those that are in force, `after` who came last.
    """

    store_id = models.UUIDField(primary_key=True)
    rules = models.CharField(max_length=64, default="")
    wanted = models.CharField(max_length=64, default="")
    after = models.UUIDField(null=True)

    class Meta:
        db_table = "level_round"

    def __str__(self) -> str:
        return str(self.store_id)


class ScopeSettings(models.Model):
    """The settings of a scope, one row each; `values` is the record as JSON."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    ver = models.IntegerField(default=0, editable=False)
    scope = models.CharField(_("for"), max_length=12, unique=True)
    values = models.JSONField(_("values"))

    class Meta:
        db_table = "scope_settings"
        verbose_name = _("settings")
        verbose_name_plural = _("settings")

    def __str__(self) -> str:
        return str(self._meta.verbose_name)
