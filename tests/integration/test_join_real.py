"""A customer's own phone between a real tablet and a real HQ: the link that the tablet made, a form, one member."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx
import pytest

from tests import shop
from tests.hq_server import serving
from tests.integration.test_join_form import filled
from tests.ops import new_phone
from tests.proxy import between
from tests.tablets import running

pytestmark = pytest.mark.asyncio


async def test_the_link_of_a_tablet_with_no_network_brings_the_member_it_waits_for(
    hq_database: str, tmp_path: Path
) -> None:
    chain = await asyncio.to_thread(shop.make_chain)
    store = await asyncio.to_thread(shop.make_shop, chain)
    with serving() as url:
        async with between(url) as proxy, running(tmp_path / "one", store.guide_id, proxy) as tablet:
            await tablet.enrol(await asyncio.to_thread(shop.new_code, store))
            await tablet.container.do.session.sign_in(store.guide_id, shop.PIN)
            proxy.down = True
            desk, read = tablet.container.do.invitations, tablet.container.read.members
            first, second = await desk.invite("poster-3"), await desk.invite()
            number = new_phone()
            async with httpx.AsyncClient() as phone:
                for invitation, name in ((first, "林夏"), (second, "小夏")):
                    address = invitation.url.replace(proxy.url, url)
                    answer = await phone.post(address, data=filled(phone=number, name=name))
                    assert answer.status_code == 303
            assert await read.get(first.member_id) is None
            proxy.down = False
            await tablet.in_step()
            joined, again = await read.get(first.member_id), await read.get(second.member_id)
            assert joined is not None
            assert again is not None
            assert (joined.id, joined.member.name, joined.member.phone) == (first.member_id, "林夏", number)
            assert (joined.member.owner_id, joined.member.touch_point) == (store.guide_id, "poster-3")
            assert again.id == first.member_id, "the second form leads to the same member"
