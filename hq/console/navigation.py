"""The admin's sidebar: what HQ does every day first, the machinery last."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hq.rights import reach

Item = tuple[Promise, str, str, str]
MACHINERY = _("Sync")
"""The group that an operator seldom needs: folded."""
GROUPS: tuple[tuple[Promise, tuple[Item, ...]], ...] = (
    (_("Stores"), (
        (_("Stores"), "storefront", "stores", "store"),
        (_("Regions"), "map", "stores", "region"),
        (_("Franchises"), "real_estate_agent", "stores", "franchise"),
        (_("Staff"), "badge", "staff", "staff"),
        (_("Tablets"), "tablet_android", "devices", "device"),
    )),
    (_("Customers"), (
        (_("Members"), "groups", "members", "member"),
        (_("Orders"), "receipt_long", "orders", "order"),
        (_("Quotations"), "request_quote", "quotations", "quotation"),
        (_("Closes of days"), "point_of_sale", "days", "dayclose"),
        (_("Payments"), "qr_code_2", "payments", "paymentrequest"),
        (_("Talks"), "forum", "talks", "talk"),
        (_("Follow-ups"), "event_upcoming", "talks", "followup"),
        (_("Promises"), "handshake", "service", "promise"),
        (_("Tickets"), "support_agent", "service", "ticket"),
        (_("Marks on lists"), "checklist", "talks", "reminder"),
    )),
    (_("Joining"), (
        (_("Gifts and signatures"), "featured_seasonal_and_gifts", "joining", "joining"),
        (_("Referrals"), "group_add", "joining", "referral"),
    )),
    (_("Value"), (
        (_("Instruments"), "account_balance_wallet", "leases", "instrument"),
        (_("Gift cards"), "card_giftcard", "cards", "giftcard"),
        (_("Batches of gift cards"), "stacks", "cards", "cardbatch"),
        (_("Movements of gift cards"), "receipt_long", "cards", "cardentry"),
        (_("Movements of points"), "stars", "points", "pointsentry"),
        (_("Leases"), "hourglass_top", "leases", "lease"),
    )),
    (_("Goods"), (
        (_("Products"), "inventory_2", "catalogue", "product"),
        (_("Categories"), "account_tree", "catalogue", "category"),
        (_("Price lists"), "sell", "catalogue", "pricelist"),
        (_("Prices"), "payments", "catalogue", "price"),
        (_("Promotions"), "percent", "promotions", "promotion"),
        (_("Trials"), "science", "promotions", "trial"),
        (_("Pictures to be made"), "burst_mode", "files", "renditionjob"),
    )),
    (_("Library"), (
        (_("Material"), "photo_library", "materials", "material"),
    )),
    (_("Rules"), (
        (_("Policies"), "policy", "policies", "policy"),
        (_("Tag rules"), "new_label", "tags", "tagrule"),
        (_("Message templates"), "sms", "message_templates", "messagetemplate"),
        (_("Settings"), "tune", "policies", "scopesettings"),
        (_("Showings"), "visibility", "privacy", "showing"),
        (_("Operators"), "person", "auth", "user"),
        (_("Audit log"), "history_edu", "audit", "entry"),
    )),
    (MACHINERY, (
        (_("Operations"), "published_with_changes", "protocol", "oplog"),
        (_("Operations with two contents"), "call_split", "protocol", "opconflict"),
        (_("Copied tablets"), "content_copy", "history", "fork"),
        (_("Feed"), "dynamic_feed", "protocol", "feedrow"),
        (_("Positions"), "pin", "protocol", "scopehead"),
        (_("Scopes"), "category", "protocol", "scope"),
        (_("Streams"), "stream", "protocol", "devicestream"),
        (_("Steps"), "step", "protocol", "step"),
        (_("Epochs"), "history", "protocol", "epoch"),
    )),
)  # fmt: skip


def sidebar(request: HttpRequest) -> list[dict[str, Any]]:
    """The groups with those items that the operator may see."""
    groups = [(title, [_item(*item) for item in items if _seen(request, item)]) for title, items in GROUPS]
    return [{"title": title, "collapsible": title is MACHINERY, "items": items} for title, items in groups if items]


def _seen(request: HttpRequest, item: Item) -> bool:
    _title, _icon, app, model = item
    return reach.of(request.user).may(f"{app}.{model}", "view")


def _item(title: Promise, icon: str, app: str, model: str) -> dict[str, Any]:
    return {"title": title, "icon": icon, "link": reverse(f"admin:{app}_{model}_changelist")}
