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
    return Done(_("The tablet's rights end at its next contact with HQ. Work it has not sent yet is still taken."))


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
            gettext_lazy("The tablet can no longer be used with HQ, and its data is to be removed."), _revoke,
            lambda device: device.revoked_at is None,
        )
    ]  # fmt: skip

    def save_through(self, item: Any, form: Any, seen: int | None) -> None:
        services.rename(item)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False
