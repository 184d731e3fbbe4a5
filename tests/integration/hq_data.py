"""A region, a store and one row of every kind, made through HQ's own services."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import msgspec

NOW = datetime(2026, 11, 21, 10, tzinfo=UTC)


@dataclass(frozen=True)
class Made:
    """What was made: Django's models by their names."""

    region: Any
    store: Any
    rows: dict[str, Any]


def make_store(code: str = "101") -> tuple[Any, Any]:
    """A region and a store in it."""
    from hq.stores import services
    from hq.stores.models import Region, Store

    region = services.save_region(Region(code=f"r{code}", name_en="East", name_zh="华东"))
    store = services.save_store(Store(code=code, name_en="Riverside", name_zh="滨江店", region=region))
    return region, store


def make_all() -> Made:
    """One row of every kind that the admin shows."""
    region, store = make_store()
    return Made(region, store, {**_hq_rows(store), **_store_rows(store)})


def _hq_rows(store: Any) -> dict[str, Any]:
    from django.utils import timezone

    from guide_app.domain import records as r
    from hq.catalogue import services as catalogue
    from hq.catalogue.models import Category, Price, PriceList, Product
    from hq.devices import services as devices
    from hq.message_templates import services as templates
    from hq.message_templates.models import MessageTemplate
    from hq.policies import services as policies
    from hq.policies.models import Policy, ScopeSettings
    from hq.promotions import services as promotions
    from hq.promotions.models import Promotion
    from hq.protocol import epoch, scopes
    from hq.protocol.models import Epoch
    from hq.staff import services as staff
    from hq.staff.models import Staff
    from hq.tags import services as tags
    from hq.tags.models import TagRule

    person = Staff(store_id=store.id, name="陈静", staff_no="001")
    staff.save(person)
    category = Category(name_en="Milk powder", name_zh="奶粉")
    catalogue.save_category(category)
    product = Product(
        sku="P1001", name_en="Stage 1", name_zh="一段奶粉", category_id=category.id, barcodes=["6900000000018"],
    )  # fmt: skip
    catalogue.save_product(product)
    prices = PriceList(scope=scopes.of_chain(), name_en="Everyday", name_zh="日常价", valid_from=NOW)
    catalogue.save_price_list(prices, {str(product.id): 12_900})
    policy = Policy(kind="terms", version="1", title_en="Terms", title_zh="条款", text_en="…", text_zh="…")
    policies.save_policy(policy)
    settings = ScopeSettings(scope=scopes.of_chain(), values={"pin_tries": 5})
    policies.save_settings(settings)
    rule = TagRule(
        scope=scopes.of_chain(), name_en="Regular", name_zh="常客", tag="常客", expression="orders.count >= 3",
        valid_from=NOW.date(),
    )  # fmt: skip
    tags.save_rule(rule)
    template = MessageTemplate(
        scope=scopes.of_chain(), situation="birthday", channel="wechat", title_en="Birthday", title_zh="生日",
        text_en="Happy birthday, {name}! {guide}, {store}", text_zh="{name}，生日快乐！{guide}，{store}",
    )  # fmt: skip
    templates.save_template(template)
    two_for_one = r.Promotion(
        names=r.Names(en="Milk days", zh="奶粉日"), kind="buy_get", buy=1, get=1, percent=10_000, weekdays=(2,),
        valid_from="2026-11-01", valid_until="2026-12-01", from_time="10:00", audience=r.Audience(members=True),
        goods=r.Selection(categories=(str(category.id),)), group="milk", priority=3,
    )  # fmt: skip
    promotion_id = promotions.save_promotion(two_for_one, scope=scopes.of_chain(), by="op")
    _material(store)
    device = devices.enrol(devices.new_code(store, timezone.now()).code, "k" * 43, "Counter", "linux", timezone.now())
    epoch.current()
    return {
        "staff.staff": person, "catalogue.category": category, "catalogue.product": product, "devices.device": device,
        "catalogue.pricelist": prices, "catalogue.price": Price.objects.get(), "policies.policy": policy,
        "policies.scopesettings": settings, "tags.tagrule": rule, "message_templates.messagetemplate": template,
        "promotions.promotion": Promotion.objects.get(id=promotion_id),
        "protocol.epoch": Epoch.objects.latest("began_at"),
    }  # fmt: skip


def _material(store: Any) -> None:
    """A text on the counters of the store's region, in its second version."""
    from guide_app.domain import records as r
    from guide_app.domain.materials import Actor, Reach
    from hq.materials import services as materials

    words = r.Names(en="Wash, cream, protect", zh="洗、抹、护")
    says = r.Material(
        material=str(uuid4()), version=1, kind="text", title=r.Names(en="Winter skin", zh="冬季护肤三步"), text=words,
        tags=("winter",), must_read=True, valid_until="2099-01-01T00:00:00.000Z",
    )  # fmt: skip
    lin, wang = Actor("lin", may_write=True, may_publish=True), Actor("wang", may_write=True, may_publish=True)
    reach = Reach(regions=(str(store.region_id),), roles=("guide",))
    material_id = ""
    for topic in ("Skin", "Winter"):
        said = msgspec.structs.replace(says, topic=r.Names(en=topic, zh="护肤"))
        version = materials.write(said, reach, by=lin, material_id=material_id)
        material_id = str(version.material_id)
        materials.submit(str(version.id), by=lin)
        materials.publish(str(version.id), by=wang)


def _store_rows(store: Any) -> dict[str, Any]:
    from django.db import transaction

    from guide_app.domain import records as r
    from guide_app.domain.points import Terms
    from guide_app.domain.records.dayclose import Count, Counted, Figures, MethodCount
    from hq.aggregates import MAPPINGS
    from hq.cards.models import CardEntry as CardEntryRow
    from hq.cards.values import CardEntry
    from hq.days.models import DayClose
    from hq.devices.models import Device
    from hq.joining.models import Joining as JoiningRow
    from hq.joining.models import Referral as ReferralRow
    from hq.joining.values import Joining, Referral
    from hq.leases.models import Instrument, Lease
    from hq.leases.values import LeaseAsked, Value
    from hq.materials.values import MaterialEvent
    from hq.members.models import Member
    from hq.orders.models import Order
    from hq.payments.models import PaymentRequest as PaymentRow
    from hq.payments.values import PaymentRequest, RefundAsked
    from hq.points.models import PointsEntry as EntryRow
    from hq.points.values import Earned, PointsEntry
    from hq.privacy.values import Showing
    from hq.protocol import rows
    from hq.quotations.models import Quotation as QuotationRow
    from hq.service.models import Promise, Ticket
    from hq.talks.models import Followup, Reminder, Talk

    made = {entity: str(uuid4()) for entity in (
        "member", "order", "talk", "followup", "reminder", "ticket", "promise", "stock", "member_alias", "visitor",
        "instrument", "lease", "lease_request", "showing", "wallet", "payment_request",
        "joining", "referral", "day_close", "quotation", "points_earned", "points_entry",
        "card_entry", "order_copy", "material_use", "material_event", "parcel", "share",
    )}  # fmt: skip
    guide, tablet = str(uuid4()), Device.objects.get().scope
    line = r.OrderLine(
        line_id=str(uuid4()), product_id=made["stock"], qty=2, unit_price=100, amount=190,
        discounts=(
            r.Discount(
                kind="percentage", amount=10, step=3, source_id=str(uuid4()), promotion_id=str(uuid4()), version=2,
                pieces=1, names=r.Names(en="Autumn", zh="秋季"), label="window", approved_by=str(uuid4()),
            ),
        ),
    )  # fmt: skip
    records: dict[str, r.Record] = {
        "member": r.Member(
            member_no="101AB7K00013", phone="+8613800000001", name="王小明", pinyin="wang xiao ming", initials="wxm",
            consents=(r.Consent(kind="terms", granted=True, policy_version="1", ver=1, at="2026-11-21T10:00:00Z"),),
            conflicts=(
                r.FieldConflict(field="note", hq="a", theirs=None, op_id=str(uuid4())),
                r.FieldConflict(field="sizes", hq={"top": "M", "bust": "80"}, theirs={"top": "L"}, op_id=str(uuid4())),
            ),
            tags=("vip",), joined_at="2026-11-21T10:00:00.5Z", sizes={"top": "M", "bust": "80"}, likes=("茶",),
            wishes=(r.Wish(product_id=made["stock"], since="2026-11-21T10:00:00.000Z"),),
            dates=(r.ImportantDate(id=str(uuid4()), label="结婚纪念日", day="10-01"),),
            household=(
                r.Relative(id=str(uuid4()), relation="daughter", name="小雨", birthday="2019-06-01", gender="f"),
                r.Relative(id=str(uuid4()), relation="dog"),
            ),
            touch_point="poster-3", gift=r.Gift(product_id=made["stock"], on="2026-11-21"), signed=("terms",),
        ),
        "order": r.Order(
            number="101AB7K00423", state="placed", guide_id=guide, placed_at="2026-11-21T18:00:00+08:00",
            currency="CNY", lines=(line,), member_id=made["member"],
            totals=r.Totals(lines=200, discounts=10, total=190),
            payment_intent=r.PaymentIntent(method="till", amount=190),
            payments=(
                r.Payment(method="coupon", amount=10),
                r.Payment(
                    method="cash", amount=100, at="2026-11-21T10:00:00.000Z", id=str(uuid4()), kind="refunded",
                    given=200, provider_id="42", guide_id=guide, reason="slip", of=str(uuid4()),
                ),
                r.Payment(
                    method="gift_card", amount=40, id=str(uuid4()),
                    card=r.FromCard(id=made["instrument"], lease_id=made["lease"], digits="0042"),
                ),
            ),
            asked=r.PaymentAsked(
                id=str(uuid4()), amount=80, state="waiting", code="pay:1", until="2026-11-21T10:05:00.000Z"
            ),
            cancelled_by=guide,
            exchange_of=str(uuid4()),
            returns=(
                r.Return(
                    return_id=str(uuid4()), guide_id=guide, at="2026-11-21T10:00:00.000Z",
                    refund=r.Refund(money=9, points=3, coupons=("c",)),
                    lines=(r.ReturnedLine(line_id=line.line_id, qty=1, reason="faulty", sellable=False, beyond=2),),
                    legs=(str(uuid4()),), spends=(r.Spend(lease_id=made["lease"], amount=2),), variance=-4, risk=1,
                    void=True,
                    was="paid", exchange_id=str(uuid4()),
                ),
            ),
            reshares=(
                r.Reshared(
                    op_id=str(uuid4()), at="2026-11-21T10:00:00.000Z", guide_id=guide, approved_by=guide,
                    reason="helped", shares=(r.GuideShare(guide_id=guide, share=4_000),
                                             r.GuideShare(guide_id=str(uuid4()), share=6_000)),
                    before=(
                        r.SharesBefore(line_id=line.line_id, shares=(r.GuideShare(guide_id=guide, share=10_000),)),
                    ),
                ),
            ),
            cards=(r.CardSold(number="6012000000000425", line_id=line.line_id, at="2026-11-21T10:00:00.000Z",
                              guide_id=guide),), uncounted=(line.line_id,),
            price_list=r.PriceListUsed(id=str(uuid4()), version=2),
            spends=(r.Spend(lease_id=made["lease"], amount=10),),
            variances=(
                r.Variance(cause="price", amount=5, id=made["stock"]), r.Variance(cause="unknown", amount=-5, id="x"),
            ),
            priced_by=r.PricedBy(
                audience=(str(uuid4()),), coupons=(r.ChosenCoupon(coupon_id="c", promotion_id=str(uuid4())),),
                manual=(r.Manual(manual_id="m", percent=500, label="worn", approved_by=guide),), points=100,
                rounding=r.Rounding(unit=10, mode="nearest"),
            ),
        ),
        "talk": r.Talk(
            member_id=made["member"], guide_id=guide, channel="phone", outcome="reached", topic="birthday",
            at="2026-11-21T10:00:00Z", products=(made["stock"],),
        ),
        "followup": r.Followup(member_id=made["member"], guide_id=guide, due_on="2026-11-25", state="open"),
        "reminder": r.Reminder(
            member_id=made["member"], list="birthday", cycle="2026-11-21", state="snoozed", until="2026-11-22",
            guide_id=guide, set_by=guide, set_at="2026-11-21T10:00:00.000Z",
        ),
        "ticket": r.Ticket(
            member_id=made["member"], number="101AB7K00503", kind="complaint", words="拉链", order_id=made["order"],
            product_id=made["stock"], raised_by=guide, raised_at="2026-11-21T10:00:00.000Z", state="solved",
            guide_id=guide, rating=4, changed_at="2026-11-21T12:00:00.000Z",
            history=(
                r.Step(op_id=str(uuid4()), id=str(uuid4()), at="2026-11-21T10:00:00.000Z", guide_id=guide, what="raise",
                       words="拉链"),
                r.Step(op_id=str(uuid4()), id=str(uuid4()), at="2026-11-21T11:00:00.000Z", guide_id=guide,
                       what="assign", to=guide),
                r.Step(op_id=str(uuid4()), id=str(uuid4()), at="2026-11-21T11:30:00.000Z", guide_id=guide,
                       what="solve"),
                r.Step(op_id=str(uuid4()), id=str(uuid4()), at="2026-11-21T12:00:00.000Z", guide_id=guide, what="rate",
                       rating=4),
            ),
        ),
        "promise": r.Promise(
            member_id=made["member"], kind="call", words="到货", product_id=made["stock"], quantity=2,
            due_on="2026-11-25", made_by=guide, made_at="2026-11-21T10:00:00.000Z", state="kept", guide_id=guide,
            settled_on="2026-11-26", changed_at="2026-11-26T10:00:00.000Z",
            history=(
                r.Step(op_id=str(uuid4()), id=str(uuid4()), at="2026-11-21T10:00:00.000Z", guide_id=guide, what="make",
                       words="到货"),
                r.Step(op_id=str(uuid4()), id=str(uuid4()), at="2026-11-26T10:00:00.000Z", guide_id=guide, what="kept",
                       on="2026-11-26"),
            ),
        ),
        "quotation": r.Quotation(
            member_id=made["member"], number="101AB7K00512", state="void", guide_id=guide,
            made_at="2026-11-21T10:00:00.000Z", valid_until="2026-12-05", currency="CNY",
            lines=(
                r.OrderLine(
                    line_id=str(uuid4()), product_id=made["stock"], qty=2, unit_price=100, amount=190,
                    discounts=(r.Discount(kind="manual", amount=10, label="worn", source_id="m", approved_by=guide),),
                ),
            ),
            totals=r.Totals(lines=200, discounts=10, total=190), promotions_version=3,
            price_list=r.PriceListUsed(id=str(uuid4()), version=2),
            priced_by=r.PricedBy(manual=(r.Manual(manual_id="m", amount=10, label="worn", approved_by=guide),)),
            note="门口", order_id=made["order"], void_reason="not_wanted", void_at="2026-11-22T10:00:00.000Z",
            void_by=guide,
        ),
        "day_close": r.DayClose(
            day="2026-11-21", guide_id=guide, closed_at="2026-11-21T14:00:00.000Z", currency="CNY",
            figures=Figures(
                sales=Count(count=1, amount=190), pieces=2, before_discounts=200,
                discounts={"percentage": Count(count=1, amount=10)}, hours={"18": Count(count=1, amount=190)},
                methods={"coupon": MethodCount(received=Count(count=1, amount=10))}, seen=("0" * 12,),
            ),
            waiting=Count(count=1, amount=190), counted=Counted(amount=5, difference=5, reason="unknown"),
        ),
        "stock": r.Stock(
            on_hand=-1, as_of="2026-11-21T10:00:00.000Z",
            near=(r.NearStock(store_id=str(uuid4()), at=r.Names(en="East", zh="东"), on_hand=10, more=True,
                              as_of="2026-11-21T09:00:00.000Z"),),
        ),
        "member_alias": r.MemberAlias(member_id=made["member"]),
        "instrument": Value(kind="points", owner_id=made["member"], balance=300, held=120, owed=7),
        "lease": r.Lease(
            amount=120, spent=10, granted_at="2026-11-21T10:00:00.000Z", expires_at="2026-11-24T10:00:00.000Z",
            instrument=r.Instrument(kind="points", id=made["instrument"]),
        ),
        "showing": Showing(
            member_id=made["member"], what="phone", at="2026-11-21T10:00:00.000Z", guide_id=guide, scope=tablet
        ),
        "material_use": r.MaterialUse(
            material=made["stock"], guide_id=guide, favourite=True, read=2, shown=1, used_at="2026-11-21T10:00:00.000Z"
        ),
        "share": r.Share(
            material=made["stock"], version=1, guide_id=guide, channel="link", member_id=made["member"],
            at="2026-11-21T10:00:00.000Z",
        ),
        "material_event": MaterialEvent(
            material=made["stock"], version=1, what="shown", at="2026-11-21T10:00:00.000Z", guide_id=guide, scope=tablet
        ),
        "wallet": r.Wallet(points=300, coupons=(r.Coupon(title=r.Names(en="Tea"), uses=2, until="2026-12-01"),)),
        "payment_request": PaymentRequest(
            order_id=made["order"], amount=80, currency="CNY", provider="local", made_at="2026-11-21T10:00:00.000Z",
            until="2026-11-21T10:05:00.000Z", state="waiting", code="pay:1", provider_id="42", device_id=guide,
            guide_id=guide, attempts=1, look_at="2026-11-21T10:00:20.000Z",
            refunds=(RefundAsked(id=str(uuid4()), amount=9, reason="slip", guide_id=guide, state="done"),),
        ),
        "lease_request": LeaseAsked(lease_id=made["lease"], granted=120, at="2026-11-21T10:00:00.000Z"),
        "joining": Joining(
            at="2026-11-21T10:00:00.000Z", member_id=made["member"], person="p" * 64, product_id=made["stock"],
            signed=("terms",), strokes="M10 20L30 40",
        ),
        "referral": Referral(referrer_id=made["member_alias"], points=100, paid=False),
        "points_earned": Earned(
            member_id=made["member"], earned=12, used=10,
            terms=Terms(amount=1_000, points=1, total=190, weight=1_900_000, until="2027-11-21"),
        ),
        "points_entry": PointsEntry(
            instrument_id=made["instrument"], kind="earned", points=12, source=made["order"],
            at="2026-11-21T10:00:00.000Z", until="2027-11-21", reason="x", by="hq",
        ),
        "card_entry": CardEntry(
            card_id=made["instrument"], kind="given_back", amount=12, source=made["order"],
            at="2026-11-21T10:00:00.000Z", reason="x", by="hq",
        ),
        "order_copy": r.OrderCopy(
            number="102AB7K00415", state="paid", guide_id=guide, placed_at="2026-11-20T10:00:00.000Z", currency="CNY",
            lines=(line,), totals=r.Totals(lines=200, discounts=10, total=190), store_id=str(store.id),
            home_store_id=str(uuid4()), home_names=r.Names(en="Harbour", zh="海港店"), home_ver=3,
            until="2026-12-21T10:00:00.000Z",
            returns=(
                r.Return(
                    return_id=str(uuid4()), guide_id=guide, at="2026-11-21T10:00:00.000Z", refund=r.Refund(money=95),
                    store_id=str(store.id), store=r.Names(en="Here", zh="本店"),
                ),
            ),
        ),
        "parcel": r.Parcel(
            number="102AB7K00416", placed_at="2026-11-20T10:00:00.000Z", store_id=str(store.id), paid=True,
            home_store_id=str(uuid4()), home_names=r.Names(en="Harbour", zh="海港店"),
            lines=(r.ParcelLine(line_id=str(uuid4()), product_id=made["stock"], qty=2),),
            goes=r.Fulfilment(kind="pick_up", store_id=str(store.id)),
            to=r.Recipient(name="李娜", phone="****0002"),
        ),
        "visitor": r.Visitor(
            member_no="102AB7K00014", phone="+8613800000002", name="李娜", home_store_id=str(uuid4()), tags=("vip",),
            home_names=r.Names(en="Harbour", zh="海港店"), home_ver=3, until="2026-12-21T10:00:00.000Z",
        ),
    }  # fmt: skip
    with transaction.atomic():
        saved = [
            row
            for entity, record in records.items()
            for row in MAPPINGS[entity].save(
                [rows.Row(r.Ref(entity, made[entity]), 1, str(store.id), record, tablet if entity == "lease" else "")]
            )
        ]
        rows.publish([row for row in saved if row.ref.entity in r.ENTITIES])
    return {
        "members.member": Member.objects.get(), "orders.order": Order.objects.get(), "talks.talk": Talk.objects.get(),
        "talks.followup": Followup.objects.get(), "service.ticket": Ticket.objects.get(),
        "service.promise": Promise.objects.get(), "talks.reminder": Reminder.objects.get(),
        "leases.instrument": Instrument.objects.get(),
        "leases.lease": Lease.objects.get(), "joining.joining": JoiningRow.objects.get(),
        "joining.referral": ReferralRow.objects.get(), "days.dayclose": DayClose.objects.get(),
        "quotations.quotation": QuotationRow.objects.get(),
        "points.pointsentry": EntryRow.objects.get(), "cards.cardentry": CardEntryRow.objects.get(),
        "payments.paymentrequest": PaymentRow.objects.get(),
    }  # fmt: skip
