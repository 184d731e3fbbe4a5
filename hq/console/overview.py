"""The admin's first page: the day so far and the tablets; and the label that says where HQ's data is synthetic."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from hq.console.choices import name_stores
from hq.console.trade_words import said
from hq.devices import health
from hq.devices.models import Device
from hq.history.models import Fork
from hq.members.models import Member
from hq.names import in_language
from hq.orders.models import Order
from hq.policies.models import ScopeSettings
from hq.protocol.models import OpConflict, OpLog, Scope, ScopeKind
from hq.rights import reach
from hq.rights.reach import narrowed
from hq.stores.models import Store
from hq.talks.models import Talk

SHOWN_TABLETS = 12
LATELY = timedelta(days=30)
"""For how long a copied file is an alarm."""


@dataclass(frozen=True)
class Figure:
    """A number of the first page and the list behind it."""

    label: Promise | str
    value: int
    link: str


def environment(_request: HttpRequest) -> tuple[Promise, str] | None:
    """The label beside the title where the chain's settings say that its data is made up."""
    return (_("synthetic data"), "warning") if _note() else None


def fill(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Adds the day's figures, the tablets and the note on the data to the first page's context."""
    person = reach.of(request.user)

    def may(label: str) -> bool:
        return person.may(label, "view")

    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return {
        **context,
        "title": _("Overview"),
        "figures": [figure for name, figure in _figures(midnight) if may(name)],
        "alarms": [figure for name, figure in _alarms() if figure.value and may(name)],
        "troubles": _troubles() if may("devices.device") else [],
        "tablets": _tablets() if may("devices.device") else [],
        "live": may("stores.store"),
        "data_note": _note(),
    }


def _figures(since: datetime) -> list[tuple[str, Figure]]:
    # Stores are named, so that the indexes by store and time serve
    stores = list(narrowed(Store.objects.all()).values_list("id", flat=True))
    orders = Order.objects.filter(store_id__in=stores, placed_at__gte=since)
    talks = Talk.objects.filter(store_id__in=stores, at__gte=since)
    joined = narrowed(Member.objects.filter(joined_at__gte=since))
    parked = OpLog.objects.filter(status="parked")
    return [
        ("orders.order", Figure(_("orders today"), orders.count(), _list("orders_order"))),
        ("members.member", Figure(_("sign-ups today"), joined.count(), _list("members_member"))),
        ("talks.talk", Figure(_("talks today"), talks.count(), _list("talks_talk"))),
        (
            "protocol.oplog",
            Figure(_("operations waiting"), parked.count(), f"{_list('protocol_oplog')}?status=parked"),
        ),
    ]


def _alarms() -> list[tuple[str, Figure]]:
    """What somebody of HQ should look into: copied files, doubled ids, and what waits, by its reason."""
    since = timezone.now() - LATELY
    forks, doubled = Fork.objects.filter(at__gte=since), OpConflict.objects.all()
    waits = OpLog.objects.filter(status="parked").values_list("code").annotate(count=Count("*")).order_by("-count")
    return [
        (
            "history.fork",
            Figure(_("tablets' files copied or restored in 30 days"), forks.count(), _list("history_fork")),
        ),
        (
            "protocol.opconflict",
            Figure(_("operations with two contents"), doubled.count(), _list("protocol_opconflict")),
        ),
        *(
            (
                "protocol.oplog",
                Figure(
                    format_lazy("{}: {}", _("operations waiting"), said("code", code)), count,
                    f"{_list('protocol_oplog')}?{urlencode({'status': 'parked', 'code': code})}",
                ),
            )
            for code, count in waits
        ),
    ]  # fmt: skip


def _list(name: str) -> str:
    return reverse(f"admin:{name}_changelist")


def _troubles() -> list[Figure]:
    """Kinds of trouble that some tablet has, each with the list of those tablets."""
    now = timezone.now()
    having = health.count(now, narrowed(Device.objects.all()))
    return [
        Figure(trouble.words, having[trouble.name], f"{_list('devices_device')}?trouble={trouble.name}")
        for trouble in health.troubles(now)
        if having[trouble.name]
    ]


def _tablets() -> list[Device]:
    """The tablets in use, the longest unheard of first."""
    devices = list(narrowed(Device.objects.filter(revoked_at=None)).order_by("last_seen_at", "name")[:SHOWN_TABLETS])
    name_stores(devices)
    return devices


def _note() -> str:
    chain = Scope.objects.filter(kind=ScopeKind.CHAIN).values("id")
    values = ScopeSettings.objects.filter(scope__in=chain).values_list("values", flat=True).first() or {}
    note = values.get("data_note") or {}
    return in_language(note.get("en", ""), note.get("zh", ""))
