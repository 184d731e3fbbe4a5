"""Orders in the admin: to be read; their goods are moved on, or sent another way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guide_app.domain import fulfilment, shares, ways
from guide_app.domain.clock import from_text
from guide_app.domain.records import GuideShare, Names, Reshared
from guide_app.domain.records import Order as OrderRecord
from guide_app.domain.returns import GONE_OUT
from guide_app.operations.fulfilling import Fulfil
from guide_app.operations.orders import WantedFulfilment
from hq.catalogue.models import Product
from hq.console import choices, goods_ways, html
from hq.console.admin_base import ReadOnlyAdmin
from hq.console.deeds import Deed, Done
from hq.console.trade_words import all_said, said
from hq.handlers.moving import last_step
from hq.members.models import Member
from hq.names import in_language
from hq.orders.mapping import ORDER
from hq.orders.models import Order, OrderLine
from hq.promotions.models import Promotion
from hq.rights.reach import narrowed
from hq.staff.models import Staff
from hq.stores.models import Store
from hq.sync_api import moving

_HERE = "here"
"""Chosen for the shop that sold the order."""
_HEARS = _("Done. The shop's tablets hear of it with their next sync.")


def _record(order: Order) -> OrderRecord:
    return ORDER.to_record(order, list(order.lines.order_by("position")))


def _steps(order: Order) -> list[tuple[str, str]]:
    """What can be done about the goods next, the likeliest first; then the last step, to be taken back. Of a cancelled
    order only that its goods are back."""
    record = _record(order)
    goes = record.fulfilment
    if record.state in ("returned", "closed") or (record.state == "cancelled" and not ways.left(goes.steps)):
        return []
    steps: list[tuple[str, str]] = [(what, said("progress", what)) for what in fulfilment.next_steps(goes)]
    if record.state == "cancelled":
        steps = []
    late = ways.too_late(record.fulfilment.steps)
    steps += [(one.op_id, gettext("they left: the way chosen later does not count")) for one in late[-1:]]
    last = next((one for one in record.fulfilment.steps if one.op_id == last_step(record)), None)
    if last is None:
        return steps
    return [*steps, (last.op_id, gettext("take back: {step}").format(step=said("progress", last.what)))]


def _step(order: Order, request: HttpRequest) -> Done:
    chosen = request.POST.get("choice", "")
    if chosen not in dict(_steps(order)):
        return Done(_("Choose a step."), failed=True)
    told = {"what": chosen} if chosen in dict(all_said("progress")) else {"what": "undo", "undoes": chosen}
    body = msgspec.convert({"order_id": str(order.id), **told}, Fulfil)
    moving.step(str(order.store_id), body, timezone.now())
    return Done(_HEARS)


def _ways(order: Order) -> list[tuple[str, str]]:
    """Who else may hand the goods over or send them: the shop that sold them, and the open ones of its region."""
    record = _record(order)
    goes = record.fulfilment
    if goes.to is None or not fulfilment.is_open(record) or record.state in GONE_OUT:
        return []
    own = Store.objects.get(id=order.store_id)
    others = narrowed(Store.objects.filter(active=True, region_id=own.region_id)).exclude(id=own.id)
    kinds = [kind for kind in ("pick_up", "ship") if kind == "pick_up" or goes.to.address.strip()]
    return [
        (f"{kind}:{key}", f"{said('fulfilment', kind)} · {store}")
        for kind in kinds
        for key, store in [(_HERE, own), *((str(one.id), one) for one in others)]
        if (kind, key) != (goes.kind, goes.store_id or _HERE)
    ]


def _reroute(order: Order, request: HttpRequest) -> Done:
    chosen = request.POST.get("choice", "")
    if chosen not in dict(_ways(order)):
        return Done(_("Choose a way."), failed=True)
    kind, _colon, key = chosen.partition(":")
    goes, store = _record(order).fulfilment, None if key == _HERE else Store.objects.get(id=key)
    told = {"kind": kind, "store_id": key if store else None, "day": None, "note": goes.note}
    at = Names(en=store.name_en, zh=store.name_zh) if store else Names()
    wanted = msgspec.structs.replace(msgspec.convert(told, WantedFulfilment), at=at, to=goes.to)
    moving.reroute(str(order.store_id), str(order.id), wanted, timezone.now())
    return Done(_HEARS)


@admin.register(Order)
class OrderAdmin(choices.StoreNamed, ReadOnlyAdmin):
    """Orders with their lines, discounts and payments."""

    fields = [
        "number", "state", "shown_store", "placed_at", "shown_member", "shown_guide", "shown_staff", "shown_lines",
        "shown_before", "shown_discounts", "shown_total", "shown_variance", "shown_causes", "shown_shares",
        "shown_reshares", "shown_payments", "shown_fulfilment", "shown_repair", "shown_returns", "shown_held", "note",
        "cancel_reason", "cancelled_at", "shown_canceller",
    ]  # fmt: skip
    list_display = ["number", "state", "shown_store", "placed_at", "shown_total", "shown_repair"]
    list_filter = [choices.StoreFilter, "state"]
    search_fields = ["number__istartswith"]
    ordering = ["-placed_at"]
    deeds = [
        Deed(
            "step", _("Move the goods on"),
            _("What happened to the goods is written on the order, as by a guide, and who did it into its history."),
            _step, lambda order: bool(_steps(order)), choices=_steps,
        ),
        Deed(
            "reroute", _("Another way for the goods"),
            _(
                "The goods reach the customer from the chosen shop. Call that shop first: nothing is put aside there by"
                " itself."
            ),
            _reroute, lambda order: bool(_ways(order)), choices=_ways,
        ),
    ]  # fmt: skip

    @admin.display(description=_("total"), ordering="total")
    def shown_total(self, order: Order) -> str:
        """What is to be paid."""
        return html.amount(order.total, order.currency)

    @admin.display(description=_("before discounts"))
    def shown_before(self, order: Order) -> str:
        """The lines before discounts."""
        return html.amount(order.lines_amount, order.currency)

    @admin.display(description=_("discounts"))
    def shown_discounts(self, order: Order) -> str:
        """All discounts together."""
        return html.amount(order.discounts_amount, order.currency)

    @admin.display(description=_("differs from HQ's prices by"))
    def shown_variance(self, order: Order) -> str:
        """What the promised prices differ from HQ's own."""
        return html.amount(order.variance, order.currency)

    @admin.display(description=_("why it differs"))
    def shown_causes(self, order: Order) -> str:
        """Every cause with its amount and the product or promotion that it is about."""
        causes = order.variances or []
        about = _named([one["id"] for one in causes if one.get("id") and one["cause"] != "unknown"])
        rows = [
            [
                said("variance", one["cause"]),
                about.get(one.get("id", ""), ""),
                html.amount(one["amount"], order.currency),
            ]
            for one in causes
        ]
        return html.table([_("cause"), _("about"), _("amount")], rows, amounts=(2,))

    @admin.display(description=_("fulfilment"))
    def shown_fulfilment(self, order: Order) -> str:
        """How the goods reach the customer, where, when and to whom; the phone masked."""
        return _reach(order)

    @admin.display(description=_("to be settled"))
    def shown_repair(self, order: Order) -> str:
        """What must be settled first."""
        return said("repair", order.fulfilment_repair)

    @admin.display(description=_("member"))
    def shown_member(self, order: Order) -> str:
        """The member's name and number."""
        return str(Member.objects.filter(id=order.member_id).first() or "") if order.member_id else ""

    @admin.display(description=_("guide"))
    def shown_guide(self, order: Order) -> str:
        """The guide who placed it."""
        return str(Staff.objects.filter(id=order.guide_id).first() or "")

    @admin.display(description=_("bought at staff prices by"))
    def shown_staff(self, order: Order) -> str:
        """The colleague who bought it; empty for a customer."""
        return str(Staff.objects.filter(id=order.staff_id).first() or "") if order.staff_id else ""

    @admin.display(description=_("lines"))
    def shown_lines(self, order: Order) -> str:
        """Every line with its discounts."""
        lines = list(order.lines.order_by("position"))
        products = Product.objects.in_bulk([line.product_id for line in lines])
        heads = [_("product"), _("quantity"), _("unit price"), _("discounts"), _("amount")]
        rows = [
            [
                _product(products.get(line.product_id)), line.qty, html.amount(line.unit_price, order.currency),
                _reasons(line, order.currency),
                html.amount(line.amount, order.currency),
            ]
            for line in lines
        ]  # fmt: skip
        return html.table(heads, rows, amounts=(1, 2, 4))

    @admin.display(description=_("guides' shares"))
    def shown_shares(self, order: Order) -> str:
        """What each guide sold of it."""
        sold = shares.by_guide(ORDER.to_record(order, list(order.lines.order_by("position"))))
        people = _people(sold)
        rows = [[people.get(guide, guide), html.amount(amount, order.currency)] for guide, amount in sold.items()]
        return html.table([_("guide"), _("amount")], rows, amounts=(1,))

    @admin.display(description=_("corrections of the guides' shares"))
    def shown_reshares(self, order: Order) -> str:
        """Each correction: when, by whom, allowed by whom and why, from whom and to whom."""
        trail = msgspec.convert(order.reshares or [], list[Reshared])
        people = _people(guide for one in trail for guide in _people_of(one))
        rows = [
            [
                html.moment(from_text(one.at)), people.get(one.guide_id, one.guide_id),
                people.get(one.approved_by, one.approved_by), said("reshare", one.reason),
                "; ".join(dict.fromkeys(_shared(line.shares, people) for line in one.before)),
                _shared(one.shares, people), len(one.before),
            ]
            for one in trail
        ]  # fmt: skip
        heads = [_("when"), _("by"), _("allowed by"), _("reason"), _("from"), _("to"), _("lines")]
        return html.table(heads, rows, amounts=(6,))

    @admin.display(description=_("payments"))
    def shown_payments(self, order: Order) -> str:
        """Money and tenders received."""
        rows = [
            [
                said("payment", one["method"]),
                html.amount(-one["amount"] if one.get("kind") == "refunded" else one["amount"], order.currency),
            ]
            for one in order.payments or []
        ]
        return html.table([_("method"), _("amount")], rows, amounts=(1,))

    @admin.display(description=_("returns"))
    def shown_returns(self, order: Order) -> str:
        """What came back when to whom, what was given for it, and what of that HQ books as variance and as risk."""
        lines = {str(line.line_id): line.product_id for line in order.lines.all()}
        products = Product.objects.in_bulk(list(lines.values()))
        heads = [_("at"), _("guide"), _("goods"), _("refund"), _("differs by"), _("risk")]
        rows = []
        shops = {str(one.id): str(one) for one in Store.objects.all()} if order.returns else {}
        for one in order.returns or []:
            goods = [
                f"{line['qty']} × {_product(products.get(lines.get(line['line_id'])))}{_beyond(line)}"
                for line in one.get("lines", [])
            ]
            rows.append([
                html.moment(from_text(one["at"])), _taken_by(one, shops),
                str(_("taken back")) if one.get("void") else ", ".join(goods),
                *(html.amount(amount, order.currency) for amount in _money(one)),
            ])  # fmt: skip
        return html.table(heads, rows, amounts=(3, 4, 5))

    @admin.display(description=_("comes to"))
    def shown_held(self, order: Order) -> str:
        """The total less what was given back; nothing once it is cancelled."""
        return html.amount(order.held, order.currency)

    @admin.display(description=_("cancelled by"))
    def shown_canceller(self, order: Order) -> str:
        """The guide who took it back."""
        return str(Staff.objects.filter(id=order.cancelled_by).first() or "") if order.cancelled_by else ""


def _taken_by(one: dict[str, Any], shops: dict[str, str]) -> str:
    """Who took it in, and the store where that was another one."""
    guide = str(Staff.objects.filter(id=one["guide_id"]).first() or "")
    return ", ".join(part for part in (guide, shops.get(one.get("store_id", ""), "")) if part)


def _money(one: dict[str, Any]) -> tuple[int, int, int]:
    return one["refund"].get("money", 0), one.get("variance", 0), one.get("risk", 0)


def _beyond(line: dict[str, Any]) -> str:
    """Pieces that were told of and were not there."""
    gone = _("not there any more")
    return f" (+{line['beyond']}: {gone})" if line.get("beyond") else ""


def _people(guide_ids: Iterable[str]) -> dict[str, str]:
    """Staff by the ids that records name them by."""
    return {str(one.id): str(one) for one in Staff.objects.filter(id__in=set(guide_ids))}


def _people_of(one: Reshared) -> set[str]:
    """Everybody whom a correction names."""
    parts = (*one.shares, *(share for line in one.before for share in line.shares))
    return {one.guide_id, one.approved_by, *(share.guide_id for share in parts)}


def _shared(parts: Sequence[GuideShare], people: Mapping[str, str]) -> str:
    return ", ".join(f"{people.get(one.guide_id, one.guide_id)} {one.share / 100:g} %" for one in parts)


def _reasons(line: OrderLine, currency: str) -> str:
    return ", ".join(f"{_reason(one)} {html.amount(one['amount'], currency)}" for one in line.discounts or [])


def _reason(discount: dict[str, Any]) -> str:
    """What the promotion is called, what a person wrote, or the kind."""
    names = discount.get("names", {})
    called = in_language(names.get("en", ""), names.get("zh", "")) or discount.get("label", "")
    return str(called or said("discount", discount["kind"]))


def _named(ids: list[str]) -> dict[str, str]:
    """What products and promotions are called, by their ids."""
    found = [*Product.objects.filter(id__in=ids), *Promotion.objects.filter(id__in=ids)]
    return {str(one.pk): str(one) for one in found}


def _product(product: Any) -> str:
    return f"{product.sku} {in_language(product.name_en, product.name_zh)}" if product else "?"


def _reach(order: Order) -> str:
    """How the goods reach the customer; then what was done about it."""
    goes = ORDER.to_record(order, list(order.lines.order_by("position"))).fulfilment
    facts = goods_ways.facts(goes)
    if goes.progress:
        facts.append([gettext("goods"), said("progress", goes.progress)])
    people = {
        str(one.id): str(one) for one in Staff.objects.filter(id__in=[s.guide_id for s in goes.steps if s.guide_id])
    }
    steps = [
        [html.moment(from_text(step.at)), said("progress", step.what), people.get(step.guide_id, gettext("HQ"))]
        for step in goes.steps
    ]
    return html.table(["", ""], [*facts, *([" · ".join(map(str, step)), ""] for step in steps)])
