"""What HQ's people are told of the rule language: what may be used, and what is wrong with a rule and where."""

from __future__ import annotations

from types import MappingProxyType
from typing import Literal, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guide_app.domain.rules import RuleProblem

_AROUND = 12
Area = Literal["channel", "outcome", "topic", "source", "consent"]


class Usable(NamedTuple):
    """One name of the language: what it stands for, an example, and the area of the trade's codes it is asked for."""

    words: Promise
    example: str
    area: Area | None = None


USABLE = MappingProxyType(
    {
        "orders.count": Usable(gettext_lazy("purchases of the last 365 days, or of fewer"), "orders.count(90) >= 3"),
        "orders.sum": Usable(gettext_lazy("what they cost, in whole units of the store's money"), "orders.sum > 2000"),
        "orders.last": Usable(gettext_lazy("the day of the last purchase"), "days_since(orders.last) > 60"),
        "orders.average_days": Usable(
            gettext_lazy("days from one purchase to the next, on the average"), "orders.average_days < 14"
        ),
        "bought.category": Usable(
            gettext_lazy("categories of what was bought, also those above, by either name"), 'bought.category("Tea")'
        ),
        "bought.brand": Usable(gettext_lazy("brands of what was bought"), 'bought.brand("National")'),
        "bought.product": Usable(
            gettext_lazy("numbers of the products that were bought"), 'bought.product("P1001", "P1002")'
        ),
        "talks.count": Usable(gettext_lazy("talks of the last 365 days, or of fewer"), "talks.count(30) = 0"),
        "talks.last": Usable(gettext_lazy("the day of the last talk"), "not (days_since(talks.last) <= 30)"),
        "talked.topic": Usable(
            gettext_lazy("what was talked about in that time"), 'talked.topic("complaint")', "topic"
        ),
        "talked.outcome": Usable(gettext_lazy("what came of talks"), 'talked.outcome("thinking")', "outcome"),
        "talked.channel": Usable(gettext_lazy("how they talked"), 'talked.channel("phone", "wechat")', "channel"),
        "age": Usable(gettext_lazy("age in years, where the year of birth is known"), "age >= 60"),
        "birthday": Usable(gettext_lazy("the birthday"), "days_until(birthday) <= 7"),
        "gender": Usable(gettext_lazy("gender: f, m, x"), 'gender = "f"'),
        "joined": Usable(gettext_lazy("the day of the sign-up"), "days_since(joined) < 30"),
        "level": Usable(gettext_lazy("level"), 'level in ("gold", "black")'),
        "source": Usable(gettext_lazy("how they came to the chain"), 'source = "friend"', "source"),
        "touch_point": Usable(gettext_lazy("code of the poster, QR or campaign"), "known(touch_point)"),
        "owner": Usable(gettext_lazy("number of the guide who looks after them"), "not known(owner)"),
        "consent": Usable(gettext_lazy("what they agreed to"), 'consent("marketing_phone")', "consent"),
        "tag": Usable(gettext_lazy("tags that were given by hand"), 'not tag("quiet")'),
    }
)


def problem(text: str, found: RuleProblem) -> str:
    """What is wrong with a rule and where, in words."""
    what = _what(found)
    if found.code in ("rule_empty", "rule_too_long"):
        return what
    here = text[found.at : found.at + _AROUND].strip()
    if not here:
        return _("At the end: {what}").format(what=what)
    return _("At character {place} (“{here}”): {what}").format(place=found.at + 1, here=here, what=what)


def _what(found: RuleProblem) -> str:
    words = {
        "rule_empty": _("Write a rule, such as orders.count >= 3."),
        "rule_too_long": _("a rule has at most {told} characters."),
        "rule_too_deep": _("at most {told} brackets and nots inside each other."),
        "rule_symbol": _("“{told}” has no meaning here."),
        "rule_text_open": _("these words have no closing quote."),
        "rule_name_unknown": _("nothing is called “{told}”. See the list of what may be used."),
        "rule_day_bare": _("“{told}” is a day: ask days_since(…) or days_until(birthday)."),
        "rule_not_for_days_since": _("days_since takes joined, orders.last or talks.last."),
        "rule_not_for_days_until": _("days_until takes birthday."),
        "rule_days": _("write whole days from 1 to {told}."),
        "rule_text_order": _("words are compared by =, != or in."),
        "rule_expected_number": _("a number belongs here."),
        "rule_expected_text": _("words in quotes belong here, such as \"gold\"."),
        "rule_expected_open": _("an opening bracket belongs here."),
        "rule_expected_close": _("a closing bracket belongs here."),
        "rule_expected_name": _("a name belongs here, such as age or orders.count."),
        "rule_expected_symbol": _("a comparison belongs here: =, !=, <, <=, >, >= or in."),
        "rule_expected_end": _("“and” or “or” belongs here."),
    }  # fmt: skip
    return words[found.code].format(told=found.told)
