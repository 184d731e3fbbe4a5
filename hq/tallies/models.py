"""The counters. Those that end in `New` are what triggers append until it is folded in; they may be negative."""

from __future__ import annotations

from django.db import models

_ONCE = models.UniqueConstraint


class _Live(models.Model):
    """Of one store in the hour of its own clock that begins with `slot`: how many, and what it came to in minor units
    of the currency ("": none)."""

    id = models.BigAutoField(primary_key=True)
    store_id = models.UUIDField()
    slot = models.DateTimeField()
    measure = models.CharField(max_length=10)
    currency = models.CharField(max_length=3)
    n = models.BigIntegerField()
    amount = models.BigIntegerField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.measure} {self.store_id} {self.slot} {self.n}"


class LiveCount(_Live):
    """Orders that stand, sign-ups and talks of the last days."""

    class Meta:
        db_table = "live_count"
        constraints = [_ONCE(fields=["slot", "store_id", "measure", "currency"], name="live_count_once")]


class LiveCountNew(_Live):
    """As `LiveCount`, not folded in yet."""

    class Meta:
        db_table = "live_count_new"


class _Material(models.Model):
    """What was done with a material by one guide (the nil id: by nobody) on one day of the store."""

    id = models.BigAutoField(primary_key=True)
    store_id = models.UUIDField()
    day = models.DateField()
    material = models.UUIDField()
    guide_id = models.UUIDField()
    what = models.CharField(max_length=10)
    n = models.BigIntegerField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.what} {self.material} {self.day} {self.n}"


class MaterialCount(_Material):
    """What was done with material: the finest counters."""

    class Meta:
        db_table = "material_count"
        constraints = [
            _ONCE(fields=["store_id", "day", "material", "guide_id", "what"], name="material_count_once"),
        ]
        indexes = [models.Index(fields=["material", "day"], name="material_count_of")]


class MaterialCountNew(_Material):
    """As `MaterialCount`, not folded in yet."""

    class Meta:
        db_table = "material_count_new"


class MaterialDay(models.Model):
    """`MaterialCount` of all stores together."""

    id = models.BigAutoField(primary_key=True)
    day = models.DateField()
    material = models.UUIDField()
    what = models.CharField(max_length=10)
    n = models.BigIntegerField()

    class Meta:
        db_table = "material_day"
        constraints = [_ONCE(fields=["day", "material", "what"], name="material_day_once")]
        indexes = [models.Index(fields=["material", "day"], name="material_day_of")]

    def __str__(self) -> str:
        return f"{self.what} {self.material} {self.day} {self.n}"


class MaterialStoreDay(models.Model):
    """`MaterialCount` of all material together."""

    id = models.BigAutoField(primary_key=True)
    store_id = models.UUIDField()
    day = models.DateField()
    what = models.CharField(max_length=10)
    n = models.BigIntegerField()

    class Meta:
        db_table = "material_store_day"
        constraints = [_ONCE(fields=["store_id", "day", "what"], name="material_store_day_once")]

    def __str__(self) -> str:
        return f"{self.what} {self.store_id} {self.day} {self.n}"
