"""How the goods of an order reach the customer, in words."""

from __future__ import annotations

from guide_app.domain import phone
from guide_app.domain.records import Fulfilment
from ui.viewmodels.base import Figures, tr
from ui.viewmodels.words import fulfilment_words, named


def reach_words(goes: Fulfilment, figures: Figures) -> str:
    """In what way, where and when."""
    where = named(goes.at.en, goes.at.zh, figures.language) if goes.store_id else ""
    day = figures.day(goes.day) if goes.day else ""
    if goes.kind == "pick_up" and where:
        way = tr("Pick up at %1", where)
    elif goes.kind == "ship" and where:
        way = tr("Ship from %1", where)
    else:
        way = fulfilment_words(goes.kind)
    if goes.kind == "ship" and goes.fast:
        return f"{way} · {tr('within two hours')}"
    when = tr("expected %1", day) if goes.kind == "pre_order" and day else day
    return f"{way} · {when}" if when else way


def recipient_words(goes: Fulfilment) -> str:
    """Who gets the goods, the phone masked, and where; "" where nobody is named."""
    if goes.to is None:
        return ""
    parts = (goes.to.name, phone.mask(goes.to.phone, "CN"), goes.to.address, goes.note)
    return " · ".join(part for part in parts if part)
