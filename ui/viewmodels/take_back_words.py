"""The words of a return: why goods come back, and why the customer gets less or more for them than they cost."""

from __future__ import annotations

from guide_app.domain.pricing import Why
from guide_app.domain.returns import Forgone
from ui.viewmodels.base import Figures, tr

REASONS = ("changed_mind", "wrong_size", "faulty", "wrong_product", "other")


def back_words(reason: str) -> str:
    """Why goods come back."""
    words = {
        "changed_mind": tr("Changed their mind"),
        "wrong_size": tr("Does not fit"),
        "faulty": tr("Faulty"),
        "wrong_product": tr("Not what was ordered"),
        "other": tr("Another reason"),
    }
    return words.get(reason, reason)


def forgone_words(one: Forgone, figures: Figures, currency: str) -> str:
    """What one promotion does to the refund, as a sentence."""
    first, second = (one.names.zh, one.names.en) if figures.language == "zh_CN" else (one.names.en, one.names.zh)
    name = first or second or _kind_words(one.kind)
    amount = figures.money(abs(one.amount), currency)
    if one.amount < 0:
        return tr("%1 takes %2 more off what stays.", name, amount)
    if one.why is None:
        return tr("%1 takes %2 less off what stays.", name, amount)
    return tr("%1 no longer holds (%2): %3 less.", name, _why_words(one.why), amount)


def _why_words(why: Why) -> str:
    words = {
        "set_incomplete": tr("the set is not whole any more"),
        "pieces_missing": tr("too few pieces stay"),
        "amount_missing": tr("what stays costs too little"),
        "no_goods": tr("none of its goods stay"),
        "gift_card": tr("none of its goods stay"),
        "better": tr("another one is better for what stays"),
    }
    return words.get(why.code, tr("its condition is not met any more"))


def _kind_words(kind: str) -> str:
    words = {
        "coupon": tr("The coupon"),
        "points": tr("The points"),
        "manual": tr("The discount by hand"),
        "rounding": tr("Rounding"),
        "member_price": tr("The member price"),
        "staff": tr("The staff price"),
    }
    return words.get(kind, tr("A promotion"))
