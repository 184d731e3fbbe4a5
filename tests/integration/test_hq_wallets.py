"""A member's wallet follows their instruments and leases, is published once a change, and goes with the person."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from guide_app.domain.records import Card, Coupon, Names, Wallet, decode
from tests import shop as shops
from tests.integration.feed_check import assert_feed_equals_tables
from tests.ops import new_id, new_phone


def _member(store: Any, **more: Any) -> str:
    from guide_app.domain.records import Member
    from hq.members.mapping import MEMBER
    from hq.protocol import saving

    row_id = new_id()
    told = {"member_no": new_id()[:8], "phone": new_phone(), "name": "陈静", "home_store_id": store.store_id, **more}
    saving.save(MEMBER, store.store_id, {row_id: Member(**told)})
    return row_id


def _published(store: Any, member_id: str) -> Wallet | None:
    from hq.protocol.models import FeedRow

    row = FeedRow.objects.filter(scope=store.scope, entity="wallet", entity_id=member_id, op="put").first()
    return decode(row.data or "", Wallet) if row else None


def test_a_wallet_is_what_the_instruments_come_to_less_what_was_spent(hq_database: str) -> None:
    from hq.leases import services
    from hq.leases.models import Instrument, Lease
    from hq.sync_api.wallets import publish_changed

    chain = shops.make_chain()
    shop = shops.make_shop(chain, stock=5)
    who = _member(shop)
    points = services.name_of("points", shop.store_id, who)
    services.put(shop.store_id, points, who, 300)
    face = services.Face(Names(en="Gift card", zh="礼品卡"), "0417")
    gift_card = services.name_of("card", shop.store_id, who)
    services.put(shop.store_id, gift_card, who, 20_000, face)
    coupons = list[Coupon]()
    for title, until in (("Later", "2027-01-01"), ("Soon", "2026-12-01")):
        coupon = services.name_of("coupon", shop.store_id, who)
        services.put(shop.store_id, coupon, who, 1, services.Face(Names(en=title), until=until))
        coupons.insert(0, Coupon(title=Names(en=title), until=until, id=coupon.id))
    services.put(
        shop.store_id, services.name_of("stock", shop.store_id, new_id()), new_id(), 4
    )  # promised: of a product
    services.put(shop.store_id, services.name_of("card", shop.store_id, ""), "", 100)  # nobody's
    assert publish_changed() == 6
    card = Card(title=Names(en="Gift card", zh="礼品卡"), digits="0417", balance=20_000, id=gift_card.id)
    assert _published(shop, who) == Wallet(points=300, coupons=tuple(coupons), cards=(card,))
    assert publish_changed() == 0
    Lease.objects.create(
        id=new_id(), store_id=shop.store_id, ver=1, scope=shop.scope, instrument_kind="points", instrument_id=points.id,
        amount=100, spent=60, granted_at=timezone.now(), expires_at=timezone.now() + timedelta(days=3),
    )  # fmt: skip
    Instrument.objects.filter(id=points.id).update(held=100)
    assert publish_changed() == 1
    told = _published(shop, who)
    assert told is not None
    assert told.points == 240
    assert publish_changed() == 0
    Lease.objects.all().delete()
    Instrument.objects.update(held=0)
    services.put(shop.store_id, points, who, 0)
    publish_changed()
    assert_feed_equals_tables()


def test_a_merged_member_s_instruments_are_the_survivor_s_and_erasing_takes_the_wallet(hq_database: str) -> None:
    from guide_app.domain.records import MemberAlias
    from hq.history import services as erasing
    from hq.history.jobs import erase_begun
    from hq.leases import services
    from hq.leases.models import Instrument
    from hq.leases.models import Wallet as WalletRow
    from hq.members.mapping import MEMBER_ALIAS
    from hq.protocol import saving
    from hq.sync_api.wallets import publish_changed

    chain = shops.make_chain()
    shop = shops.make_shop(chain)
    who, vanished = _member(shop), new_id()
    saving.save(MEMBER_ALIAS, shop.store_id, {vanished: MemberAlias(member_id=who)})
    for owner, amount in ((who, 10), (vanished, 5)):
        services.put(shop.store_id, services.name_of("points", shop.store_id, owner), owner, amount)
    publish_changed()
    assert _published(shop, who) == Wallet(points=15)
    assert _published(shop, vanished) is None
    erasing.begin(who, timezone.now())
    erase_begun()
    assert (WalletRow.objects.count(), Instrument.objects.count(), _published(shop, who)) == (0, 0, None)
    assert publish_changed() == 0
    assert_feed_equals_tables()
