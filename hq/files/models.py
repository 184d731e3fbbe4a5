"""Which files HQ keeps, and which rows name them."""

from __future__ import annotations

import uuid

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


class Upload(models.Model):
    """A file on its way from somebody's browser. `mark`: by which the browser knows it again. `received`: bytes
    that HQ has; `sha256`: of the file as it came; `shown`: of what travels of it; `why`: the code of a refusal.
    """

    class State(models.TextChoices):
        """How far it is."""

        COMING = "coming", _("on its way")
        TAKEN = "taken", _("taken")
        REFUSED = "refused", _("refused")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=120)
    by = models.CharField(_("by"), max_length=150)
    mark = models.CharField(max_length=64)
    size = models.BigIntegerField(_("bytes"))
    received = models.BigIntegerField(default=0)
    began_at = models.DateTimeField()
    heard_at = models.DateTimeField()
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.COMING)
    why = models.CharField(max_length=40, blank=True, default="")
    kind = models.CharField(max_length=20, blank=True, default="")
    media_type = models.CharField(max_length=80, blank=True, default="")
    sha256 = models.CharField(max_length=64, blank=True, default="")
    shown = models.CharField(max_length=64, blank=True, default="")
    seconds = models.IntegerField(default=0)
    width = models.IntegerField(default=0)
    height = models.IntegerField(default=0)
    pages = models.IntegerField(default=0)

    class Meta:
        db_table = "upload"
        verbose_name = _("upload")
        verbose_name_plural = _("uploads")
        indexes = [
            models.Index(fields=["by", "state"], name="upload_of"),
            models.Index(fields=["heard_at"], name="upload_by_time"),
        ]

    def __str__(self) -> str:
        return self.name


class RenditionJob(models.Model):
    """What is to be made of a file that was taken, step by step: `done` of `total`. A step is one picture.

    `made`: of each step that was done its pictures, the small one first, as `FileRef`s. `tries`: how often the next
    step was begun; `due_at`: not before then; `why`: the code of what went wrong, `detail` more of it.
    """

    class State(models.TextChoices):
        """How far it is. `running`: some of it may be done."""

        QUEUED = "queued", _("waits")
        RUNNING = "running", _("under way")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    UNDER_WAY = (State.QUEUED, State.RUNNING)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    upload = models.OneToOneField(Upload, on_delete=models.CASCADE, related_name="job", verbose_name=_("file"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.QUEUED)
    total = models.IntegerField(_("pictures"), default=1)
    done = models.IntegerField(_("of these made"), default=0)
    tries = models.IntegerField(_("tries"), default=0)
    why = models.CharField(max_length=40, blank=True, default="")
    detail = models.CharField(max_length=80, blank=True, default="")
    made = models.JSONField(default=list)
    queued_at = models.DateTimeField(_("waiting since"))
    due_at = models.DateTimeField()
    ended_at = models.DateTimeField(_("ended at"), null=True)

    class Meta:
        db_table = "rendition_job"
        verbose_name = _("pictures to be made")
        verbose_name_plural = _("pictures to be made")
        ordering = ["-queued_at", "id"]
        indexes = [
            models.Index(
                fields=["due_at"], name="rendition_job_due", condition=models.Q(state__in=("queued", "running"))
            )
        ]

    def __str__(self) -> str:
        return self.upload.name
