"""The trade's codes (as records carry them) in words of the page's language; an unknown code stands as it is."""

from __future__ import annotations

from typing import Literal

from django.utils.translation import gettext_lazy as _

Area = Literal["channel", "outcome", "topic", "fulfilment", "repair", "consent", "payment", "discount", "source",
               "operation", "status"]  # fmt: skip

_WORDS = {
    "channel": {
        "in_store": _("in the store"), "phone": _("phone"), "wechat": _("WeChat"), "sms": _("text message"),
        "fitting": _("fitting"), "after_sale": _("after-sale"), "other": _("other"),
    },
    "outcome": {
        "interested": _("interested"), "bought": _("bought"), "thinking": _("thinking about it"),
        "not_now": _("not now"), "no_answer": _("no answer"), "solved": _("solved"),
    },
    "topic": {
        "product": _("product"), "price": _("price"), "size": _("size"), "delivery": _("delivery"),
        "care": _("care"), "complaint": _("complaint"), "birthday": _("birthday"), "general": _("general"),
    },
    "fulfilment": {"take_away": _("taken away"), "pick_up": _("picked up"), "ship": _("sent")},
    "repair": {"out_of_stock": _("out of stock")},
    "consent": {
        "terms": _("membership terms"), "marketing_phone": _("marketing by phone"),
        "marketing_sms": _("marketing by text message"), "marketing_wechat": _("marketing by WeChat"),
    },
    "payment": {
        "till": _("at the till"), "cash": _("cash"), "card": _("card"), "coupon": _("coupon"), "later": _("later"),
    },
    "discount": {
        "promotion": _("promotion"), "coupon": _("coupon"), "retail": _("retail discount"),
        "coupon_match": _("coupon match"), "member": _("member price"), "manual": _("by hand"),
        "rounding": _("rounding"),
    },
    "source": {
        "walk_in": _("walked in"), "friend": _("a friend"), "wechat": _("WeChat"), "online": _("online shop"),
        "event": _("event"),
    },
    "operation": {
        "member.sign_up": _("sign-up"), "member.edit": _("change to a member"), "member.consent": _("consent"),
        "order.place": _("order"), "order.cancel": _("cancelled order"), "talk.log": _("talk"),
        "followup.set": _("follow-up"), "staff.set_pin": _("new PIN"),
        "lease.return": _("lease given back"),
    },
    "status": {
        "applied": _("done"), "merged": _("joined to a known member"), "parked": _("waiting"),
        "rejected": _("refused"),
    },
}  # fmt: skip


def all_said(area: Area) -> list[tuple[str, str]]:
    """Every code of the area with its words."""
    return [(code, str(words)) for code, words in _WORDS[area].items()]


def said(area: Area, code: str) -> str:
    """The code in words."""
    return str(_WORDS[area].get(code, code))
