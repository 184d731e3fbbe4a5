"""Probably a member of another shop: said before anybody is asked, in the way of nothing."""

from __future__ import annotations

import msgspec
import pytest

from guide_app.domain.errors import NoNetwork
from guide_app.domain.records import Names, Visitor
from tests.qt.viewmodels.on_store import OnStore
from tests.unit.guide_app.services.kit import signed_up
from tests.unit.local_store.fake_hq import uuid
from tests.unit.local_store.kit import member

pytestmark = pytest.mark.asyncio
PHONE = "138 1234 9999"


async def typed(shop: OnStore, text: str = PHONE) -> None:
    shop.sign_up.open("")
    await shop.settle()
    shop.sign_up.setPhone(text)
    await shop.settle()


async def test_a_phone_of_the_radar_is_told_as_soon_as_it_is_whole(shop: OnStore) -> None:
    shop.elsewhere = {PHONE}
    await typed(shop, PHONE[:-1])
    assert not shop.sign_up.elsewhere.likely
    await typed(shop)
    found = shop.sign_up.elsewhere
    assert (found.likely, found.offered) == (True, True)
    assert found.likelyDetail.startswith("By HQ's list of ")
    assert shop.asked == []
    await typed(shop, "138 1234 0000")
    assert not found.likely


async def test_a_member_of_this_shop_is_no_suspect(shop: OnStore) -> None:
    await signed_up(shop.do, 1)
    shop.elsewhere = {"138 0000 0001"}
    await typed(shop, "138 0000 0001")
    assert shop.sign_up.duplicate
    assert not shop.sign_up.elsewhere.likely


async def test_it_hinders_no_sign_up(shop: OnStore) -> None:
    shop.elsewhere = {PHONE}
    await typed(shop)
    shop.sign_up.setField("name", "周梅")
    shop.sign_up.answer("terms", True)
    await shop.settle()
    assert shop.sign_up.ready
    shop.sign_up.elsewhere.passOver()
    assert not shop.sign_up.elsewhere.likely
    shop.sign_up.setField("name", "周小梅")
    await shop.settle()
    assert not shop.sign_up.elsewhere.likely, "passed over stays so while the phone is the same"
    shop.sign_up.save()
    await shop.settle()
    assert (await shop.bench.store.members.by_phone("+8613812349999")) is not None
    assert not shop.sign_up.elsewhere.likely


async def test_hq_brings_them_as_a_visitor_and_the_form_says_so(shop: OnStore) -> None:
    shop.elsewhere, shop.chain = {PHONE}, (who := uuid())
    await typed(shop)
    shop.sign_up.elsewhere.ask()
    await shop.settle()
    assert shop.asked == [PHONE]
    assert shop.sign_up.elsewhere.words == "Found in another shop: on the way here"
    known = msgspec.structs.asdict(member(name="周梅", phone="+8613812349999", home_store_id=uuid()))
    copy = Visitor(**known, home_names=Names(en="Harbour", zh="海港店"), home_ver=1, until="2027-01-01T00:00:00.000Z")
    shop.bench.hq.publish("visitor", who, copy)
    await shop.bench.drain()
    await shop.settle()
    assert (shop.sign_up.duplicate, shop.sign_up.duplicateName) == (True, "周梅")
    assert not shop.sign_up.elsewhere.likely


async def test_with_no_network_it_says_so_and_they_are_signed_up(shop: OnStore) -> None:
    shop.elsewhere, shop.chain = {PHONE}, NoNetwork("no_network")
    await typed(shop)
    shop.sign_up.elsewhere.ask()
    await shop.settle()
    assert shop.sign_up.elsewhere.words.startswith("No network: HQ cannot be asked now.")
    assert shop.sign_up.elsewhere.likely


async def test_the_search_tells_it_too(shop: OnStore) -> None:
    shop.elsewhere = {PHONE}
    shop.members.open()
    shop.members.search(PHONE)
    await shop.settle()
    assert (shop.members.hq.likely, shop.members.hq.offered) == (True, True)
    shop.members.search("Wang")
    await shop.settle()
    assert not shop.members.hq.likely


async def test_nothing_of_it_stays_for_the_next_guide(shop: OnStore) -> None:
    shop.elsewhere = {PHONE}
    await typed(shop)
    shop.do.session.lock()
    await shop.settle()
    assert not shop.sign_up.elsewhere.likely
    assert shop.sign_up.elsewhere.words == ""
