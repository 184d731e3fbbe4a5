"""Sign-ups at HQ: gifts, signatures, and who brought whom, in memory."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from guide_app.domain import leases
from guide_app.domain.ids import derived_id
from guide_app.domain.records import Ref, Settings
from hq.handlers import abroad
from hq.joining.values import Joining, Referral
from hq.leases.values import Value, put_in, taken_back
from hq.sync_api.sweep import publish
from sync.protocol.messages import Result, WireOp
from tests.memory_hq import NOW, PRICE, MemoryShop, chain, swept
from tests.ops import Maker, body_of, new_id, new_phone

POINTS = 50
SIGNED = {"kinds": ["terms"], "strokes": "M10 20L30 40"}


@pytest.fixture
def shop() -> MemoryShop:
    """A shop of a chain that rewards who brings somebody."""
    made = MemoryShop()
    made._furnish("", "settings", new_id(), Settings(referral_points=POINTS))
    return made


def gift_of(shop: MemoryShop) -> dict[str, Any]:
    return {"product_id": shop.product_id, "on": "2026-11-20"}


def joining(maker: Maker, **more: Any) -> WireOp:
    """A sign-up of the second version."""
    first = maker.sign_up(**more)
    maker.next_seq -= 1
    return maker.op("member.sign_up", first.body or "", schema_v=2)


def member_of(op: WireOp) -> str:
    return str(body_of(op)["member_id"])


def points(shop: MemoryShop, member_id: str) -> int:
    """What somebody has in the whole chain, less what they owe."""
    ref = Ref("instrument", leases.points_instrument(member_id).id)
    values = [row.record for (_, one), row in shop.hq.state.rows.items() if one == ref]
    return sum(value.balance - value.owed for value in values if isinstance(value, Value))


def bought(shop: MemoryShop, maker: Maker, member_id: str) -> WireOp:
    return maker.order([(shop.product_id, 1, PRICE)], shop.list_id, member_id=member_id)


def told(shop: MemoryShop, maker: Maker, *ops: WireOp) -> list[Result]:
    """The results of these operations, sent by a tablet of their own."""
    maker.next_seq = 1
    anew = [msgspec.structs.replace(op, seq=seq) for seq, op in enumerate(ops, 1)]
    return shop.results(*anew)


class TestGift:
    def test_it_leaves_the_stock_and_stands_with_the_member(self, shop: MemoryShop) -> None:
        op = joining(shop.maker(), gift=gift_of(shop), signature=SIGNED, touch_point="poster-3")
        (result,) = shop.results(op)
        member = shop.record("member", member_of(op))
        assert (result.status, result.code) == ("applied", "")
        assert (member.gift.product_id, member.signed, member.touch_point) == (shop.product_id, ("terms",), "poster-3")
        assert shop.record("stock", shop.product_id).on_hand == 9
        kept = shop.record("joining", derived_id("joining", member_of(op)))
        assert (kept.product_id, kept.signed, kept.strokes) == (shop.product_id, ("terms",), SIGNED["strokes"])

    def test_a_second_one_in_any_store_is_taken_and_said(self, shop: MemoryShop) -> None:
        other, phone = MemoryShop(shop.hq), new_phone()
        first = joining(shop.maker(), phone=phone, gift=gift_of(shop))
        again = joining(other.maker(), phone=phone, gift=gift_of(other))
        assert [r.code for r in (*shop.results(first), *other.results(again))] == ["", "gift_twice"]
        assert other.record("stock", other.product_id).on_hand == 9

    def test_two_tablets_of_a_shop_hand_it_over_offline(self, shop: MemoryShop) -> None:
        phone, maker = new_phone(), shop.maker()
        ops = [joining(maker, phone=phone, gift=gift_of(shop)) for _ in range(2)]
        results = shop.results(*ops)
        assert [(r.status, r.code) for r in results] == [("applied", ""), ("merged", "phone_known_gift_twice")]
        assert shop.record("stock", shop.product_id).on_hand == 8
        assert shop.record("member", member_of(ops[0])).gift.product_id == shop.product_id

    def test_a_sign_up_without_either_keeps_nothing(self, shop: MemoryShop) -> None:
        op = shop.maker().sign_up()
        shop.results(op)
        assert shop.record("joining", derived_id("joining", member_of(op))) is None
        assert not [row for row in shop.hq.state.rows.values() if isinstance(row.record, Joining)]


class TestReferral:
    def _pair(self, shop: MemoryShop, maker: Maker, by: str = "member_no") -> tuple[str, str]:
        friend = maker.sign_up()
        newcomer = maker.sign_up(referrer=body_of(friend)[by])
        assert [r.status for r in told(shop, maker, friend, newcomer)] == ["applied", "applied"]
        return member_of(friend), member_of(newcomer)

    @pytest.mark.parametrize("by", ["member_no", "phone"])
    def test_both_are_given_points_once_after_the_first_order(self, shop: MemoryShop, by: str) -> None:
        maker = shop.maker()
        friend, newcomer = self._pair(shop, maker, by)
        swept(shop)
        assert (points(shop, friend), points(shop, newcomer)) == (0, 0)
        for _ in range(3):
            told(shop, maker, bought(shop, maker, newcomer))
            swept(shop)
            assert (points(shop, friend), points(shop, newcomer)) == (POINTS, POINTS)

    def test_a_first_order_that_is_cancelled_takes_them_back_and_the_next_gives_them_again(
        self, shop: MemoryShop
    ) -> None:
        maker = shop.maker()
        friend, newcomer = self._pair(shop, maker)
        order = bought(shop, maker, newcomer)
        for ops, each in (([order], POINTS), ([maker.cancel(body_of(order)["order_id"])], 0),
                          ([bought(shop, maker, newcomer)], POINTS)):  # fmt: skip
            told(shop, maker, *ops)
            swept(shop)
            assert (points(shop, friend), points(shop, newcomer)) == (each, each)

    def test_while_another_order_stands_they_stay(self, shop: MemoryShop) -> None:
        maker = shop.maker()
        friend, newcomer = self._pair(shop, maker)
        first, second = bought(shop, maker, newcomer), bought(shop, maker, newcomer)
        told(shop, maker, first, second, maker.cancel(body_of(first)["order_id"]))
        swept(shop)
        assert (points(shop, friend), points(shop, newcomer)) == (POINTS, POINTS)

    def test_of_another_store_and_after_a_move(self, shop: MemoryShop) -> None:
        other = MemoryShop(shop.hq)
        other_maker = other.maker()
        friend = other_maker.sign_up()
        told(other, other_maker, friend)
        maker = shop.maker()
        newcomer = maker.sign_up(referrer=body_of(friend)["phone"])
        order = bought(shop, maker, member_of(newcomer))
        told(shop, maker, newcomer, order)
        swept(shop, other)
        both = (member_of(friend), member_of(newcomer))
        assert [points(shop, one) for one in both] == [POINTS, POINTS]
        branches = chain(shop, other)
        with shop.ledger.transaction():
            here, there = branches.branch(shop.store_id), branches.branch(other.store_id)
            behind, ahead = abroad.move(here.here, there.here, both[1], NOW)
            publish(shop.ledger, here, behind)
            publish(shop.ledger, there, ahead)
        swept(shop, other)
        told(shop, maker, maker.cancel(body_of(order)["order_id"]))
        swept(shop, other)
        assert [points(shop, one) for one in both] == [0, 0]

    def test_merged_sign_ups_pay_once(self, shop: MemoryShop) -> None:
        """Two stores sign one person up, brought by two different friends, and both sell something."""
        other, phone = MemoryShop(shop.hq), new_phone()
        friends, newcomers = [], []
        for each in (shop, other):
            maker = each.maker()
            friend = maker.sign_up()
            newcomer = maker.sign_up(phone=phone, referrer=body_of(friend)["member_no"])
            told(each, maker, friend, newcomer, bought(each, maker, member_of(newcomer)))
            friends.append(member_of(friend))
            newcomers.append(member_of(newcomer))
        swept(shop, other)
        assert [points(shop, one) for one in (*friends, *newcomers)] == [POINTS, 0, POINTS, 0]

    def test_of_two_tablets_of_a_shop_the_second_may_name_who_sent_them(self, shop: MemoryShop) -> None:
        maker, phone = shop.maker(), new_phone()
        friend, first = maker.sign_up(), maker.sign_up(phone=phone)
        second = maker.sign_up(phone=phone, referrer=body_of(friend)["phone"])
        told(shop, maker, friend, first, second, bought(shop, maker, member_of(second)))
        swept(shop)
        assert [points(shop, member_of(one)) for one in (friend, first)] == [POINTS, POINTS]

    def test_who_bought_before_was_brought_by_nobody(self, shop: MemoryShop) -> None:
        maker, phone = shop.maker(), new_phone()
        friend, first = maker.sign_up(), maker.sign_up(phone=phone)
        second = maker.sign_up(phone=phone, referrer=body_of(friend)["phone"])
        told(shop, maker, friend, first, bought(shop, maker, member_of(first)), second)
        told(shop, maker, bought(shop, maker, member_of(first)))
        swept(shop)
        assert points(shop, member_of(friend)) == 0

    @pytest.mark.parametrize("named", ["nobody", "+8613900000000", "own"])
    def test_nobody_and_oneself_bring_nothing(self, shop: MemoryShop, named: str) -> None:
        maker = shop.maker()
        phone = new_phone()
        newcomer = maker.sign_up(phone=phone, referrer=phone if named == "own" else named)
        told(shop, maker, newcomer, bought(shop, maker, member_of(newcomer)))
        assert swept(shop) == 1, "the sign-up alone left a step"
        assert shop.record("referral", member_of(newcomer)) is None
        assert shop.record("member", member_of(newcomer)).referrer == (phone if named == "own" else named)

    def test_a_friend_whom_hq_hears_of_later_is_found_with_the_next_order(self, shop: MemoryShop) -> None:
        maker = shop.maker()
        friend = maker.sign_up()
        newcomer = maker.sign_up(referrer=body_of(friend)["phone"])
        told(shop, maker, newcomer, bought(shop, maker, member_of(newcomer)))
        told(shop, maker, friend, bought(shop, maker, member_of(newcomer)))
        swept(shop)
        assert [points(shop, member_of(one)) for one in (friend, newcomer)] == [POINTS, POINTS]

    def test_two_who_turn_out_to_be_one_are_rewarded_for_nothing(self, shop: MemoryShop) -> None:
        maker = shop.maker()
        friend, newcomer = self._pair(shop, maker)
        told(shop, maker, bought(shop, maker, newcomer))
        row = shop.hq.state.rows.pop((shop.store_id, Ref("member", friend)))
        assert row is not None
        shop._furnish(shop.store_id, "member_alias", friend, _alias(newcomer))
        told(shop, maker, bought(shop, maker, newcomer))
        swept(shop)
        referral: Referral = shop.record("referral", newcomer)
        assert not referral.paid
        assert points(shop, newcomer) == 0

    def test_without_points_in_the_settings_nobody_is_rewarded(self) -> None:
        plain = MemoryShop()
        maker = plain.maker()
        _, newcomer = self._pair(plain, maker)
        told(plain, maker, bought(plain, maker, newcomer))
        assert plain.record("referral", newcomer) is None


def _alias(member_id: str) -> Any:
    from guide_app.domain.records import MemberAlias

    return MemberAlias(member_id=member_id)


def test_what_leases_hold_is_owed_and_the_next_points_pay_it() -> None:
    value = Value(kind="points", balance=50, held=40)
    after = taken_back(value, 50)
    assert (after.balance, after.owed, after.free) == (40, 40, 0)
    assert put_in(after, 50) == Value(kind="points", balance=50, held=40)
    assert put_in(after, 30).owed == 10
