"""Points on PostgreSQL: put in by hand with a reason, in the ledger, and expired by the job, once, oldest first."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from guide_app.domain.points import EntryKind
from guide_app.domain.records import Ref
from tests import shop as shops
from tests.integration.test_hq_wallets import _member
from tests.ops import new_id


def _entry(shop: Any, account: str, points: int, days: int | None, kind: EntryKind = "earned") -> None:
    from hq.points.mapping import ENTRY
    from hq.points.values import PointsEntry
    from hq.protocol.rows import Row

    until = "" if days is None else (timezone.now() + timedelta(days=days)).date().isoformat()
    entry = PointsEntry(
        instrument_id=account,
        kind=kind,
        points=points,
        source=new_id(),
        until=until,
    )
    ENTRY.save([Row(Ref("points_entry", new_id()), 1, shop.store_id, entry)])


def _ledger(account: str) -> list[tuple[str, int, str, str]]:
    from hq.points.models import PointsEntry

    found = PointsEntry.objects.filter(instrument_id=account).order_by("at", "points")
    return list(found.values_list("kind", "points", "reason", "by"))


def _account(shop: Any, balance: int, held: int = 0) -> str:
    from hq.leases.models import Instrument

    who = _member(shop)
    made = Instrument.objects.create(
        id=new_id(), store_id=shop.store_id, ver=1, kind="points", owner_id=who, balance=balance, held=held
    )
    return str(made.id)


def test_what_is_put_in_by_hand_stands_in_the_ledger_with_its_reason(hq_database: str) -> None:
    from hq.leases import services

    shop = shops.make_shop(shops.make_chain(), stock=5)
    who = _member(shop)
    points = services.name_of("points", shop.store_id, who)
    services.put(shop.store_id, points, who, 300, why=services.Why("lost parcel", "anna"))
    services.put(shop.store_id, points, who, 0)
    services.put(shop.store_id, points, who, -400, why=services.Why("slip", "ben"))
    card = services.name_of("card", shop.store_id, who)
    services.put(shop.store_id, card, who, 500)
    assert _ledger(points.id) == [("adjusted", 300, "lost parcel", "anna"), ("adjusted", -300, "slip", "ben")]
    assert not _ledger(card.id)


def test_points_expire_once_the_oldest_having_been_used_first(hq_database: str) -> None:
    from hq.leases.models import Instrument
    from hq.sync_api.expiring import expire

    shop = shops.make_shop(shops.make_chain(), stock=5)
    account = _account(shop, balance=150)
    _entry(shop, account, 50, -3)
    _entry(shop, account, 60, -2)
    _entry(shop, account, 40, 20)
    _entry(shop, account, -30, None, kind="spent")
    Instrument.objects.filter(id=account).update(held=30)  # what was spent is held by the lease it came from
    assert expire() == 80
    assert Instrument.objects.get(id=account).balance == 70
    assert expire() == 0
    assert [one for one in _ledger(account) if one[0] == "expired"] == [("expired", -80, "", "")]
    assert Instrument.objects.get(id=account).ver == 2


def test_what_a_tablet_has_leased_expires_when_it_comes_back(hq_database: str) -> None:
    from hq.leases.models import Instrument
    from hq.sync_api.expiring import expire

    shop = shops.make_shop(shops.make_chain(), stock=5)
    account = _account(shop, balance=50, held=20)
    _entry(shop, account, 50, -3)
    assert expire() == 30
    assert expire() == 0
    Instrument.objects.filter(id=account).update(held=0)
    assert expire() == 20
    assert Instrument.objects.get(id=account).balance == 0
    assert expire() == 0


def test_what_has_its_last_day_today_counts_today(hq_database: str) -> None:
    from zoneinfo import ZoneInfo

    from hq.points.models import PointsEntry
    from hq.stores.models import Store
    from hq.sync_api.expiring import expire

    shop = shops.make_shop(shops.make_chain(), stock=5)
    account = _account(shop, balance=50)
    _entry(shop, account, 50, 0)
    today = timezone.now().astimezone(ZoneInfo(Store.objects.get(id=shop.store_id).time_zone)).date()
    PointsEntry.objects.update(until=today)
    assert expire() == 0
    PointsEntry.objects.update(until=today - timedelta(days=1))
    assert expire() == 50


def test_an_account_that_is_gone_is_looked_at_once(hq_database: str) -> None:
    from hq.points.models import PointsEntry
    from hq.sync_api.expiring import expire

    shop = shops.make_shop(shops.make_chain(), stock=5)
    _entry(shop, new_id(), 50, -3)
    assert expire() == 0
    assert not PointsEntry.objects.filter(settled=False).exists()
