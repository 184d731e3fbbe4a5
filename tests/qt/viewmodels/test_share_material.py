"""The sheet by which a customer takes a material home, over a real store: whose it is, and what HQ hears of it."""

from __future__ import annotations

from typing import Any

import pytest

from guide_app.domain.ids import Ids
from guide_app.domain.records import Share
from guide_app.services.handing import HandingDesk
from guide_app.services.ports.members import SharedMaterial
from sync.protocol import share
from sync.protocol.share import ShareToken
from sync.protocol.signature import SigningKey
from tests.qt.viewmodels.on_store import OnStore
from tests.unit.guide_app.services.kit import signed_up
from tests.unit.local_store.fake_hq import uuid
from tests.unit.local_store.repositories.test_library import material, publish
from ui.viewmodels.share_material import ShareMaterialViewModel

pytestmark = pytest.mark.asyncio
KEY, TABLET = SigningKey(b"k" * 32), uuid()


class Signer:
    """A tablet's key, as the engine has it."""

    def share_way(self, *, share_id: str, guide_id: str, material: str, version: int, of_member: bool) -> str:
        return share.WAY + share.sign(ShareToken(TABLET, share_id, guide_id, material, version, of_member), KEY)


async def sheet(shop: OnStore) -> tuple[Any, list[str], str]:
    """The view-model, what was copied, and the member: 陈静, who agreed to the terms alone."""
    store, copied, bench = shop.bench.store, list[str](), shop.bench
    ids = Ids(bench.clock, lambda n: b"\x5a" * n)
    desk = HandingDesk(store.library, Signer(), store.shop, store.journal, shop.do.session, ids)
    model = ShareMaterialViewModel(shop.talk.desk, desk, store.members, shop.do.session, copied.append)
    return model, copied, await signed_up(shop.do)


async def told(shop: OnStore, member_id: str) -> list[Share]:
    entries = await shop.bench.store.members.timeline(member_id, kinds=("share",))
    return [entry.record.share for entry in entries if isinstance(entry.record, SharedMaterial)]


def token(model: Any) -> ShareToken:
    base, _, text = model.link.rpartition(share.WAY)
    assert base.startswith("http")
    sealed = share.read(text)
    assert share.verify(sealed, KEY.public)
    return sealed.token


async def test_a_code_of_the_guide_s_own_is_shown_and_stands_on_the_timeline_once_the_sheet_goes(shop: OnStore) -> None:
    model, _, member_id = await sheet(shop)
    said = material(version=3)
    await publish(shop.bench, said)
    model.enter({"materialId": said.material, "memberId": member_id})
    await shop.settle()
    guide = shop.do.session.guide_id
    made = token(model)
    assert made == ShareToken(TABLET, made.share, guide, said.material, 3, of_member=True)
    assert (model.title, model.memberName, model.theirs, model.problem) == ("Winter skin", "陈静", True, "")
    assert await told(shop, member_id) == []
    model.leave()
    await shop.settle()
    (kept,) = await told(shop, member_id)
    assert (kept.material, kept.version, kept.guide_id, kept.channel) == (said.material, 3, guide, "qr")
    assert model.link == ""
    model.leave()
    await shop.settle()
    assert len(await told(shop, member_id)) == 1, "it is told once"


async def test_for_somebody_else_it_is_the_same_share_and_no_member_s(shop: OnStore) -> None:
    model, _, member_id = await sheet(shop)
    said = material()
    await publish(shop.bench, said)
    model.enter({"materialId": said.material, "memberId": member_id})
    await shop.settle()
    before = token(model)
    model.choose(False)
    await shop.settle()
    assert token(model) == before._replace(of_member=False)
    model.leave()
    await shop.settle()
    assert await told(shop, member_id) == []
    await shop.bench.drain()
    assert shop.bench.hq.record("share", before.share).member_id == ""


async def test_what_was_not_shared_is_told_to_nobody(shop: OnStore) -> None:
    model, _, member_id = await sheet(shop)
    said = material()
    await publish(shop.bench, said)
    model.enter({"materialId": said.material, "memberId": member_id})
    await shop.settle()
    model.notShared()
    model.leave()
    await shop.settle()
    assert await told(shop, member_id) == []


async def test_the_link_is_copied_with_its_title_but_not_for_who_never_agreed_to_offers(shop: OnStore) -> None:
    model, copied, member_id = await sheet(shop)
    said = material()
    await publish(shop.bench, said)
    model.enter({"materialId": said.material, "memberId": member_id})
    await shop.settle()
    model.copyLink()
    assert (copied, model.copyProblem) == ([], "Not asked yet whether offers may come this way")
    model.choose(False)
    await shop.settle()
    model.copyLink()
    assert copied == [f"Winter skin\n{model.link}"]
    made = token(model)
    model.leave()
    await shop.settle()
    await shop.bench.drain()
    assert shop.bench.hq.record("share", made.share).channel == "link"


@pytest.mark.parametrize("over", [{"valid_until": "2026-01-01T00:00:00.000Z"}, {"roles": ("manager",)}])
async def test_what_must_not_be_shown_cannot_be_shared(shop: OnStore, over: dict[str, Any]) -> None:
    model, _, member_id = await sheet(shop)
    said = material(**over)
    await publish(shop.bench, said)
    for each in (said.material, uuid()):
        model.enter({"materialId": each, "memberId": member_id})
        await shop.settle()
        assert model.link == ""
        assert "cannot be shared any more" in model.problem
        model.leave()
        await shop.settle()
    assert await told(shop, member_id) == []


async def test_a_tablet_that_locks_tells_of_what_was_shown_in_the_name_of_who_showed_it(shop: OnStore) -> None:
    model, _, member_id = await sheet(shop)
    said = material()
    await publish(shop.bench, said)
    model.enter({"materialId": said.material, "memberId": member_id})
    await shop.settle()
    guide = shop.do.session.guide_id
    shop.do.session.lock()
    await shop.settle()
    assert (model.link, model.memberName) == ("", "")
    (kept,) = await told(shop, member_id)
    assert kept.guide_id == guide
