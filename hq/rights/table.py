"""The one table of rights: what each role may do with each feature of the console. What is not in it is closed to all.

Roles are written as letters: O HQ operator, V reviewer, R regional manager, F franchise owner, S store manager,
A auditor. A page of a feature is written as "who may open it|who may do it"; without a bar both are the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType


class Role(StrEnum):
    """What somebody is to HQ."""

    OPERATOR = "O"
    REVIEWER = "V"
    REGIONAL = "R"
    FRANCHISE = "F"
    STORE = "S"
    AUDITOR = "A"


class Kept(StrEnum):
    """By what a row of a feature belongs to somebody's reach."""

    STORE = "a store's"
    SHOP = "the store itself"
    REGION = "the region itself"
    FRANCHISE = "the franchise itself"
    SCOPE = "the chain's or a region's"
    LIST = "a price list's"
    PLACED = "its audience's"
    CHAIN = "the chain's"
    HQ = "HQ's own"


@dataclass(frozen=True)
class Feature:
    """A feature: how its rows are kept, and the letters of who may look, add, change and delete. `pages`: its deeds and
    its other pages by the last part of their addresses. `extra`: rights that are no page, such as to single fields."""

    kept: Kept
    view: str
    add: str = ""
    change: str = ""
    delete: str = ""
    pages: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    extra: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def may(self, role: Role, what: str, *, doing: bool = False) -> bool:
        """Whether the role may: `what` is view, add, change, delete, a page or an extra right."""
        letters = {"view": self.view, "add": self.add, "change": self.change, "delete": self.delete}
        opened, bar, done = {**letters, **self.pages, **self.extra}.get(what, "").partition("|")
        return role.value in (done if bar and doing else opened)


_ALL, _SHOPS, _HQ = "OVRFSA", "ORFS", "OA"
_LOOK = f"{_ALL}|"
"""Everybody looks, nobody does anything there."""

FEATURES: Mapping[str, Feature] = MappingProxyType({
    "stores.store": Feature(Kept.SHOP, _ALL, add="O", change="O", pages={"enrol-code": _SHOPS, "live": _LOOK}),
    "stores.region": Feature(Kept.REGION, _ALL, add="O", change="O"),
    "stores.franchise": Feature(Kept.FRANCHISE, "OVFA", add="O", change="O"),
    "staff.staff": Feature(
        Kept.STORE, _ALL, add="ORF", change="ORF", pages={"reset-pin": _SHOPS, "move": "ORF"},
        extra={"purchase": "OR"},
    ),
    "devices.device": Feature(Kept.STORE, _ALL, change=_SHOPS, pages={"proof": _LOOK, "revoke": _SHOPS}),
    "members.member": Feature(
        Kept.STORE, _ALL, change=_SHOPS,
        pages={"phone": _SHOPS, "export": _SHOPS, "erase": "O", "move": "ORF", "renewals": _LOOK},
    ),
    "orders.order": Feature(Kept.STORE, _ALL, pages={"step": _SHOPS, "reroute": _SHOPS}),
    "quotations.quotation": Feature(Kept.STORE, _ALL),
    "days.dayclose": Feature(Kept.STORE, _ALL, pages={"days": _LOOK}),
    "payments.paymentrequest": Feature(Kept.STORE, _ALL),
    "talks.talk": Feature(Kept.STORE, _ALL),
    "talks.followup": Feature(Kept.STORE, _ALL),
    "talks.reminder": Feature(Kept.STORE, _ALL),
    "service.promise": Feature(Kept.STORE, _ALL, pages={"kept": _LOOK}),
    "service.ticket": Feature(Kept.STORE, _ALL, pages={"scores": _LOOK}),
    "joining.joining": Feature(Kept.STORE, _ALL),
    "joining.referral": Feature(Kept.STORE, _ALL),
    "leases.instrument": Feature(Kept.STORE, _ALL, add="O", change="O"),
    "leases.lease": Feature(Kept.STORE, _ALL),
    "cards.giftcard": Feature(
        Kept.STORE, _ALL, change="O", pages={"hand-out": "O", "block": _SHOPS, "unblock": "OR"}
    ),
    "cards.cardbatch": Feature(Kept.STORE, "OVRA", add="O", change="O", delete="O", pages={"make": "O"}),
    "cards.cardentry": Feature(Kept.STORE, _ALL),
    "points.pointsentry": Feature(Kept.STORE, _ALL),
    "catalogue.product": Feature(Kept.CHAIN, _ALL, add="O", change="O", pages={"picture": _LOOK}),
    "catalogue.category": Feature(Kept.CHAIN, _ALL, add="O", change="O"),
    "catalogue.pricelist": Feature(Kept.SCOPE, _ALL, add="OR", change="OR", delete="OR"),
    "catalogue.price": Feature(Kept.LIST, _ALL, change="OR"),
    "promotions.promotion": Feature(
        Kept.SCOPE, _ALL, add="O", change="O",
        pages={
            "preview": "O", "goods": "O", "try": "O", "chosen": "O", "versions": _LOOK, "end": "O", "issue": "O",
        },
    ),
    "promotions.trial": Feature(Kept.HQ, "OVA", pages={"progress": "OVA|", "cancel": "O"}),
    "materials.material": Feature(
        Kept.PLACED, _ALL, add="O", change="O",
        pages={
            "goods": "O", "reach": "O", "file": _LOOK, "preview": _LOOK, "became": _LOOK,
            "compare": "OVA|", "versions": "OVA|",
            "submit": "O", "publish": "O", "send-back": "O", "withdraw": "O",
        },
    ),
    "files.renditionjob": Feature(Kept.HQ, "OVA", pages={"again": "O"}),
    "policies.policy": Feature(Kept.CHAIN, _ALL, add="O", change="O"),
    "policies.scopesettings": Feature(
        Kept.SCOPE, "OVRA", add="O", change="O", pages={"levels": "O", "memberships": "O"}
    ),
    "tags.tagrule": Feature(
        Kept.SCOPE, _ALL, add="OR", change="OR", delete="OR", pages={"check": "OR", "preview": "OR"}
    ),
    "message_templates.messagetemplate": Feature(
        Kept.SCOPE, _ALL, add="OR", change="OR", delete="OR", pages={"preview": "OR"}
    ),
    "privacy.showing": Feature(Kept.STORE, "ORA"),
    "protocol.oplog": Feature(Kept.HQ, _HQ, pages={"run-again": "O", "run-all-again": "O"}),
    "protocol.opconflict": Feature(Kept.HQ, _HQ),
    "protocol.feedrow": Feature(Kept.HQ, _HQ),
    "protocol.scopehead": Feature(Kept.HQ, _HQ),
    "protocol.scope": Feature(Kept.HQ, _HQ),
    "protocol.devicestream": Feature(Kept.HQ, _HQ),
    "protocol.step": Feature(Kept.HQ, _HQ),
    "protocol.epoch": Feature(Kept.HQ, _HQ),
    "history.fork": Feature(Kept.HQ, _HQ),
    "audit.entry": Feature(Kept.STORE, _HQ, pages={"whole": "OA|"}),
    "auth.user": Feature(Kept.HQ, _HQ, add="O", change="O", pages={"password_change": "O", "reset-two-factor": "O"}),
    "rights.account": Feature(Kept.HQ, _HQ, add="O", change="O", delete="O"),
})  # fmt: skip

OWN = frozenset({
    "index", "app_list", "search", "login", "logout", "password_change", "password_change_done", "jsi18n",
    "login_code", "login_enrol", "two_factor",
})  # fmt: skip
"""Pages of the console about nobody's rows, by their names: for whoever is signed in."""
PUBLIC = frozenset({
    "", "enrol", "join/<str:token>", "payments/notify", "i18n/setlang/",
    "library/uploads", "library/uploads/<uuid:upload_id>",
})  # fmt: skip
"""Addresses outside the console, for everybody; each has a lock of its own where it needs one,
and asks this table where that is somebody of the console."""
