"""Coupons on PostgreSQL: issued to many members once each, and told to tablets with what they are worth."""

from __future__ import annotations

from typing import Any

import pytest

from guide_app.domain.errors import BadInput
from guide_app.domain.records import Names, Promotion
from tests import shop as shops
from tests.integration.test_hq_wallets import _member, _published


def _coupon(scope: str, **more: Any) -> Any:
    from hq.promotions import services
    from hq.promotions.models import Promotion as Row

    told = {"names": Names(en="10 off", zh="减 10 元"), "kind": "coupon", "amount": 1_000, "min_amount": 5_000, **more}
    return Row.objects.get(id=services.save_promotion(Promotion(**told), scope=scope, by="anna"))


def test_each_member_is_given_one_however_often_they_are_issued(hq_database: str) -> None:
    from hq.leases import issuing
    from hq.leases.models import Instrument
    from hq.protocol import scopes
    from hq.sync_api.wallets import publish_changed

    shop = shops.make_shop(shops.make_chain(), stock=5)
    plain, tagged, gold = _member(shop), _member(shop, tags=("vip",)), _member(shop, level="gold", tags=("vip",))
    promotion = _coupon(scopes.of_chain(), valid_until="2027-01-01")
    assert issuing.receivers(promotion) == [("all", 3), ("level:gold", 1), ("tag:vip", 2)]
    assert [issuing.issue(promotion, "tag:vip") for _ in range(2)] == [2, 0]
    assert issuing.issue(promotion, "level:gold") == 0
    assert issuing.issue(promotion, "all") == 1
    assert Instrument.objects.filter(kind="coupon").count() == 3
    publish_changed()
    for who in (plain, tagged, gold):
        wallet = _published(shop, who)
        assert wallet is not None
        (coupon,) = wallet.coupons
        assert (coupon.uses, coupon.until, coupon.promotion) == (1, "2026-12-31", str(promotion.of))
        assert Instrument.objects.get(id=coupon.id).owner_id is not None


def test_other_promotions_are_no_coupons(hq_database: str) -> None:
    from hq.leases import issuing
    from hq.protocol import scopes

    shops.make_chain()
    percentage = _coupon(scopes.of_chain(), kind="percentage", percent=1_000, amount=0)
    with pytest.raises(BadInput, match="no_coupon"):
        issuing.issue(percentage, "all")


def test_nobody_who_is_being_erased_is_given_one(hq_database: str) -> None:
    from hq.database import statements
    from hq.leases import issuing
    from hq.protocol import scopes

    shop = shops.make_shop(shops.make_chain(), stock=5)
    who = _member(shop)
    _member(shop)
    statements.run("INSERT INTO erased_person (id, store_id, erased_at) VALUES (%s, %s, now())", (who, shop.store_id))
    assert issuing.issue(_coupon(scopes.of_chain()), "all") == 1


def test_they_are_issued_on_the_page_of_their_promotion(hq_database: str) -> None:
    from django.contrib.auth.models import User
    from django.test import Client

    from hq.leases.models import Instrument
    from hq.protocol import scopes

    shop = shops.make_shop(shops.make_chain(), stock=5)
    _member(shop, tags=("vip",))
    client = Client(SERVER_NAME="localhost")
    client.force_login(User.objects.create_superuser("op", password="correct-horse-9"))
    page = f"/admin/promotions/promotion/{_coupon(scopes.of_chain()).id}/issue/"
    assert "vip (1)" in client.get(page).content.decode()
    client.post(page, {"choice": "tag:nobody"})
    assert not Instrument.objects.exists()
    client.post(page, {"choice": "tag:vip"})
    client.post(page, {"choice": "all"})
    assert Instrument.objects.get().kind == "coupon"
