"""How an order of another shop stands here, in words, and what can be done with it."""

from __future__ import annotations

from typing import get_args

from guide_app.domain import parcels, phone
from guide_app.operations.parcels import Reason
from guide_app.services.ports.orders import ParcelRow
from ui.viewmodels.base import tr
from ui.viewmodels.reach_words import STEP_ICONS, progress_words, step_words


def filter_of(row: ParcelRow) -> str:
    """Under which filter it stands."""
    if parcels.is_open(row.parcel):
        return "open"
    return "over" if parcels.went(row.parcel) or parcels.asked(row.parcel) else "recalled"


def advice_words(row: ParcelRow) -> str:
    """What to know before anything is done; empty where nothing is in the way."""
    match filter_of(row):
        case "recalled":
            return tr("It is not wanted from here any more. Put the goods back; if they had left already, say so.")
        case "open" if not row.parcel.paid:
            return tr("It is not paid yet. The shop that sold it takes the payment: prepare it, do not hand it over.")
        case _:
            return ""


def next_words(row: ParcelRow) -> list[dict[str, str]]:
    """What can be done, the likeliest first: what, label, symbol."""
    recalled = filter_of(row) == "recalled"
    return [
        {
            "what": what, "symbol": STEP_ICONS[what],
            "label": tr("They had left") if recalled else step_words(what, row.parcel.goes.kind),
        }
        for what in parcels.next_steps(row.parcel)
    ]  # fmt: skip


def standing_words(row: ParcelRow) -> tuple[str, str]:
    """How it stands in words, and their tone."""
    if row.outbox == "parked":
        return tr("HQ is looking at it"), "warn"
    match filter_of(row):
        case "recalled":
            return (tr("cancelled") if row.parcel.cancelled else tr("goes another way")), "bad"
        case "over":
            words = progress_words(row.parcel.goes.progress, row.parcel.goes.kind)
            return words or tr("nothing to hand over"), "plain"
        case _ if row.parcel.goes.progress == "failed":
            return progress_words("failed", row.parcel.goes.kind), "bad"
        case _ if not row.parcel.paid:
            return tr("waits for payment"), "warn"
        case _:
            return progress_words(row.parcel.goes.progress, row.parcel.goes.kind) or tr("to prepare"), "good"


def who_words(row: ParcelRow) -> str:
    """Who gets the goods: the name and the phone's end; empty where nobody is named."""
    to = row.parcel.to
    if to is None:
        return ""
    told = to.phone if to.phone.startswith("*") else phone.mask(to.phone, "CN")
    return " · ".join(part for part in (to.name, told) if part)


def reason_words() -> dict[str, str]:
    """Why goods cannot come, by what an operation says."""
    words = {
        "not_there": tr("Not to be found here"),
        "damaged": tr("Damaged"),
        "not_fetched": tr("The customer did not come"),
        "other": tr("Another reason"),
    }
    return {one: words[one] for one in get_args(Reason) if one}
