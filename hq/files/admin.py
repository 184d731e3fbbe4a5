"""The pictures that HQ makes of what people brought: what waits, what failed and why, and another try."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guide_app.domain.errors import Refused
from hq.console.admin_base import ReadOnlyAdmin
from hq.console.deeds import Deed, Done
from hq.files import jobs, words
from hq.files.models import RenditionJob


def _again(job: RenditionJob, _request: HttpRequest) -> Done:
    begun = jobs.again(job.id)
    return Done(_("HQ goes on with it.") if begun else _("It is under way already."), failed=not begun)


@admin.register(RenditionJob)
class RenditionJobAdmin(ReadOnlyAdmin):
    """The newest first."""

    fields = ["upload", "brought_by", "state", "total", "done", "tries", "shown_why", "queued_at", "ended_at"]
    list_display = ["upload", "brought_by", "state", "total", "done", "tries", "shown_why", "queued_at"]
    list_filter: ClassVar[list[Any]] = ["state", "queued_at"]
    search_fields: ClassVar[list[str]] = ["upload__name"]
    deeds = (
        Deed(
            "again", gettext_lazy("Try again"),
            gettext_lazy("HQ goes on with making its pictures, from the one that failed."),
            _again, lambda job: job.state == RenditionJob.State.FAILED,
        ),
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[RenditionJob]:
        found: QuerySet[RenditionJob] = super().get_queryset(request)
        return found.select_related("upload")

    @admin.display(description=gettext_lazy("brought by"), ordering="upload__by")
    def brought_by(self, job: RenditionJob) -> str:
        """Who brought the file."""
        return job.upload.by

    @admin.display(description=gettext_lazy("what went wrong"))
    def shown_why(self, job: RenditionJob) -> str:
        """In words; also while it is tried again."""
        return words.refused(job.upload.name, Refused(job.why)) if job.why else "—"
