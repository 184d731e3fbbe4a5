"""Which files HQ keeps, and which rows name them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class StoredFile(models.Model):
    """A file that the store holds; `kept_at`: when somebody last brought it."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    size = models.BigIntegerField(_("bytes"))
    media_type = models.CharField(_("type"), max_length=80)
    kept_at = models.DateTimeField(_("kept since"))

    class Meta:
        db_table = "stored_file"
        verbose_name = _("file")
        verbose_name_plural = _("files")

    def __str__(self) -> str:
        return self.sha256


class FileUse(models.Model):
    """A row of a scope's feed names a file: who is entitled to the scope may fetch it."""

    pk = models.CompositePrimaryKey("scope", "entity", "entity_id", "sha256")
    scope = models.CharField(max_length=12)
    entity = models.CharField(max_length=40)
    entity_id = models.UUIDField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        db_table = "file_use"
        verbose_name = _("use of a file")
        verbose_name_plural = _("uses of files")
        indexes = [models.Index(fields=["sha256", "scope"], name="file_use_of")]

    def __str__(self) -> str:
        return f"{self.entity} {self.entity_id}"
