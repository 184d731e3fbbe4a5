"""Messages that guides send from their own phones, each for the chain or for a region."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from guide_app.domain.messages import LONGEST
from hq.names import in_language


class MessageTemplate(models.Model):
    """A message in both languages; which variables it may hold says `guide_app.domain.messages`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    ver = models.IntegerField(default=0, editable=False)
    scope = models.CharField(_("for"), max_length=12)
    situation = models.CharField(_("situation"), max_length=40)
    channel = models.CharField(_("channel"), max_length=40)
    title_en = models.CharField(_("title (English)"), max_length=120)
    title_zh = models.CharField(_("title (Chinese)"), max_length=120)
    text_en = models.TextField(_("text (English)"), max_length=LONGEST)
    text_zh = models.TextField(_("text (Chinese)"), max_length=LONGEST)
    position = models.IntegerField(_("position"), default=0)
    active = models.BooleanField(_("in use"), default=True)

    class Meta:
        db_table = "message_template"
        verbose_name = _("message template")
        verbose_name_plural = _("message templates")
        ordering = ["situation", "position", "id"]

    def __str__(self) -> str:
        return in_language(self.title_en, self.title_zh)
