"""What was loaded: kept so that HQ can say where its data comes from, and so that it is loaded once."""

from __future__ import annotations

from django.db import models


class DataLoad(models.Model):
    """One load. `as_of` is the day that the data was moved to; `counts`: lines by what was odd about them."""

    source = models.CharField(primary_key=True, max_length=40)
    as_of = models.DateField()
    seed = models.BigIntegerField()
    stores = models.IntegerField()
    households = models.IntegerField()
    counts = models.JSONField()
    loaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "data_load"

    def __str__(self) -> str:
        return f"{self.source} {self.as_of}"
