"""Tablets whose database file was copied or restored, in the admin: to be looked at, never written."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from hq.console import choices
from hq.console.admin_base import ListOnlyAdmin
from hq.devices.models import Device
from hq.history.models import Fork


def _named(rows: Iterable[Any]) -> None:
    """Gives each row its store and its tablet: one query for all of either."""
    rows = list(rows)
    choices.name_stores(rows)
    devices = Device.objects.in_bulk([row.device_id for row in rows])
    for row in rows:
        row.device_shown = devices.get(row.device_id)


@admin.register(Fork)
class ForkAdmin(ListOnlyAdmin):
    """Copies, the latest first."""

    list_display = ["at", "shown_device", "shown_store", "incarnation", "forked_from"]
    list_filter: ClassVar[list[Any]] = [choices.StoreFilter, "at"]
    ordering = ["-at"]

    @admin.display(description=_("tablet"))
    def shown_device(self, fork: Any) -> str:
        """The tablet, with a link to its page."""
        if fork.device_shown is None:
            return str(fork.device_id)
        address = reverse("admin:devices_device_change", args=[fork.device_id])
        return format_html('<a href="{}">{}</a>', address, fork.device_shown)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return choices.pages_with(_named)
