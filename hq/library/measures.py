"""What can become of material, as the page tells it: each its words; the counters know it by its name."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MEASURES: Mapping[str, Promise] = MappingProxyType({
    "delivered": _("Delivered"), "shown": _("Shown"), "read": _("Read"), "shared": _("Shared"),
})  # fmt: skip
"""In the order of their columns. What is not counted yet has none: no zero that pretends."""
WHY: Mapping[str, Promise] = MappingProxyType({
    "coming": _("it is on its way"),
    "no_room": _("no room: what files may take is full"),
    "disk_full": _("the tablet's disk is full"),
    "disk_failed": _("the tablet's disk failed"),
    "not_at_hq": _("HQ had no such file to give"),
    "broken": _("a file came broken, and is tried again"),
    "not_signed": _("refused: not in a list that HQ's key signed"),
    "app_old": _("the app is too old for it"),
})  # fmt: skip
"""Why it is not on a tablet, as the tablet tells it."""
