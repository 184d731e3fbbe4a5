"""The protocol's tables as Django reads them. `tables.sql` makes them; only `feed`, `scopes`, `epoch` and the ledger
write them.

A model with `managed = False` names one column as its key for reading; the table's own key is the one in the SQL.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

CHAIN_STORE_ID = "00000000-0000-0000-0000-000000000000"
"""The reserved store id under which region and chain scopes are kept."""


class ScopeKind(models.TextChoices):
    """What a scope is for."""

    STORE = "store", _("store")
    DEVICE = "device", _("tablet")
    REGION = "region", _("region")
    CHAIN = "chain", _("chain")


class Scope(models.Model):
    """The directory of scopes: an id is given once and never again. `owner_id`: the store, device or region."""

    id = models.CharField(max_length=12, primary_key=True)
    kind = models.CharField(_("kind"), max_length=8, choices=ScopeKind)
    store_id = models.UUIDField(_("store"))
    owner_id = models.UUIDField(_("owner"))

    class Meta:
        db_table = "scope"
        verbose_name = _("scope")
        verbose_name_plural = _("scopes")
        constraints = [models.UniqueConstraint(fields=["owner_id", "kind"], name="scope_owner")]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class ScopeHead(models.Model):
    """How far a scope's feed has come. `digest`: sum modulo 2^64 of the hashes of its `put` rows."""

    scope = models.CharField(_("scope"), max_length=12, primary_key=True)
    store_id = models.UUIDField(_("store"))
    head = models.BigIntegerField(_("head"))
    floor = models.BigIntegerField(_("floor"))
    digest = models.DecimalField(_("digest"), max_digits=20, decimal_places=0)

    class Meta:
        managed = False
        db_table = "scope_head"
        verbose_name = _("position of a scope")
        verbose_name_plural = _("positions of the scopes")

    def __str__(self) -> str:
        return self.scope


class FeedRow(models.Model):
    """A current row of a scope."""

    entity_id = models.UUIDField(_("id"), primary_key=True)
    store_id = models.UUIDField(_("store"))
    scope = models.CharField(_("scope"), max_length=12)
    entity = models.CharField(_("entity"), max_length=40)
    seq = models.BigIntegerField(_("position"))
    ver = models.IntegerField(_("version"))
    op = models.CharField(_("kind of row"), max_length=6)
    data = models.TextField(_("data"), null=True)

    class Meta:
        managed = False
        db_table = "feed"
        verbose_name = _("row of the feed")
        verbose_name_plural = _("rows of the feed")

    def __str__(self) -> str:
        return f"{self.entity} {self.entity_id}"


class OpLog(models.Model):
    """An operation that HQ received, with what became of it."""

    op_id = models.UUIDField(_("operation"), primary_key=True)
    store_id = models.UUIDField(_("store"))
    device_id = models.UUIDField(_("tablet"))
    kind = models.CharField(_("kind"), max_length=40)
    schema_v = models.IntegerField(_("format"))
    guide_id = models.CharField(_("guide"), max_length=40)
    made_at = models.CharField(_("made at (the tablet's clock)"), max_length=40)
    body = models.BinaryField(_("body"), null=True)
    sha = models.CharField("SHA-256", max_length=64)
    status = models.CharField(_("status"), max_length=10)
    code = models.CharField(_("code"), max_length=40)
    message = models.TextField(_("message"))
    entity = models.CharField(_("led to entity"), max_length=40)
    entity_id = models.CharField(_("led to id"), max_length=40)
    feed_pos = models.BigIntegerField(_("position"), null=True)
    received_at = models.DateTimeField(_("received at"))

    class Meta:
        managed = False
        db_table = "op_log"
        verbose_name = _("operation")
        verbose_name_plural = _("operations")

    def __str__(self) -> str:
        return f"{self.kind} {self.op_id}"


class OpConflict(models.Model):
    """An operation that came again with another content: kept, never run."""

    op_id = models.UUIDField(_("operation"), primary_key=True)
    sha = models.CharField("SHA-256", max_length=64)
    store_id = models.UUIDField(_("store"))
    device_id = models.UUIDField(_("tablet"))
    body = models.BinaryField(_("body"), null=True)
    received_at = models.DateTimeField(_("received at"))

    class Meta:
        managed = False
        db_table = "op_conflict"
        verbose_name = _("operation with two contents")
        verbose_name_plural = _("operations with two contents")

    def __str__(self) -> str:
        return str(self.op_id)


class DeviceStream(models.Model):
    """How far the operations of a tablet's database file have come."""

    incarnation = models.UUIDField(_("incarnation"), primary_key=True)
    store_id = models.UUIDField(_("store"))
    device_id = models.UUIDField(_("tablet"))
    last_seq = models.BigIntegerField(_("last number"))

    class Meta:
        managed = False
        db_table = "device_stream"
        verbose_name = _("stream of a tablet")
        verbose_name_plural = _("streams of the tablets")

    def __str__(self) -> str:
        return str(self.incarnation)


class Step(models.Model):
    """Second steps that leave the store, swept by a worker."""

    step_id = models.UUIDField(_("step"), primary_key=True)
    store_id = models.UUIDField(_("store"))
    kind = models.CharField(_("kind"), max_length=40)
    body = models.TextField(_("body"))
    done_at = models.DateTimeField(_("done at"), null=True)

    class Meta:
        managed = False
        db_table = "step"
        verbose_name = _("step")
        verbose_name_plural = _("steps")

    def __str__(self) -> str:
        return f"{self.kind} {self.step_id}"


class Epoch(models.Model):
    """HQ's history: a new row when HQ was restored from a backup or failed over with loss."""

    epoch = models.CharField(_("epoch"), max_length=16, primary_key=True)
    system_identifier = models.BigIntegerField(_("system identifier"))
    timeline = models.IntegerField(_("timeline"))
    began_at = models.DateTimeField(_("began at"))
    reason = models.CharField(_("reason"), max_length=200)

    class Meta:
        db_table = "epoch"
        verbose_name = _("epoch")
        verbose_name_plural = _("epochs")

    def __str__(self) -> str:
        return self.epoch
