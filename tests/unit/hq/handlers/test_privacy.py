"""What HQ keeps of a showing."""

from __future__ import annotations

from hq.privacy.values import Showing
from hq.sync_api.memory_chain import device_scope
from tests.memory_hq import MemoryShop
from tests.ops import body_of, new_id, new_phone


def test_a_showing_is_kept_with_who_when_where_and_whom() -> None:
    shop = MemoryShop()
    maker = shop.maker()
    signed = maker.sign_up()
    who = body_of(signed)["member_id"]
    seen = maker.reveal(who, "phone_qr")
    stream = shop.stream()
    assert [one.status for one in shop.push(stream, [signed, seen]).results] == ["applied", "applied"]
    own = device_scope(shop.store_id, stream.device_id).scope
    assert shop.record("showing", seen.op_id) == Showing(
        member_id=who, what="phone_qr", at=seen.made_at, guide_id=maker.guide_id, scope=own
    )  # fmt: skip


def test_it_is_kept_of_somebody_whom_hq_does_not_know_yet_and_of_the_survivor_of_a_merge() -> None:
    shop = MemoryShop()
    maker, phone = shop.maker(), new_phone()
    early = maker.reveal(new_id())
    first, second = maker.sign_up(phone=phone), maker.sign_up(phone=phone)
    later = maker.reveal(body_of(second)["member_id"])
    assert [result.status for result in shop.results(early, first, second, later)] == [
        "applied", "applied", "merged", "applied",
    ]  # fmt: skip
    assert shop.record("showing", early.op_id).member_id == body_of(early)["member_id"]
    assert shop.record("showing", later.op_id).member_id == body_of(first)["member_id"]


def test_the_same_showing_told_twice_is_one() -> None:
    shop = MemoryShop()
    maker = shop.maker()
    signed = maker.sign_up()
    seen = maker.reveal(body_of(signed)["member_id"])
    stream = shop.stream()
    shop.push(stream, [signed, seen])
    assert [again.dup for again in shop.push(stream, [signed, seen]).results] == [True, True]
    assert len([ref for _at, ref in shop.hq.state.rows if ref.entity == "showing"]) == 1
