"""Days of the shops in the admin: what each took by now, and who closed it with what figures."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guide_app.domain.dayclose import Since, expected_cash
from guide_app.domain.records import DayClose as DayCloseRecord
from guide_app.domain.records.dayclose import Count, Figures
from hq.console import choices, html
from hq.console.admin_base import ReadOnlyAdmin
from hq.console.deeds import ListLook
from hq.console.trade_words import said
from hq.days import services
from hq.days.mapping import DAY_CLOSE
from hq.days.models import DayClose
from hq.protocol import convert
from hq.rights.reach import narrowed
from hq.staff.models import Staff
from hq.stores.models import Store

_SHOWN = 7
"""Days back from today that can be looked at, today among them."""


def _amount(one: Count, currency: str) -> str:
    return f"{one.count} · {html.amount(one.amount, currency)}"


def _taken(told: Figures, currency: str) -> str:
    """Money by method, less what was given back."""
    return ", ".join(
        f"{said('payment', name)} {html.amount(one.received.amount - one.given_back.amount, currency)}"
        for name, one in told.methods.items()
    )


def _changed(since: Since, currency: str) -> str:
    """What happened to a closed day afterwards."""
    late = [f"{sale.order.number} {html.amount(sale.order.totals.total, currency)}" for sale in since.late]
    told = [_("came later: {orders}").format(orders=", ".join(late))] if late else []
    gone = [_("cancelled since: {n}").format(n=len(since.gone))] if since.gone else []
    return "; ".join([*told, *gone])


def _closed(day: services.ShopDay, people: Mapping[str, str]) -> str:
    """Who closed the day when, and what is different since."""
    told = []
    for close, since in day.closes:
        who, at = people.get(close.guide_id, close.guide_id), html.moment(convert.moment(close.closed_at))
        told.append(" · ".join(part for part in (who, at, _changed(since, close.currency)) if part))
    return "; ".join(told) or _("not closed")


def _day(request: HttpRequest) -> int:
    chosen = request.GET.get("days", "")
    return int(chosen) if chosen.isdecimal() and int(chosen) < _SHOWN else 0


def _days(request: HttpRequest) -> dict[str, object]:
    """One day of every store."""
    back, today = _day(request), timezone.localdate()
    people = {str(one.id): str(one) for one in Staff.objects.all()}
    rows: list[list[object]] = []
    for day in services.shop_days(today - timedelta(days=back), narrowed(Store.objects.order_by("code"))):
        told, currency = day.figures, day.store.currency
        off = sum(one.amount for one in told.discounts.values())
        rows.append([
            str(day.store), _amount(told.sales, currency), html.amount(off, currency), _taken(told, currency),
            _amount(told.owed, currency), _amount(told.cancelled, currency), _closed(day, people),
        ])  # fmt: skip
    heads = [
        _("store"), _("sales"), _("discounts"), _("money"), _("not paid yet"), _("cancelled"), _("closed"),
    ]  # fmt: skip
    spans = [(f"{n}", date_format(today - timedelta(days=n)), n == back) for n in range(_SHOWN)]
    return {
        "explained": _("The day as HQ has it now, by the tablets' own rule. What came later stands beside a close."),
        "table": html.table(heads, rows, amounts=(1, 2, 4, 5)),
        "spans": spans,
    }


@admin.register(DayClose)
class DayCloseAdmin(choices.StoreNamed, ReadOnlyAdmin):
    """Closes of all stores, with the figures as they were seen."""

    fields = [
        "day", "shown_store", "shown_guide", "closed_at", "shown_sales", "shown_discounts", "shown_money",
        "shown_guides", "shown_hours", "shown_owed", "shown_cancelled", "shown_waiting", "shown_cash", "shown_since",
    ]  # fmt: skip
    list_display = ["day", "shown_store", "shown_guide", "closed_at", "shown_sales", "shown_since"]
    list_filter = [choices.StoreFilter]
    ordering = ["-day", "-closed_at"]
    list_deeds = [ListLook("days", gettext_lazy("The shops, day by day"), "console/counted.html", _days)]

    @admin.display(description=gettext_lazy("closed by"))
    def shown_guide(self, item: DayClose) -> str:
        """Who closed it."""
        return str(Staff.objects.filter(id=item.guide_id).first() or "")

    @admin.display(description=gettext_lazy("sales"))
    def shown_sales(self, item: DayClose) -> str:
        """As it was seen."""
        return _amount(_figures(item).sales, item.currency)

    @admin.display(description=gettext_lazy("discounts"))
    def shown_discounts(self, item: DayClose) -> str:
        """By kind."""
        told = _figures(item).discounts
        return _table(_("discount"), {said("discount", kind): one for kind, one in told.items()}, item.currency)

    @admin.display(description=gettext_lazy("money"))
    def shown_money(self, item: DayClose) -> str:
        """By method."""
        return _taken(_figures(item), item.currency)

    @admin.display(description=gettext_lazy("by guide"))
    def shown_guides(self, item: DayClose) -> str:
        """Who sold how much."""
        told = _figures(item).guides
        people = {str(one.id): str(one) for one in Staff.objects.filter(id__in=list(told))}
        return _table(_("guide"), {people.get(id_, id_): one for id_, one in told.items()}, item.currency)

    @admin.display(description=gettext_lazy("by hour"))
    def shown_hours(self, item: DayClose) -> str:
        """When."""
        return _table(_("hour"), {f"{hour}:00": one for hour, one in _figures(item).hours.items()}, item.currency)

    @admin.display(description=gettext_lazy("not paid yet"))
    def shown_owed(self, item: DayClose) -> str:
        """What customers owed then."""
        return _amount(_figures(item).owed, item.currency)

    @admin.display(description=gettext_lazy("cancelled"))
    def shown_cancelled(self, item: DayClose) -> str:
        """Orders cancelled on the day."""
        return _amount(_figures(item).cancelled, item.currency)

    @admin.display(description=gettext_lazy("not at HQ then"))
    def shown_waiting(self, item: DayClose) -> str:
        """What waited on the tablet that closed it."""
        return _amount(_record(item).waiting, item.currency)

    @admin.display(description=gettext_lazy("cash counted"))
    def shown_cash(self, item: DayClose) -> str:
        """The drawer, and what the figures say."""
        counted = _record(item).counted
        if counted is None:
            return ""
        due = html.amount(expected_cash(_figures(item)), item.currency)
        found, more = (html.amount(amount, item.currency) for amount in (counted.amount, counted.difference))
        why = said("difference", counted.reason) if counted.reason else ""
        told = _("{counted} counted, {due} by the figures, difference {more}").format(counted=found, due=due, more=more)
        return " · ".join(part for part in (told, why) if part)

    @admin.display(description=gettext_lazy("since then"))
    def shown_since(self, item: DayClose) -> str:
        """Orders of the day that came after the close, and what was cancelled."""
        store = Store.objects.get(id=item.store_id)
        day: date = item.day
        close = _record(item)
        found = (since for one, since in services.shop_day(store, day).closes if one == close)
        return _changed(next(found, Since((), ())), item.currency)


def _record(item: DayClose) -> DayCloseRecord:
    return DAY_CLOSE.to_record(item)


def _figures(item: DayClose) -> Figures:
    return _record(item).figures


def _table(head: str, groups: Mapping[str, Count], currency: str) -> str:
    if not groups:
        return ""
    rows = [[name, one.count, html.amount(one.amount, currency)] for name, one in groups.items()]
    return html.table([head, _("number"), _("amount")], rows, amounts=(1, 2))
