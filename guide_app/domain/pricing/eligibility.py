"""Whether a promotion is meant at all: written soundly, in force now, for this customer, its condition met."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from itertools import pairwise

from guide_app.domain.pricing.basket import Basket, Buyer
from guide_app.domain.pricing.priced import Why
from guide_app.domain.records.promotion import Audience, Promotion

_EVERYBODY = Audience()


def flaw(promotion: Promotion) -> str:
    """What is wrong with a promotion as it is written, as a code; "" when it can be applied."""
    check = _FLAWS.get(promotion.kind)
    return "kind_unknown" if check is None else check(promotion)


def _tier_flaw(promotion: Promotion) -> str:
    steps = promotion.steps
    percentages = {bool(step.percent) for step in steps}
    if len(percentages) != 1 or any(bool(step.percent) == bool(step.amount) for step in steps):
        return "one_benefit"
    rising = [(step.at, step.percent + step.amount) for step in steps]
    held = all(low[0] < high[0] and low[1] <= high[1] for low, high in pairwise(rising))
    return "" if held else "steps_not_rising"


def _unless(sound: object, code: str) -> str:
    return "" if sound else code


_FLAWS: dict[str, Callable[[Promotion], str]] = {
    "percentage": lambda one: _unless(one.percent, "no_benefit"),
    "amount": lambda one: _unless(one.amount, "no_benefit"),
    "member_price": lambda one: _unless(one.percent or one.prices, "no_benefit"),
    "staff": lambda one: _unless(one.percent or one.prices, "no_benefit"),
    "buy_get": lambda one: _unless(one.buy and one.get and one.percent, "no_benefit"),
    "bundle": lambda one: _unless(sum(part.pieces for part in one.parts) > 1, "bundle_of_one"),
    "tier": _tier_flaw,
    "coupon": lambda one: _unless(bool(one.percent) != bool(one.amount), "one_benefit"),
    "points": lambda one: _unless(one.points and one.amount, "no_benefit"),
}


def out_of_force(promotion: Promotion, at: datetime) -> Why | None:
    """Why it is not in force at this time of the shop's clock."""
    if found := flaw(promotion):
        return Why(code="flawed", values={"flaw": found})
    if not promotion.active:
        return Why(code="inactive")
    return _other_day(promotion, at.date()) or _other_hour(promotion, at)


def _other_day(promotion: Promotion, today: date) -> Why | None:
    day = today.isoformat()
    if day < promotion.valid_from:
        return Why(code="not_yet", values={"from": promotion.valid_from})
    if promotion.valid_until and day >= promotion.valid_until:
        return Why(code="over", values={"until": promotion.valid_until})
    if promotion.weekdays and today.isoweekday() not in promotion.weekdays:
        return Why(code="other_weekday", values={"weekdays": "".join(map(str, sorted(promotion.weekdays)))})
    return None


def _other_hour(promotion: Promotion, at: datetime) -> Why | None:
    if not (promotion.from_time or promotion.until_time):
        return None
    time = f"{at:%H:%M}"
    if time < promotion.from_time or (promotion.until_time and time >= promotion.until_time):
        return Why(code="other_hour", values={"from": promotion.from_time, "until": promotion.until_time})
    return None


def barred(promotion_id: str, basket: Basket) -> Why | None:
    """Why a promotion of the basket is out of force, or not for who buys."""
    promotion = basket.promotions[promotion_id]
    if why := out_of_force(promotion, basket.at):
        return why
    if basket.met is None:
        return not_for(promotion, basket.buyer, basket.at.date())
    return None if _for_everybody(promotion) or promotion_id in basket.met else Why(code="not_met")


def audience(basket: Basket) -> tuple[str, ...]:
    """The promotions in force that are not for everybody and are for this buyer: what a basket is priced again by."""
    own = (one for one, promotion in sorted(basket.promotions.items()) if not _for_everybody(promotion))
    return tuple(one for one in own if barred(one, basket) is None)


def _for_everybody(promotion: Promotion) -> bool:
    return promotion.kind not in ("member_price", "staff") and promotion.audience == _EVERYBODY


def not_for(promotion: Promotion, buyer: Buyer | None, today: date) -> Why | None:
    """Why it is not for this customer; None for the buyer: somebody who is no member."""
    audience = promotion.audience
    if (promotion.kind == "staff" or audience.staff) and not (buyer and buyer.staff):
        return Why(code="staff_only")
    if buyer is None:
        return None if _for_everybody(promotion) else Why(code="members_only")
    return _not_meant(audience, buyer, today)


def _not_meant(audience: Audience, who: Buyer, today: date) -> Why | None:
    if audience.levels and who.level not in audience.levels:
        return Why(code="other_level", values={"levels": ", ".join(audience.levels)})
    if audience.tags and not set(audience.tags) & set(who.tags):
        return Why(code="no_tag", values={"tags": ", ".join(audience.tags)})
    if audience.new_days and not _joined_within(who.joined, audience.new_days, today):
        return Why(code="not_new", values={"days": audience.new_days})
    if audience.birthday_month and who.birth_month != today.month:
        return Why(code="other_birth_month")
    return None


def _joined_within(joined: str, days: int, today: date) -> bool:
    return bool(joined) and (today - date.fromisoformat(joined)).days < days


def short_of(promotion: Promotion, pieces: int, amount: int) -> Why | None:
    """What the condition lacks; `amount` at list price."""
    if pieces < promotion.min_pieces:
        return Why(code="pieces_missing", values={"need": promotion.min_pieces, "have": pieces})
    if amount < promotion.min_amount:
        return Why(code="amount_missing", values={"need": promotion.min_amount, "have": amount})
    return None
