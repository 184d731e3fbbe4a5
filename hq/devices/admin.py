"""Tablets in the admin."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hq.console import choices
from hq.console.admin_base import ServiceAdmin
from hq.console.deeds import Deed, Done
from hq.devices import services
from hq.devices.models import Device


def _revoke(device: Device, _request: HttpRequest) -> Done:
    services.revoke(device, timezone.now())
    return Done(_("HQ takes nothing more from it. Work it has not sent stays on it until it is enrolled again."))


@admin.register(Device)
class DeviceAdmin(choices.StoreNamed, ServiceAdmin):
    """Tablets: their names, when they were last heard of, revoking."""

    readonly_fields = [
        "shown_store", "letters", "platform", "app_version", "enrolled_at", "last_seen_at", "revoked_at",
    ]  # fmt: skip
    fields = ["name", *readonly_fields]
    list_display = ["name", "letters", "shown_store", "platform", "last_seen_at", "revoked_at"]
    list_filter = [choices.StoreFilter, ("revoked_at", admin.EmptyFieldListFilter)]
    search_fields = ["name", "letters"]
    deeds = [
        Deed(
            "revoke", gettext_lazy("Revoke this tablet"),
            gettext_lazy("HQ takes nothing more from this tablet, not even work that it has not sent yet."), _revoke,
            lambda device: device.revoked_at is None,
        )
    ]  # fmt: skip

    def save_through(self, item: Any, form: Any, seen: int | None) -> None:
        services.rename(item)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False
