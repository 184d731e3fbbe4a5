"""Why a channel is not offered for a member, in words: said beside it wherever one could be chosen."""

from __future__ import annotations

from guide_app.domain.contact import Bar
from ui.viewmodels.base import Desk, tr


def why_not(bar: Bar, desk: Desk) -> str:
    """What stands against the channel, and since when; see `guide_app.domain.contact`."""
    day = desk.figures.date_of(bar.since) if bar.since else ""
    words = {
        "no_phone": tr("No phone number"),
        "not_asked": tr("Not asked yet whether offers may come this way"),
        "refused": tr("Said no to offers this way"),
        "withdrawn": tr("Withdrew this consent on %1", day),
        "terms_withdrawn": tr("Withdrew the membership terms on %1", day),
    }
    return words[bar.reason]
