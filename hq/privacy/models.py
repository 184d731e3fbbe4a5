"""What was shown of members that is masked otherwise."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Showing(models.Model):
    """One showing, by a guide on a tablet (`scope` is that tablet's) or by an operator of HQ; never changed."""

    id = models.UUIDField(primary_key=True)
    store_id = models.UUIDField(_("store"))
    ver = models.IntegerField(default=1, editable=False)
    member_id = models.UUIDField(_("member"))
    what = models.CharField(_("what"), max_length=20)
    at = models.DateTimeField(_("at"))
    guide_id = models.UUIDField(_("guide"), null=True)
    scope = models.CharField(max_length=12, default="")
    operator = models.CharField(_("operator"), max_length=150, default="")

    class Meta:
        db_table = "showing"
        verbose_name = _("showing")
        verbose_name_plural = _("showings")
        indexes = [
            models.Index(fields=["member_id", "at"], name="showing_of"),
            models.Index(fields=["store_id", "at"], name="showing_in"),
            models.Index(fields=["at"], name="showing_at"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"
