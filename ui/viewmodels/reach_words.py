"""How the goods of an order reach the customer, in words."""

from __future__ import annotations

from guide_app.domain import phone
from guide_app.domain.records import Fulfilment
from ui.viewmodels.base import Figures, tr
from ui.viewmodels.words import fulfilment_words, named


def reach_words(goes: Fulfilment, figures: Figures, *, here: bool = False) -> str:
    """In what way, where and when; `here`: seen from the shop that hands the goods over or sends them."""
    where = "" if here else named(goes.at.en, goes.at.zh, figures.language) if goes.store_id else ""
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


STEP_ICONS = {"picking": "package-open", "ready": "package-check", "shipped": "truck", "done": "handshake",
              "failed": "package-x"}  # fmt: skip


def step_words(what: str, kind: str) -> str:
    """A step as a button says it."""
    words = {
        "picking": tr("Being picked"),
        "ready": tr("They are here") if kind == "pre_order" else tr("Ready to pick up"),
        "shipped": tr("Sent off"),
        "done": tr("Arrived") if kind == "ship" else tr("Hand over"),
        "failed": tr("It cannot come"),
    }
    return words.get(what, what)


def step_done_words(what: str, kind: str) -> str:
    """A step as it was done."""
    words = {
        "picking": tr("The goods are being picked"),
        "ready": tr("The goods are ready"),
        "shipped": tr("The goods are on their way"),
        "done": tr("The goods have arrived") if kind == "ship" else tr("The goods are handed over"),
        "failed": tr("It stands on the list of what needs somebody"),
    }
    return words.get(what, what)


def progress_words(progress: str, kind: str) -> str:
    """How far the goods are; "" where nothing was done yet."""
    words = {
        "picking": tr("being picked"),
        "ready": tr("ready"),
        "shipped": tr("on their way"),
        "done": tr("arrived") if kind == "ship" else tr("handed over"),
        "failed": tr("cannot come"),
    }
    return words.get(progress, "")


def repair_words(repair: str) -> str:
    """What must be settled about the goods first."""
    if repair == "out_of_stock":
        return tr("out of stock: to be settled")
    if repair == "way_too_late":
        return tr("had left before another way was chosen")
    if repair == "left_cancelled":
        return tr("left though it was cancelled")
    if repair == "settled_twice":
        return tr("left, and was settled twice")
    if repair == "way_of_hq":
        return tr("HQ chose another way")
    return tr("cannot come this way: to be settled")
