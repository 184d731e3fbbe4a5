"""Whose device gives codes, and which recovery codes are left."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Authenticator(models.Model):
    """Somebody's app. `secret` is sealed; no code of `last_step` or of an earlier step is taken any more; `failures`
    counts wrong codes since the last right one."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="authenticator"
    )
    secret = models.CharField(max_length=120)
    since = models.DateTimeField()
    last_step = models.BigIntegerField()
    failures = models.IntegerField(default=0)
    locked_until = models.DateTimeField(null=True)

    class Meta:
        db_table = "two_factor_authenticator"
        verbose_name = _("authenticator app")
        verbose_name_plural = _("authenticator apps")

    def __str__(self) -> str:
        return str(self._meta.verbose_name)


class RecoveryCode(models.Model):
    """A code for the day on which the app is not there, as a keyed hash. It is deleted when it was used."""

    authenticator = models.ForeignKey(Authenticator, on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64)

    class Meta:
        db_table = "two_factor_recovery"
        verbose_name = _("recovery code")
        verbose_name_plural = _("recovery codes")
        constraints = [models.UniqueConstraint(fields=["authenticator", "digest"], name="two_factor_recovery_once")]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)
