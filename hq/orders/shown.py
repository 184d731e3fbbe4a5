"""How the goods of an order reach the customer, as HQ's people read it."""

from __future__ import annotations

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from guide_app.domain import phone
from guide_app.domain.clock import from_text
from guide_app.domain.records import Fulfilment
from hq.console import html
from hq.console.trade_words import said
from hq.names import in_language
from hq.orders.mapping import ORDER
from hq.orders.models import Order
from hq.staff.models import Staff


def reach(order: Order) -> SafeString:
    """In what way, where, when and to whom, with the phone masked; then what was done about it."""
    goes = ORDER.to_record(order, list(order.lines.order_by("position"))).fulfilment
    facts: list[list[object]] = [[_("way"), said("fulfilment", goes.kind)], *_where(goes), *_who(goes)]
    if goes.progress:
        facts.append([_("goods"), said("progress", goes.progress)])
    people = {
        str(one.id): str(one) for one in Staff.objects.filter(id__in=[s.guide_id for s in goes.steps if s.guide_id])
    }
    steps = [
        [html.moment(from_text(step.at)), said("progress", step.what), people.get(step.guide_id, _("HQ"))]
        for step in goes.steps
    ]
    return html.table(["", ""], [*facts, *([" · ".join(map(str, step)), ""] for step in steps)])


def _where(goes: Fulfilment) -> list[list[object]]:
    found: list[list[object]] = []
    if goes.store_id:
        found.append([_("from"), in_language(goes.at.en, goes.at.zh)])
    if goes.fast or goes.day:
        found.append([_("when"), _("within two hours") if goes.fast else goes.day])
    return found


def _who(goes: Fulfilment) -> list[list[object]]:
    if goes.to is None:
        return []
    return [[_("to"), f"{goes.to.name} · {phone.mask(goes.to.phone, 'CN')}"], [_("address"), goes.to.address]]
