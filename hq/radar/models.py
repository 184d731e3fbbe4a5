"""Each store's set, as it lies ready for its tablets."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Radar(models.Model):
    """A store's key and the set that was made under it last; there is none while `made_at` is empty.

    `asked_at`: since when a tablet has waited for a newer one. `buckets` and the numbers: see `guide_app.domain.radar`.
    """

    store_id = models.UUIDField(primary_key=True)
    key = models.BinaryField()
    version = models.CharField(max_length=64, default="")
    count = models.BigIntegerField(default=0)
    width = models.SmallIntegerField(default=0)
    rest = models.SmallIntegerField(default=0)
    buckets = ArrayField(models.BinaryField(), default=list)
    made_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "radar"
        indexes = [models.Index(fields=["asked_at"], condition=~models.Q(asked_at=None), name="radar_asked")]

    def __str__(self) -> str:
        return str(self.store_id)
