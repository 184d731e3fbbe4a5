"""What shops nearby have of a product, and how old that is, in words."""

from __future__ import annotations

from collections.abc import Iterable

from guide_app.domain.records import NearStock
from ui.viewmodels.base import Figures, tr
from ui.viewmodels.words import named


def pieces_words(one: NearStock, figures: Figures) -> str:
    """How many are there."""
    count = figures.number(one.on_hand)
    return tr("%1 or more", count) if one.more else count


def shop_words(one: NearStock, figures: Figures) -> str:
    """Which shop."""
    return named(one.at.en, one.at.zh, figures.language)


def near_words(near: Iterable[NearStock], figures: Figures) -> str:
    """All in one line, each shop with its pieces and the age; "" where none has any."""
    return " · ".join(
        tr("%1: %2, %3", shop_words(one, figures), pieces_words(one, figures), figures.ago(one.as_of)) for one in near
    )
