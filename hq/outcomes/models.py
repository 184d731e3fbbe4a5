"""What tablets said of material, and the counters of what was done with it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class MaterialOnTablet(models.Model):
    """How a version stands on one tablet, by its own word. `why`: why it is not there ("": it is there, whole), `since`
    when HQ has heard so; `came_at`: when HQ first heard that it was there, which stays when it leaves for want of room.
    """

    pk = models.CompositePrimaryKey("device_id", "material", "version")
    device_id = models.UUIDField(_("tablet"))
    store_id = models.UUIDField(_("store"))
    material = models.UUIDField(_("material"))
    version = models.IntegerField(_("version"))
    why = models.CharField(_("why it is not there"), max_length=20, default="", blank=True)
    since = models.DateTimeField(_("since"))
    came_at = models.DateTimeField(_("delivered at"), null=True)

    class Meta:
        db_table = "material_on_tablet"
        verbose_name = _("material on a tablet")
        verbose_name_plural = _("material on tablets")
        indexes = [models.Index(fields=["material", "version", "store_id"], name="material_on_tablet_of")]

    def __str__(self) -> str:
        return f"{self.material} {self.version} {self.device_id}"
