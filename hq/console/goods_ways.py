"""How goods reach the customer, as HQ's pages show it: of an order, and as a quotation promises it."""

from __future__ import annotations

from django.utils.translation import gettext

from guide_app.domain import phone
from guide_app.domain.records import Fulfilment
from hq.console.trade_words import said
from hq.names import in_language


def facts(goes: Fulfilment) -> list[list[object]]:
    """In what way, where, when and to whom, with the phone masked: rows of two cells."""
    return [[gettext("way"), said("fulfilment", goes.kind)], *_where(goes), *_who(goes)]


def _where(goes: Fulfilment) -> list[list[object]]:
    found: list[list[object]] = []
    if goes.store_id:
        found.append([gettext("from"), in_language(goes.at.en, goes.at.zh)])
    if goes.fast or goes.day:
        found.append([gettext("when"), gettext("within two hours") if goes.fast else goes.day])
    return found


def _who(goes: Fulfilment) -> list[list[object]]:
    if goes.to is None:
        return []
    return [
        [gettext("to"), f"{goes.to.name} · {phone.mask(goes.to.phone, 'CN')}"],
        [gettext("address"), goes.to.address],
    ]
