"""Amounts as HQ's pages show them."""

from __future__ import annotations

from guide_app.domain import money


def shown(amount: int, currency: str) -> str:
    """An amount of minor units in major ones, with its currency: ``CNY 1,299.00``."""
    return f"{currency} {money.to_major(amount, currency):,}"
