"""Tablets and the one-time codes that enrol them."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class Device(models.Model):
    """A tablet, locked to a store. `public_key`: Ed25519, 32 bytes base64url; `letters` stand in its order numbers."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    store_id = models.UUIDField(_("store"), editable=False)
    name = models.CharField(_("name"), max_length=120)
    letters = models.CharField(_("letters"), max_length=2, editable=False)
    platform = models.CharField(_("platform"), max_length=40, editable=False)
    public_key = models.CharField(max_length=43, unique=True, editable=False)
    scope = models.CharField(_("scope"), max_length=12, unique=True, editable=False)
    app_version = models.CharField(_("app"), max_length=20, default="", editable=False)
    enrolled_at = models.DateTimeField(_("enrolled at"), editable=False)
    last_seen_at = models.DateTimeField(_("last seen at"), null=True, editable=False)
    authorised_until = models.DateTimeField(_("authorised until"), null=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, editable=False)
    waiting = models.IntegerField(_("waiting on the tablet"), default=0, editable=False)
    oldest_waiting_at = models.DateTimeField(_("oldest waiting"), null=True, editable=False)
    parked = models.IntegerField(_("parked"), default=0, editable=False)
    mended = models.IntegerField(_("rows mended"), default=0, editable=False)
    differs = models.BooleanField(_("rows differ"), default=False, editable=False)
    low_space = models.BooleanField(_("disk nearly full"), default=False, editable=False)
    lacks = models.JSONField(_("material that it lacks"), default=dict, editable=False)
    told_at = models.DateTimeField(_("health told at"), null=True, editable=False)

    class Meta:
        db_table = "device"
        verbose_name = _("tablet")
        verbose_name_plural = _("tablets")
        ordering = ["store_id", "letters"]
        constraints = [models.UniqueConstraint(fields=["store_id", "letters"], name="device_letters")]

    def __str__(self) -> str:
        return f"{self.name} ({self.letters})"


class PastEnrolment(models.Model):
    """A store in which a tablet was enrolled before, as which device: what it made there is still taken."""

    pk = models.CompositePrimaryKey("device_id", "store_id")
    device_id = models.UUIDField()
    store_id = models.UUIDField()
    was_device_id = models.UUIDField()

    class Meta:
        db_table = "past_enrolment"
        verbose_name = _("earlier enrolment")
        verbose_name_plural = _("earlier enrolments")

    def __str__(self) -> str:
        return f"{self.device_id} ← {self.was_device_id}"


class EnrolCode(models.Model):
    """A one-time code, kept hashed. `public_key`: the key that used it; the same key may ask again within its time."""

    code_hash = models.CharField(max_length=64, primary_key=True)
    store_id = models.UUIDField()
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    public_key = models.CharField(max_length=43, default="")
    device_id = models.UUIDField(null=True)

    class Meta:
        db_table = "enrol_code"
        verbose_name = _("enrolment code")
        verbose_name_plural = _("enrolment codes")

    def __str__(self) -> str:
        return f"{self.code_hash[:8]}…"


class UsedNonce(models.Model):
    """A nonce of a signed request that must not be repeated (enrolment, change of key)."""

    key = models.CharField(max_length=43)
    nonce = models.CharField(max_length=120)
    used_at = models.DateTimeField()

    class Meta:
        db_table = "used_nonce"
        verbose_name = _("used nonce")
        verbose_name_plural = _("used nonces")
        constraints = [models.UniqueConstraint(fields=["key", "nonce"], name="nonce_once")]
        indexes = [models.Index(fields=["used_at"], name="nonce_age")]

    def __str__(self) -> str:
        return self.nonce
