"""Tablets in the admin."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guide_app.domain.errors import BadInput
from hq.console import choices, proof_words
from hq.console.admin_base import ServiceAdmin
from hq.console.deeds import Deed, Done, Look
from hq.devices import proving, services
from hq.devices.health import troubles
from hq.devices.models import Device


def _revoke(device: Device, _request: HttpRequest) -> Done:
    services.revoke(device, timezone.now())
    return Done(_("HQ takes nothing more from it. Work it has not sent stays on it until it is enrolled again."))


def _proof(device: Device, request: HttpRequest) -> dict[str, object]:
    """Of the day asked for, `all` days, or today in the shop."""
    asked, problem = request.GET.get("day", ""), ""
    day = proving.today(device, timezone.now())
    try:
        chosen = None if asked == "all" else proving.day_of(asked) if asked else day
    except BadInput:
        chosen, problem = day, _("A day is written as 2026-11-22.")
    found = proving.of(device, chosen)
    return {
        "heading": proof_words.heading(found), "sentences": proof_words.sentences(found), "problem": problem,
        "day": "" if chosen is None else chosen.isoformat(),
    }  # fmt: skip


class TroubleFilter(admin.SimpleListFilter):
    """Tablets with one kind of trouble."""

    title = gettext_lazy("trouble")
    parameter_name = "trouble"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(trouble.name, trouble.words) for trouble in troubles(timezone.now())]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        having = {trouble.name: trouble.having for trouble in troubles(timezone.now())}
        chosen = having.get(self.value() or "")
        return queryset if chosen is None else queryset.filter(chosen)


@admin.register(Device)
class DeviceAdmin(choices.StoreNamed, ServiceAdmin):
    """Tablets: their names, how each stands, revoking."""

    readonly_fields = [
        "shown_store", "letters", "platform", "app_version", "enrolled_at", "last_seen_at", "revoked_at",
        "waiting", "oldest_waiting_at", "parked", "differs", "mended", "low_space", "told_at",
    ]  # fmt: skip
    fields = ["name", *readonly_fields]
    list_display = [
        "name", "letters", "shown_store", "app_version", "last_seen_at", "waiting", "oldest_waiting_at", "parked",
        "shown_rows", "revoked_at",
    ]  # fmt: skip
    list_filter = [TroubleFilter, "app_version", choices.StoreFilter, ("revoked_at", admin.EmptyFieldListFilter)]
    search_fields = ["name", "letters"]
    deeds = [
        Look("proof", gettext_lazy("Is everything here?"), "console/proof.html", _proof),
        Deed(
            "revoke", gettext_lazy("Revoke this tablet"),
            gettext_lazy("HQ takes nothing more from this tablet, not even work that it has not sent yet."), _revoke,
            lambda device: device.revoked_at is None,
        ),
    ]  # fmt: skip

    @admin.display(description=gettext_lazy("rows"))
    def shown_rows(self, device: Device) -> str:
        """Whether the tablet's rows are HQ's, as it found when it last compared."""
        if device.told_at is None:
            return "—"
        if device.differs:
            return _("differ")
        return _("equal, {count} mended").format(count=device.mended) if device.mended else _("equal")

    def save_through(self, item: Any, form: Any, seen: int | None) -> None:
        services.rename(item)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False
