"""Closes of shops' days, each as whoever closed it saw the day."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class DayClose(models.Model):
    """One close; `figures` is the record's part as JSON, `counted` null where no cash was counted. Minor units."""

    id = models.UUIDField(primary_key=True)
    store_id = models.UUIDField(_("store"))
    ver = models.IntegerField(default=0)
    day = models.DateField(_("day"))
    guide_id = models.UUIDField(_("closed by"))
    closed_at = models.DateTimeField(_("closed at"))
    currency = models.CharField(_("currency"), max_length=3)
    figures = models.JSONField(_("figures"))
    waiting = models.JSONField(_("not at HQ then"), null=True)
    counted = models.JSONField(_("cash counted"), null=True)

    class Meta:
        db_table = "day_close"
        verbose_name = _("close of a day")
        verbose_name_plural = _("closes of days")
        indexes = [models.Index(fields=["store_id", "day"], name="day_close_by_day")]

    def __str__(self) -> str:
        return f"{self.day}"
