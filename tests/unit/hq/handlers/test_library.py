"""What HQ keeps of what guides do with material."""

from __future__ import annotations

from guide_app.domain.records import MaterialUse, Share
from guide_app.domain.records.material import use_ref
from hq.materials.values import MaterialEvent
from hq.sync_api.memory_chain import device_scope
from tests.memory_hq import MemoryShop
from tests.ops import body_of


def test_each_showing_and_reading_is_kept_once_with_who_when_and_where() -> None:
    shop = MemoryShop()
    maker, stream = shop.maker(), shop.stream()
    seen = maker.material("show", version=3)
    material = body_of(seen)["material"]
    read = maker.material("read", material=material, version=2)
    kept = maker.material("keep", material=material)
    assert [one.status for one in shop.push(stream, [seen, read, kept]).results] == ["applied"] * 3
    assert [again.dup for again in shop.push(stream, [seen, read, kept]).results] == [True] * 3
    own = device_scope(shop.store_id, stream.device_id).scope
    for op, what, version in ((seen, "shown", 3), (read, "read", 2)):
        assert shop.record("material_event", op.op_id) == MaterialEvent(
            material=material, version=version, what=what, at=op.made_at, guide_id=maker.guide_id, scope=own
        )
    assert len([ref for _at, ref in shop.hq.state.rows if ref.entity == "material_event"]) == 2
    assert shop.record("material_use", use_ref(material, maker.guide_id).id) == MaterialUse(
        material=material, guide_id=maker.guide_id, favourite=True, read=2, shown=3, used_at=seen.made_at
    )


def test_a_sharing_is_kept_and_counted_without_the_member() -> None:
    shop = MemoryShop()
    maker, stream = shop.maker(), shop.stream()
    signed = maker.sign_up()
    member_id = body_of(signed)["member_id"]
    shared = maker.share(member_id, version=3, channel="link")
    body = body_of(shared)
    assert [one.status for one in shop.push(stream, [signed, shared]).results] == ["applied"] * 2
    assert shop.record("share", body["share_id"]) == Share(
        material=body["material"], version=3, guide_id=maker.guide_id, channel="link", member_id=member_id,
        at=shared.made_at,
    )  # fmt: skip
    own = device_scope(shop.store_id, stream.device_id).scope
    counted = MaterialEvent(
        material=body["material"], version=3, what="shared", at=shared.made_at, guide_id=maker.guide_id, scope=own
    )
    assert shop.record("material_event", shared.op_id) == counted
