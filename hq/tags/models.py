"""Rules that tag members, each for the chain or for a region."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from guide_app.domain.rules import LENGTH
from hq.names import in_language


class TagRule(models.Model):
    """A rule; whom it tags is never stored here. `valid_until` is the first day on which it holds no more."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    ver = models.IntegerField(default=0, editable=False)
    scope = models.CharField(_("for"), max_length=12)
    name_en = models.CharField(_("name (English)"), max_length=120)
    name_zh = models.CharField(_("name (Chinese)"), max_length=120)
    tag = models.CharField(_("tag"), max_length=120, help_text=_("The word that members carry while the rule holds."))
    expression = models.TextField(_("rule"), max_length=LENGTH)
    active = models.BooleanField(_("in use"), default=True)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_until = models.DateField(_("valid until (no more on that day)"), null=True, blank=True)

    class Meta:
        db_table = "tag_rule"
        verbose_name = _("tag rule")
        verbose_name_plural = _("tag rules")
        ordering = ["tag", "id"]

    def __str__(self) -> str:
        return f"{self.tag} · {in_language(self.name_en, self.name_zh)}"
