"""Bodies of every kind of operation as tablets send them: the least, all of it, odd text, as large as it may be."""

from __future__ import annotations

from typing import Any

from tests.golden.make_ops import (
    GUIDE,
    LEASE,
    LIST,
    MADE_AT,
    MEMBER,
    ORDER,
    OTHER,
    POLICY,
    PRODUCT,
    QUOTATION,
    uid,
)

ODD = "𠮷野家 ﷽ é e\u0301 👩‍👩‍👧 \u200f\u202e\\u0000 \" ' \t;--"
_TERMS = {"kind": "terms", "policy_version": POLICY, "granted": True}
_MINIMAL_SIGN_UP = {
    "member_id": OTHER, "member_no": "N1", "phone": "+8613912345678", "name": "吕", "source": "walk_in", "consents": [],
}  # fmt: skip


def _order(lines: int, **more: Any) -> dict[str, Any]:
    placed: list[dict[str, Any]] = [
        {"line_id": uid(n), "product_id": PRODUCT, "qty": n + 1, "unit_price": 990, "amount": 990 * (n + 1)}
        for n in range(lines)
    ]
    total = sum(line["amount"] for line in placed)
    return {
        "order_id": OTHER, "number": "101AB7K00423", "lines": placed,
        "totals": {"lines": total, "discounts": 0, "total": total}, "price_list": {"id": LIST, "version": 1},
        "fulfilment": {"kind": "take_away"}, "payment_intent": {"method": "cash", "amount": total}, **more,
    }  # fmt: skip


_CARD = {"id": uid(96), "lease_id": LEASE, "digits": "0042"}
_BY_CARD = {"leg_id": uid(81), "method": "gift_card", "amount": 5, "card": _CARD}


_HANDED = {"order_id": ORDER, "line_id": uid(1), "number": "6012000000000425"}


def _pay(*legs: dict[str, Any]) -> dict[str, Any]:
    return {"order_id": ORDER, "legs": [{"leg_id": uid(80), "method": "cash", "amount": 1980, **leg} for leg in legs]}


def _pay_back(**more: Any) -> dict[str, Any]:
    return {"order_id": ORDER, "leg_id": uid(95), "method": "cash", "amount": 1, "reason": "slip", **more}


def _reshare(shares: dict[str, int] | None = None, **more: Any) -> dict[str, Any]:
    parts = [{"guide_id": guide, "share": share} for guide, share in (shares or {OTHER: 10_000}).items()]
    return {"order_id": ORDER, "shares": parts, "reason": "helped", "approved_by": GUIDE, **more}


def _quote(count: int, **more: Any) -> dict[str, Any]:
    told = _order(count)
    promised = {name: told[name] for name in ("number", "lines", "totals", "price_list")}
    return {"quotation_id": OTHER, **promised, "valid_until": "2026-12-04", **more}


def _talk(**more: Any) -> dict[str, Any]:
    return {
        "talk_id": OTHER, "member_id": MEMBER, "channel": "in_store", "outcome": "interested", "topic": "general",
        "at": "2026-11-20T10:00:00.000Z", **more,
    }  # fmt: skip


def _followup(**more: Any) -> dict[str, Any]:
    return {"followup_id": OTHER, "member_id": MEMBER, "due_on": "2026-12-01", "note": "", "state": "open", **more}


def _reminder(**more: Any) -> dict[str, Any]:
    return {"member_id": MEMBER, "list": "birthday", "cycle": "2026-11-21", "state": "done", **more}


def _raise(**more: Any) -> dict[str, Any]:
    return {
        "ticket_id": OTHER, "step_id": uid(70), "member_id": MEMBER, "number": "101AB7K00503", "kind": "complaint",
        **more,
    }  # fmt: skip


def _of_ticket(**more: Any) -> dict[str, Any]:
    return {"ticket_id": OTHER, "step_id": uid(71), "member_id": MEMBER, **more}


def _promised(**more: Any) -> dict[str, Any]:
    return {
        "promise_id": OTHER, "step_id": uid(72), "member_id": MEMBER, "kind": "hold", "due_on": "2026-12-01", **more,
    }  # fmt: skip


def _settled(**more: Any) -> dict[str, Any]:
    return {"promise_id": OTHER, "step_id": uid(73), "member_id": MEMBER, "on": "2026-12-01", **more}


def _edit(**fields: tuple[Any, Any]) -> dict[str, Any]:
    changes = {name: {"old": old, "new": new} for name, (old, new) in fields.items()}
    return {"member_id": MEMBER, "base_ver": 3, "set": changes}


def _consent(**more: Any) -> dict[str, Any]:
    return {"member_id": MEMBER, "kind": "terms", "granted": True, "policy_version": POLICY, "seen_ver": 3, **more}


def _pin(salt: int, tag: int) -> dict[str, Any]:
    return {"staff_id": GUIDE, "pin": f"$argon2id$v=19$m=65536,t=3,p=1${'s' * salt}${'A' * tag}"}


def _close(**more: Any) -> dict[str, Any]:
    return {"close_id": OTHER, "day": "2026-11-20", "currency": "CNY", "figures": {}, **more}


_DAY = {
    "sales": {"count": 1, "amount": 1880}, "pieces": 2, "before_discounts": 1980,
    "discounts": {"manual": {"count": 1, "amount": 100}}, "owed": {"count": 1, "amount": 880},
    "cancelled": {"count": 1, "amount": 990}, "returns": {"count": 1, "amount": 10},
    "methods": {"cash": {"received": {"count": 2, "amount": 2000}, "given_back": {"count": 1, "amount": 120}}},
    "guides": {GUIDE: {"count": 1, "amount": 1880}}, "hours": {"18": {"count": 1, "amount": 1880}},
    "seen": [OTHER[-12:]],
}  # fmt: skip
_DISCOUNTED = {
    "line_id": uid(1), "product_id": PRODUCT, "qty": 2, "unit_price": 990, "amount": 1880,
    "discounts": [{"kind": "manual", "amount": 100, "label": "掉漆"}],
    "guide_shares": [{"guide_id": GUIDE, "share": 6000}, {"guide_id": OTHER, "share": 4000}],
}  # fmt: skip
_PRICED = {
    **_DISCOUNTED,
    "discounts": [
        {"kind": "percentage", "amount": 60, "step": 3, "source_id": uid(60), "promotion_id": uid(60), "version": 2,
         "pieces": 1, "names": {"en": "Autumn", "zh": "秋季"}},
        {"kind": "manual", "amount": 40, "label": "掉漆", "step": 6, "source_id": uid(61), "approved_by": OTHER},
    ],
}  # fmt: skip
_PRICED_BY = {
    "audience": [uid(60)], "coupons": [{"coupon_id": uid(62), "promotion_id": uid(63)}],
    "manual": [{"manual_id": uid(61), "amount": 40, "label": "掉漆", "approved_by": OTHER}], "points": 100,
    "rounding": {"unit": 10, "mode": "nearest"},
}  # fmt: skip
_SENT = {
    "kind": "ship", "fast": True, "day": "2026-11-20", "note": "放门口",
    "to": {"name": "陈静", "phone": "+8613800000007", "address": "南京东路 1 号"},
}  # fmt: skip
_BACK = {"line_id": uid(1), "qty": 1, "reason": "wrong_size"}


def _return(*lines: dict[str, Any], money: int = 0, **more: Any) -> dict[str, Any]:
    return {"order_id": ORDER, "return_id": uid(80), "lines": [*lines], "refund": {"money": money}, **more}


BODIES: dict[tuple[str, int], dict[str, dict[str, Any]]] = {
    ("member.sign_up", 1): {
        "minimal": _MINIMAL_SIGN_UP,
        "full": {**_MINIMAL_SIGN_UP, "consents": [_TERMS], "gender": "f", "birthday": "1990-02-28",
                 "referrer": "N7", "tags": ["vip", "茶"]},
        "odd text": {**_MINIMAL_SIGN_UP, "name": ODD, "source": ODD[:20]},
        "maximal": {**_MINIMAL_SIGN_UP, "name": "欧" * 120, "tags": [f"t{n}" for n in range(50)],
                    "consents": [{**_TERMS, "kind": f"k{n}"} for n in range(20)]},
    },
    ("member.sign_up", 2): {
        "minimal": _MINIMAL_SIGN_UP,
        "full": {**_MINIMAL_SIGN_UP, "consents": [_TERMS], "gender": "f", "birthday": "1990-02-28",
                 "referrer": "N7", "tags": ["vip", "茶"], "touch_point": "poster-3",
                 "signature": {"kinds": ["terms"], "strokes": "M10 20L30 40M1000 400L0 0"},
                 "gift": {"product_id": PRODUCT, "on": "2026-11-20"}},
        "odd text": {**_MINIMAL_SIGN_UP, "name": ODD, "source": ODD[:20], "touch_point": ODD[:20]},
        "maximal": {**_MINIMAL_SIGN_UP, "name": "欧" * 120, "tags": [f"t{n}" for n in range(50)],
                    "consents": [{**_TERMS, "kind": f"k{n}"} for n in range(20)],
                    "signature": {"kinds": [f"k{n}" for n in range(20)], "strokes": "M1000 400" + "L999 399" * 1022}},
        "a gift without books": {**_MINIMAL_SIGN_UP, "gift": {"product_id": LIST, "on": "2026-11-20"}},
    },
    ("member.edit", 1): {
        "minimal": _edit(note=("", None)),
        "full": _edit(name=("陈静", "陈晶"), gender=("", "m"), birthday=("", "1980-12-31"), source=("", "friend"),
                      tags=([], ["a"]), note=("before", "after")),
        "odd text": _edit(note=("", ODD)),
        "maximal": _edit(note=("", "大" * 2000)),
        "of a value that moved on": _edit(name=("从前", "以后")),
    },
    ("member.edit", 2): {
        "minimal": _edit(sizes=({}, {"shoe": "38"})),
        "full": {**_edit(
            name=("陈静", "陈晶"), gender=("", "m"), birthday=("", "1980-12-31"), source=("", "friend"),
            tags=([], ["a"]), note=("before", "after"), sizes=({}, {"top": "M", "shoe": "38"}),
            likes=([], ["乌龙茶", "no perfume"]), wishes=([], [{"product_id": PRODUCT, "since": MADE_AT}]),
            dates=([], [{"id": uid(50), "label": "结婚纪念日", "day": "2015-10-01"}]),
            household=([], [
                {"id": uid(51), "relation": "daughter", "name": "小雨", "birthday": "2019-06-01", "gender": "f"},
                {"id": uid(52), "relation": "dog"},
            ]),
        ), "undoes": uid(60), "whole": False},
        "odd text": _edit(likes=([], [ODD, ""]), sizes=(None, {ODD[:20]: ODD[:20]})),
        "maximal": _edit(likes=([], [f"{n:03d}" + "大" * 117 for n in range(100)])),
        "elements that moved on": _edit(tags=(["old", "mine"], ["mine", "new"]), likes=(["乌龙茶"], None)),
        "a date without a day": _edit(dates=([], [{"id": uid(50), "label": "?", "day": ""}])),
    },
    ("member.consent", 1): {
        "minimal": _consent(seen_ver=0, granted=False),
        "full": _consent(seen_at="2026-11-19T10:00:00.000Z"),
        "odd text": _consent(kind=ODD[:20]),
        "maximal": _consent(seen_ver=2**53 - 1),
    },
    ("order.place", 1): {
        "minimal": _order(1),
        "full": {**_order(1), "lines": [_DISCOUNTED], "member_id": MEMBER, "note": "门口", "promotions_version": 4,
                 "totals": {"lines": 1980, "discounts": 100, "total": 1880},
                 "payment_intent": {"method": "till", "amount": 1880}},
        "odd text": _order(1, note=ODD),
        "maximal": _order(200, note="长" * 1000),
        "whose sum is wrong": _order(1, totals={"lines": 1, "discounts": 0, "total": 1}),
    },
    ("order.place", 2): {
        "minimal": _order(1),
        "full": {**_order(1), "lines": [_PRICED], "member_id": MEMBER, "note": "门口", "priced_by": _PRICED_BY,
                 "totals": {"lines": 1980, "discounts": 100, "total": 1880},
                 "payment_intent": {"method": "till", "amount": 1880}},
        "odd text": _order(1, note=ODD),
        "maximal": _order(200, note="长" * 1000, priced_by={"audience": [uid(n) for n in range(500)]}),
        "whose sum is wrong": _order(1, totals={"lines": 1, "discounts": 0, "total": 1}),
    },
    ("order.place", 4): {
        "minimal": _order(1),
        "full": {**_order(1), "lines": [_PRICED], "note": "门口", "priced_by": _PRICED_BY, "staff_id": OTHER,
                 "totals": {"lines": 1980, "discounts": 100, "total": 1880}, "fulfilment": _SENT,
                 "payment_intent": {"method": "till", "amount": 1880}},
        "odd text": _order(1, note=ODD, fulfilment={**_SENT, "note": ODD[:40]}),
        "maximal": _order(200, note="长" * 1000, priced_by={"audience": [uid(n) for n in range(500)]}),
        "a colleague and a member": _order(1, staff_id=OTHER, member_id=MEMBER),
        "whose sum is wrong": _order(1, totals={"lines": 1, "discounts": 0, "total": 1}),
    },
    ("order.place", 5): {
        "minimal": _order(1),
        "full": {**_order(1), "lines": [_PRICED], "note": "门口", "priced_by": _PRICED_BY, "staff_id": OTHER,
                 "totals": {"lines": 1980, "discounts": 100, "total": 1880}, "fulfilment": _SENT,
                 "payment_intent": {"method": "till", "amount": 1880}},
        "odd text": _order(1, note=ODD, fulfilment={**_SENT, "note": ODD[:40]}),
        "maximal": _order(200, note="长" * 1000, priced_by={"audience": [uid(n) for n in range(500)]}),
        "a gift card that does not count": _order(1, member_id=MEMBER, uncounted=[uid(0)]),
        "a line that is not there": _order(1, uncounted=[uid(99)]),
        "whose sum is wrong": _order(1, totals={"lines": 1, "discounts": 0, "total": 1}),
    },
    ("order.place", 3): {
        "minimal": _order(1),
        "full": {**_order(1), "lines": [_PRICED], "member_id": MEMBER, "note": "门口", "priced_by": _PRICED_BY,
                 "totals": {"lines": 1980, "discounts": 100, "total": 1880}, "fulfilment": _SENT,
                 "payment_intent": {"method": "till", "amount": 1880}},
        "odd text": _order(1, note=ODD, fulfilment={**_SENT, "note": ODD[:40]}),
        "maximal": _order(200, note="长" * 1000, priced_by={"audience": [uid(n) for n in range(500)]}),
        "handed over by another shop": _order(1, fulfilment={
            "kind": "pick_up", "store_id": uid(64), "at": {"en": "Nanjing East", "zh": "南京东路"}, "day": "2026-11-22",
            "to": {"name": "陈静", "phone": "+8613800000007"},
        }),
        "ordered ahead": _order(1, fulfilment={"kind": "pre_order", "day": "2026-12-24"}),
        "whose sum is wrong": _order(1, totals={"lines": 1, "discounts": 0, "total": 1}),
    },
    ("order.cancel", 1): {
        "minimal": {"order_id": ORDER, "reason": ""},
        "full": {"order_id": ORDER, "reason": "changed_mind"},
        "odd text": {"order_id": ORDER, "reason": ODD[:20]},
        "maximal": {"order_id": ORDER, "reason": "长" * 60},
        "of an order that is not there": {"order_id": OTHER, "reason": "x"},
    },
    ("order.pay", 1): {
        "minimal": _pay({}),
        "full": _pay({"amount": 980, "given": 1000}, {"leg_id": uid(81), "method": "card", "amount": 1000}),
        "odd text": _pay({"method": "other"}),
        "maximal": _pay(*({"leg_id": uid(80 + n), "amount": 2**53 - 1} for n in range(10))),
        "of an order that is not there": {**_pay({}), "order_id": OTHER},
        "more change than cash": _pay({"given": 1979}),
    },
    ("order.pay", 2): {
        "minimal": _pay({}),
        "full": _pay({"amount": 980, "given": 1000}, _BY_CARD),
        "odd text": _pay({**_BY_CARD, "card": {**_CARD, "digits": ODD[:8]}}),
        "maximal": _pay(*({**_BY_CARD, "leg_id": uid(80 + n), "amount": 2**53 - 1} for n in range(10))),
        "of an order that is not there": {**_pay(_BY_CARD), "order_id": OTHER},
        "of no card": _pay({"method": "gift_card"}),
    },
    ("order.reshare", 1): {
        "minimal": _reshare(),
        "full": _reshare({GUIDE: 6000, OTHER: 4000}, line_id=uid(1), reason="wrong_guide"),
        "odd text": _reshare(reason="x" * 40),
        "maximal": _reshare({uid(100 + n): 1000 for n in range(10)}, line_id=uid(1)),
        "of an order that is not there": _reshare(order_id=OTHER),
        "of a line that is not there": _reshare(line_id=uid(2)),
        "less than the whole": _reshare({GUIDE: 6000, OTHER: 3999}),
    },
    ("order.card", 1): {
        "minimal": _HANDED,
        "full": {**_HANDED, "number": "6012000000000771"},
        "odd text": {**_HANDED, "says": ODD},
        "maximal": {**_HANDED, "number": "6012999999999994"},
        "a wrong digit": {**_HANDED, "number": "6012000000000426"},
        "of an order that is not there": {**_HANDED, "order_id": OTHER},
        "of a line that is not there": {**_HANDED, "line_id": uid(2)},
    },
    ("order.fulfil", 1): {
        "minimal": {"order_id": ORDER, "what": "ready"},
        "full": {"order_id": ORDER, "what": "undo", "undoes": uid(90)},
        "odd text": {"order_id": ORDER, "what": "failed", "says": ODD},
        "maximal": {"order_id": ORDER, "what": "done", "undoes": uid(91)},
        "of an order that is not there": {"order_id": OTHER, "what": "ready"},
    },
    ("order.fulfil", 2): {
        "minimal": {"order_id": ORDER, "what": "ready"},
        "full": {"order_id": ORDER, "what": "shipped", "under": uid(92)},
        "odd text": {"order_id": ORDER, "what": "failed", "under": "", "says": ODD},
        "maximal": {"order_id": ORDER, "what": "undo", "undoes": uid(91), "under": uid(92)},
        "the shop knows": {"order_id": ORDER, "what": "seen", "undoes": uid(92)},
        "of an order that is not there": {"order_id": OTHER, "what": "ready"},
    },
    ("order.fulfil", 3): {
        "minimal": {"order_id": ORDER, "what": "ready"},
        "full": {"order_id": ORDER, "what": "shipped", "under": uid(92)},
        "odd text": {"order_id": ORDER, "what": "failed", "under": "", "says": ODD},
        "maximal": {"order_id": ORDER, "what": "undo", "undoes": uid(91), "under": uid(92), "charged_by": uid(93)},
        "the shop knows": {"order_id": ORDER, "what": "seen", "undoes": uid(92)},
        "of an order that is not there": {"order_id": OTHER, "what": "undo", "charged_by": uid(93)},
    },
    ("order.reroute", 1): {
        "minimal": {"order_id": ORDER, "fulfilment": {"kind": "take_away"}},
        "full": {"order_id": ORDER, "fulfilment": _SENT, "spends": [{"lease_id": LEASE, "amount": 2}],
                 "member_id": MEMBER},
        "odd text": {"order_id": ORDER, "fulfilment": {**_SENT, "note": ODD[:40]}},
        "maximal": {"order_id": ORDER, "fulfilment": {**_SENT, "to": {
            "name": "大" * 120, "phone": "9" * 120, "address": "路" * 400}}},
        "ordered ahead": {"order_id": ORDER, "fulfilment": {"kind": "pre_order", "day": "2026-12-24"}},
        "of an order that is not there": {"order_id": OTHER, "fulfilment": {"kind": "take_away"}},
    },
    ("order.pay_back", 1): {
        "minimal": _pay_back(),
        "full": _pay_back(method="card", amount=980, of=uid(80)),
        "odd text": _pay_back(method="other", reason="x" * 40),
        "maximal": _pay_back(amount=2**53 - 1),
        "of an order that is not there": _pay_back(order_id=OTHER),
    },
    ("order.pay_back", 2): {
        "minimal": _pay_back(),
        "full": _pay_back(method="card", amount=980, of=uid(80)),
        "odd text": _pay_back(method="other", reason="x" * 40),
        "maximal": _pay_back(amount=2**53 - 1),
        "of an order that is not there": _pay_back(order_id=OTHER),
        "of a payment that is not there": _pay_back(method="gift_card", of=uid(80)),
        "on no card": _pay_back(method="gift_card"),
    },
    ("order.return", 1): {
        "minimal": _return(_BACK),
        "full": _return(
            {**_BACK, "sellable": False},
            legs=[{"leg_id": uid(81), "method": "cash", "amount": 900, "of": uid(82)}],
        ) | {"refund": {"money": 990, "points": 3, "coupons": ["c1"]}},
        "odd text": _return(_BACK) | {"refund": {"coupons": [ODD[:20]]}},
        "maximal": _return(*({**_BACK, "qty": 9999} for _ in range(200)), money=2**53 - 1),
        "everything": _return({**_BACK, "qty": 2}, money=1980),
        "more than there is": _return({**_BACK, "qty": 3}, money=2970),
        "what was due yet": _return(money=100),
        "of an order that is not there": _return(_BACK) | {"order_id": OTHER},
        "of a line that is not there": _return({**_BACK, "line_id": uid(99)}),
    },
    ("order.return_undo", 1): {
        "minimal": {"order_id": ORDER, "return_id": uid(80)},
        "full": {"order_id": ORDER, "return_id": uid(80)},
        "odd text": {"order_id": ORDER, "return_id": uid(80), "says": ODD},
        "maximal": {"order_id": ORDER, "return_id": uid(80)},
        "of an order that is not there": {"order_id": OTHER, "return_id": uid(80)},
    },
    ("order_copy.return", 1): {
        "minimal": _return(_BACK),
        "full": _return(
            {**_BACK, "sellable": False},
            legs=[{"leg_id": uid(81), "method": "cash", "amount": 900, "of": uid(82)}],
        ) | {"refund": {"money": 990, "points": 3, "coupons": ["c1"]}},
        "odd text": _return(_BACK) | {"refund": {"coupons": [ODD[:20]]}},
        "maximal": _return(*({**_BACK, "qty": 9999} for _ in range(200)), money=2**53 - 1),
        "everything": _return({**_BACK, "qty": 2}, money=1980),
        "more than there is": _return({**_BACK, "qty": 3}, money=2970),
        "of an order that is not there": _return(_BACK) | {"order_id": OTHER},
        "of a line that is not there": _return({**_BACK, "line_id": uid(99)}),
    },
    ("order_copy.return_undo", 1): {
        "minimal": {"order_id": ORDER, "return_id": uid(80)},
        "full": {"order_id": ORDER, "return_id": uid(80)},
        "odd text": {"order_id": ORDER, "return_id": uid(80), "says": ODD},
        "maximal": {"order_id": ORDER, "return_id": uid(80)},
        "of an order that is not there": {"order_id": OTHER, "return_id": uid(80)},
    },
    ("parcel.step", 1): {
        "minimal": {"order_id": ORDER, "what": "ready"},
        "full": {"order_id": ORDER, "what": "failed", "under": "", "reason": "damaged"},
        "odd text": {"order_id": ORDER, "what": "done", "says": ODD},
        "maximal": {"order_id": ORDER, "what": "shipped", "under": uid(83)},
        "taken back": {"order_id": ORDER, "what": "undo", "undoes": uid(84)},
        "of an order that is not there": {"order_id": OTHER, "what": "done"},
    },
    ("order.exchange", 1): {
        "minimal": _order(1, back=_return(_BACK)),
        "full": {**_order(1), "lines": [_PRICED], "totals": {"lines": 1980, "discounts": 100, "total": 1880},
                 "member_id": MEMBER, "note": "礼盒", "priced_by": _PRICED_BY, "back": _return(_BACK, money=990),
                 "credit": 990},
        "odd text": _order(1, note=ODD, back=_return(_BACK)),
        "maximal": _order(200, note="大" * 2000, back=_return(*({**_BACK, "qty": 9999} for _ in range(200)))),
        "a credit above the refund": _order(1, back=_return(_BACK, money=100), credit=200),
    },
    ("order.exchange", 3): {
        "minimal": _order(1, back=_return(_BACK)),
        "full": {**_order(1), "lines": [_PRICED], "totals": {"lines": 1980, "discounts": 100, "total": 1880},
                 "note": "礼盒", "priced_by": _PRICED_BY, "back": _return(_BACK, money=990), "credit": 990,
                 "fulfilment": _SENT, "staff_id": OTHER},
        "odd text": _order(1, note=ODD, back=_return(_BACK)),
        "maximal": _order(200, note="大" * 2000, back=_return(*({**_BACK, "qty": 9999} for _ in range(200)))),
        "a credit above the refund": _order(1, back=_return(_BACK, money=100), credit=200),
    },
    ("order.exchange", 4): {
        "minimal": _order(1, back=_return(_BACK)),
        "full": {**_order(1), "lines": [_PRICED], "totals": {"lines": 1980, "discounts": 100, "total": 1880},
                 "note": "礼盒", "priced_by": _PRICED_BY, "back": _return(_BACK, money=990), "credit": 990,
                 "fulfilment": _SENT, "staff_id": OTHER},
        "odd text": _order(1, note=ODD, back=_return(_BACK)),
        "maximal": _order(200, note="大" * 2000, back=_return(*({**_BACK, "qty": 9999} for _ in range(200)))),
        "a credit above the refund": _order(1, back=_return(_BACK, money=100), credit=200),
        "a gift card that does not count": _order(1, member_id=MEMBER, uncounted=[uid(0)], back=_return(_BACK)),
    },
    ("order.exchange", 2): {
        "minimal": _order(1, back=_return(_BACK)),
        "full": {**_order(1), "lines": [_PRICED], "totals": {"lines": 1980, "discounts": 100, "total": 1880},
                 "member_id": MEMBER, "note": "礼盒", "priced_by": _PRICED_BY, "back": _return(_BACK, money=990),
                 "credit": 990, "fulfilment": _SENT},
        "odd text": _order(1, note=ODD, back=_return(_BACK)),
        "maximal": _order(200, note="大" * 2000, back=_return(*({**_BACK, "qty": 9999} for _ in range(200)))),
        "a credit above the refund": _order(1, back=_return(_BACK, money=100), credit=200),
    },
    ("talk.log", 1): {
        "minimal": _talk(),
        "full": _talk(note="wants it in blue", products=[PRODUCT], materials=[OTHER]),
        "odd text": _talk(note=ODD),
        "maximal": _talk(note="说" * 2000, products=[uid(n) for n in range(50)], materials=[uid(n) for n in range(50)]),
        "taken back": _talk(void=True),
    },
    ("followup.set", 1): {
        "minimal": _followup(),
        "full": _followup(note="call about the pram", state="done"),
        "odd text": _followup(note=ODD),
        "maximal": _followup(note="再" * 2000, due_on="9999-12-31"),
    },
    ("reminder.set", 1): {
        "minimal": _reminder(),
        "full": _reminder(list="refill", state="snoozed", until="2026-11-27", guide_id=OTHER),
        "odd text": _reminder(cycle=ODD[:20]),
        "maximal": _reminder(cycle="周" * 120, list="lapsed"),
        "of somebody who is not there": _reminder(member_id=OTHER),
    },
    ("reminder.set", 2): {
        "minimal": _reminder(),
        "full": _reminder(list="renewal", state="snoozed", until="2026-11-27", guide_id=OTHER),
        "odd text": _reminder(cycle=ODD[:20]),
        "maximal": _reminder(cycle="周" * 120, list="renewal"),
        "of somebody who is not there": _reminder(member_id=OTHER),
    },
    ("followup.set", 2): {
        "minimal": _followup(),
        "full": _followup(note="call about the pram", state="done", guide_id=OTHER),
        "odd text": _followup(note=ODD),
        "maximal": _followup(note="再" * 2000, due_on="9999-12-31", guide_id=GUIDE),
    },
    ("ticket.raise", 1): {
        "minimal": _raise(),
        "full": _raise(kind="after_sale", words="the zip sticks", order_id=ORDER, product_id=PRODUCT, to=GUIDE),
        "odd text": _raise(kind="question", words=ODD, number=ODD[:20]),
        "maximal": _raise(kind="praise", words="好" * 2000, number="9" * 120),
    },
    ("ticket.step", 1): {
        "minimal": _of_ticket(what="reopen"),
        "full": _of_ticket(what="assign", words="she knows the tailor", to=GUIDE, rating=0),
        "odd text": _of_ticket(what="note", words=ODD),
        "maximal": _of_ticket(what="solve", words="换" * 2000),
        "rated": _of_ticket(what="rate", rating=5, words="很快"),
        "taken back": _of_ticket(what="undo", undoes=uid(71)),
    },
    ("promise.make", 1): {
        "minimal": _promised(),
        "full": _promised(kind="call", words="when it arrives", product_id=PRODUCT, quantity=2),
        "odd text": _promised(kind="other", words=ODD),
        "maximal": _promised(kind="order", words="约" * 2000, due_on="9999-12-31", quantity=9999),
    },
    ("promise.settle", 1): {
        "minimal": _settled(what="kept"),
        "full": _settled(what="broken", words="the van came late"),
        "odd text": _settled(what="dropped", words=ODD),
        "maximal": _settled(what="kept", words="守" * 2000, on="9999-12-31"),
        "taken back": _settled(what="undo", undoes=uid(72)),
    },
    ("staff.set_pin", 1): {
        "minimal": _pin(11, 22),
        "full": _pin(22, 43),
        "odd text": {"staff_id": OTHER, "pin": _pin(22, 43)["pin"]},
        "maximal": _pin(86, 86),
    },
    ("member.reveal", 1): {
        "minimal": {"member_id": MEMBER, "what": "phone"},
        "full": {"member_id": MEMBER, "what": "phone_copied"},
        "odd text": {"member_id": OTHER, "what": "phone"},
        "maximal": {"member_id": OTHER, "what": "phone_copied"},
        "as a QR": {"member_id": MEMBER, "what": "phone_qr"},
    },
    ("material.show", 1): {
        "minimal": {"material": OTHER, "guide_id": GUIDE, "version": 1},
        "full": {"material": OTHER, "guide_id": GUIDE, "version": 7},
        "odd text": {"material": PRODUCT, "guide_id": GUIDE, "version": 2},
        "maximal": {"material": OTHER, "guide_id": GUIDE, "version": 2**31 - 1},
        "by somebody else": {"material": OTHER, "guide_id": OTHER, "version": 1},
    },
    ("material.read", 1): {
        "minimal": {"material": OTHER, "guide_id": GUIDE, "version": 1},
        "full": {"material": OTHER, "guide_id": GUIDE, "version": 7},
        "odd text": {"material": PRODUCT, "guide_id": GUIDE, "version": 2},
        "maximal": {"material": OTHER, "guide_id": GUIDE, "version": 2**31 - 1},
        "by somebody else": {"material": OTHER, "guide_id": OTHER, "version": 1},
    },
    ("material.keep", 1): {
        "minimal": {"material": OTHER, "guide_id": GUIDE, "favourite": False},
        "full": {"material": OTHER, "guide_id": GUIDE, "favourite": True},
        "odd text": {"material": PRODUCT, "guide_id": GUIDE, "favourite": True},
        "maximal": {"material": OTHER, "guide_id": GUIDE, "favourite": True},
        "by somebody else": {"material": OTHER, "guide_id": OTHER, "favourite": True},
    },
    ("material.share", 1): {
        "minimal": {"share_id": OTHER, "material": PRODUCT, "version": 1, "channel": "qr"},
        "full": {"share_id": OTHER, "material": PRODUCT, "version": 7, "channel": "link", "member_id": MEMBER},
        "odd text": {"share_id": OTHER, "material": OTHER, "version": 2, "channel": "link"},
        "maximal": {
            "share_id": OTHER, "material": PRODUCT, "version": 2**31 - 1, "channel": "link", "member_id": OTHER
        },
    },
    ("lease.return", 1): {
        "minimal": {"lease_id": LEASE, "left": 0},
        "full": {"lease_id": LEASE, "left": 7},
        "odd text": {"lease_id": OTHER, "left": 7},
        "maximal": {"lease_id": LEASE, "left": 2**53 - 1},
    },
    ("quote.make", 1): {
        "minimal": _quote(1),
        "full": _quote(
            1, lines=[_PRICED], totals={"lines": 1980, "discounts": 100, "total": 1880}, promotions_version=2,
            member_id=MEMBER, note="门口", priced_by=_PRICED_BY,
        ),
        "odd text": _quote(1, note=ODD),
        "maximal": _quote(200, member_id=MEMBER, note="注" * 2000),
        "known already": _quote(1, quotation_id=QUOTATION),
        "does not add up": _quote(1, totals={"lines": 1, "discounts": 0, "total": 1}),
    },
    ("quote.make", 2): {
        "minimal": _quote(1),
        "full": _quote(
            1, lines=[_PRICED], totals={"lines": 1980, "discounts": 100, "total": 1880}, promotions_version=2,
            member_id=MEMBER, note="门口", priced_by=_PRICED_BY, fulfilment=_SENT,
        ),
        "odd text": _quote(1, note=ODD, fulfilment={"kind": "pick_up", "note": ODD}),
        "maximal": _quote(200, member_id=MEMBER, note="注" * 2000, fulfilment=_SENT),
        "known already": _quote(1, quotation_id=QUOTATION),
        "does not add up": _quote(1, totals={"lines": 1, "discounts": 0, "total": 1}),
    },
    ("quote.void", 1): {
        "minimal": {"quotation_id": QUOTATION, "reason": "mistake"},
        "full": {"quotation_id": QUOTATION, "reason": "not_wanted", "member_id": MEMBER},
        "odd text": {"quotation_id": OTHER, "reason": "_"},
        "maximal": {"quotation_id": QUOTATION, "reason": "r" * 40, "member_id": OTHER},
    },
    ("quote.take", 1): {
        "minimal": {"quotation_id": QUOTATION, "order_id": ORDER},
        "full": {"quotation_id": QUOTATION, "order_id": ORDER, "member_id": MEMBER},
        "odd text": {"quotation_id": QUOTATION, "order_id": OTHER},
        "maximal": {"quotation_id": OTHER, "order_id": ORDER, "member_id": OTHER},
    },
    ("day.close", 1): {
        "minimal": _close(),
        "full": _close(
            figures=_DAY, waiting={"count": 1, "amount": 990},
            counted={"amount": 1900, "difference": 20, "reason": "wrong_change"},
        ),
        "odd text": _close(figures={"discounts": {ODD[:20]: {"count": 1, "amount": -1}}}),
        "maximal": _close(figures={**_DAY, "seen": [f"{n:012x}" for n in range(3000)]}, currency="JPY"),
        "without a sale": _close(counted={"amount": 0, "difference": 0}),
    },
}  # fmt: skip
