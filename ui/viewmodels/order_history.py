"""Who did what with an order when, in words: read off the order alone, so that nothing is made up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from guide_app.domain import ways
from guide_app.domain.records import Order, OrderCopy, Payment, Refunding, Return
from ui.viewmodels.base import Figures, tr, trn
from ui.viewmodels.reach_words import progress_words
from ui.viewmodels.words import named


def history_words(order: Order, staff: Mapping[str, str], figures: Figures) -> list[str]:
    """One line for each thing, the first first; what has no time (of imported orders) is left out."""
    told = sorted((at, words, guide) for at, words, guide in _told(order, figures) if at)
    lines = ((figures.date_of(at), figures.time(at), words, staff.get(guide, "")) for at, words, guide in told)
    return [" · ".join(part for part in line if part) for line in lines]


def _told(order: Order, figures: Figures) -> Iterator[tuple[str, str, str]]:
    """(when, what, who)."""
    yield order.placed_at, tr("placed"), order.guide_id
    for leg in order.payments:
        yield leg.at, _paid(leg, order, figures), leg.guide_id
    for one in order.returns:
        yield one.at, _back(one, order, figures), one.guide_id
    for step in ways.standing_steps(order.fulfilment.steps):
        yield step.at, goods_words(step.what, order.fulfilment.kind), step.guide_id
    yield order.cancelled_at, tr("cancelled"), order.cancelled_by


def goods_words(what: str, kind: str) -> str:
    """What was done about the goods."""
    if what == "chosen":
        return tr("another way for the goods")
    return tr("goods: %1", progress_words(what, kind))


def _paid(leg: Payment, order: Order, figures: Figures) -> str:
    amount = figures.money(leg.amount, order.currency)
    return tr("%1 paid", amount) if leg.kind == "paid" else tr("%1 given back", amount)


def _back(one: Return, order: Order, figures: Figures) -> str:
    pieces = trn("%n piece(s) came back", sum(line.qty for line in one.lines))
    words = tr("%1, worth %2", pieces, figures.money(one.refund.money, order.currency))
    if one.store_id and not isinstance(order, OrderCopy):
        words = tr("%1, at %2", words, named(one.store.en, one.store.zh, figures.language))
    if one.exchange_id:
        words = tr("%1, exchanged", words)
    return tr("%1 (taken back since)", words) if one.void else words


def refunding_words(one: Refunding, order: Order, figures: Figures) -> str:
    """Money that a provider was asked to give back, and has not."""
    amount = figures.money(one.amount, order.currency)
    if one.state == "failed":
        return tr("The payment service could not give %1 back. Try again, or give it back in cash.", amount)
    when = f"{figures.date_of(one.at)} {figures.time(one.at)}"
    return tr("%1 is on its way back to the customer's phone since %2. HQ asks until it is there.", amount, when)
