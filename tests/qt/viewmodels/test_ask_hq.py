"""Asking HQ for whom this tablet does not have: offered for what is whole, arriving as a visitor."""

from __future__ import annotations

import msgspec
import pytest

from guide_app.domain.errors import NoNetwork, Refused
from guide_app.domain.records import Names, Visitor
from tests.qt.viewmodels.on_store import OnStore
from tests.unit.guide_app.services.kit import signed_up
from tests.unit.local_store.fake_hq import uuid
from tests.unit.local_store.kit import member
from ui.viewmodels.ask_hq import is_whole

PHONE = "138 1234 9999"


@pytest.mark.parametrize("text", [PHONE, "+86 13812349999", "101AB7K00423", "101-ab7k-0042-3"])
def test_what_is_whole(text: str) -> None:
    assert is_whole(text)


@pytest.mark.parametrize("text", ["", "1234", "陈静", "chenjing", "cj", "138 12", "AB1", "陈静1381234999"])
def test_what_is_not(text: str) -> None:
    assert not is_whole(text)


async def searched(shop: OnStore, text: str) -> None:
    shop.members.open()
    shop.members.search(text)
    await shop.settle()


@pytest.mark.asyncio
async def test_it_is_offered_only_where_the_tablet_has_nobody(shop: OnStore) -> None:
    await signed_up(shop.do, 1)
    await searched(shop, "138 0000 0001")
    assert not shop.members.hq.offered
    await searched(shop, "Wang")
    assert not shop.members.hq.offered
    await searched(shop, PHONE)
    assert shop.members.hq.offered


@pytest.mark.asyncio
async def test_whom_hq_finds_is_shown_when_they_arrive(shop: OnStore) -> None:
    shop.chain = who = uuid()
    await searched(shop, PHONE)
    shop.members.hq.ask()
    await shop.settle()
    assert shop.asked == [PHONE]
    assert shop.members.hq.words == "Found in another shop: on the way here"
    assert not shop.members.hq.offered
    known = msgspec.structs.asdict(member(name="周梅", phone="+8613812349999", home_store_id=uuid()))
    copy = Visitor(**known, home_names=Names(en="Harbour", zh="海港店"), home_ver=1, until="2027-01-01T00:00:00.000Z")
    shop.bench.hq.publish("visitor", who, copy)
    await shop.bench.drain()
    await shop.settle()
    assert (shop.members.memberId, shop.members.name, shop.members.home) == (who, "周梅", "Harbour")


@pytest.mark.asyncio
async def test_what_hq_says_else_is_said(shop: OnStore) -> None:
    await searched(shop, PHONE)
    shop.members.hq.ask()
    await shop.settle()
    assert shop.members.hq.words == "The chain does not know them"
    shop.chain = NoNetwork("no_network")
    shop.members.hq.ask()
    await shop.settle()
    assert shop.members.hq.words.startswith("No network")
    assert shop.members.hq.offered
    shop.chain = Refused("too_often")
    shop.members.hq.ask()
    await shop.settle()
    assert shop.heard.problems == ["too_often"]


@pytest.mark.asyncio
async def test_another_search_forgets_the_question(shop: OnStore) -> None:
    await searched(shop, PHONE)
    shop.members.hq.ask()
    await searched(shop, "138 1234 8888")
    assert (shop.members.hq.words, shop.members.hq.offered) == ("", True)
