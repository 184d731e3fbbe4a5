"""HQ's authority over each kind of operation, without a database."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import msgspec
import pytest

import guide_app.operations
from guide_app.domain import clock
from guide_app.domain.records import Ref, Staff
from guide_app.operations import OPERATIONS, Versioned
from hq.handlers import HANDLERS
from hq.handlers.words import WORDS
from tests.memory_hq import NOW, PRICE, MemoryShop
from tests.ops import Maker, body_of, new_id, new_phone


@pytest.fixture
def shop() -> MemoryShop:
    return MemoryShop()


@pytest.fixture
def maker(shop: MemoryShop) -> Maker:
    return shop.maker()


def outcome(result: Any) -> tuple[str, str]:
    return (result.status, result.code)


def placed(maker: Maker, shop: MemoryShop, qty: int = 2, price: int = PRICE, **more: Any) -> Any:
    return maker.order([(shop.product_id, qty, price)], shop.list_id, **more)


def test_every_operation_has_its_handler() -> None:
    assert HANDLERS.keys() == OPERATIONS.keys()


def test_every_outcome_has_words(shop: MemoryShop, maker: Maker) -> None:
    result = shop.results(maker.sign_up(phone="123"))[0]
    assert result.message == WORDS["phone_invalid"]


class TestSignUp:
    def test_a_phone_of_the_shop_is_merged_into_its_member(self, shop: MemoryShop, maker: Maker) -> None:
        phone = new_phone()
        first, second = maker.sign_up(phone=phone), maker.sign_up(phone=phone, birthday="05-20", name="Other")
        results = shop.results(first, second)
        survivor, vanished = body_of(first)["member_id"], body_of(second)["member_id"]
        assert [outcome(r) for r in results] == [("applied", ""), ("merged", "phone_known")]
        assert (results[1].entity, results[1].id) == ("member", survivor)
        member = shop.record("member", survivor)
        assert (member.name, member.birthday) == ("陈静", "05-20")
        assert member.other_numbers == (body_of(second)["member_no"],)
        assert shop.record("member_alias", vanished).member_id == survivor
        assert shop.record("member", vanished) is None

    def test_operations_on_the_vanished_id_reach_the_survivor(self, shop: MemoryShop, maker: Maker) -> None:
        phone = new_phone()
        first, second = maker.sign_up(phone=phone), maker.sign_up(phone=phone)
        survivor, vanished = body_of(first)["member_id"], body_of(second)["member_id"]
        talk, order = maker.talk(vanished), placed(maker, shop, member_id=vanished)
        edit = maker.edit(vanished, birthday=(None, "05-20"))
        assert {outcome(r)[0] for r in shop.results(first, second, talk, order, edit)} == {"applied", "merged"}
        assert shop.record("talk", body_of(talk)["talk_id"]).member_id == survivor
        member = shop.record("member", survivor)
        assert (member.order_count, member.spent, member.birthday) == (1, 2 * PRICE, "05-20")

    def test_a_phone_of_another_shop_is_another_member(self, shop: MemoryShop, maker: Maker) -> None:
        other, phone = MemoryShop(shop.hq), new_phone()
        assert outcome(other.results(other.maker().sign_up(phone=phone))[0]) == ("applied", "")
        assert outcome(shop.results(maker.sign_up(phone=phone))[0]) == ("applied", "")

    def test_a_number_that_a_cloned_tablet_gave_twice_is_suffixed(self, shop: MemoryShop, maker: Maker) -> None:
        ops = [maker.sign_up(member_no="101ABXX0001K") for _ in range(3)]
        results = shop.results(ops[0])
        clone = [maker.op(op.kind, body_of(op), seq=seq) for seq, op in enumerate(ops[1:], 1)]
        results += shop.results(*clone)
        assert [outcome(r) for r in results] == [("applied", ""), *[("applied", "number_changed")] * 2]
        numbers = [shop.record("member", body_of(op)["member_id"]).member_no for op in ops]
        assert numbers == ["101ABXX0001K", "101ABXX0001K-2", "101ABXX0001K-3"]

    def test_an_unknown_policy_parks(self, shop: MemoryShop, maker: Maker) -> None:
        consents = [{"kind": "terms", "policy_version": "2", "granted": True}]
        assert outcome(shop.results(maker.sign_up(consents=consents))[0]) == ("parked", "policy_unknown")

    def test_a_fast_clock_cannot_write_into_the_future(self, shop: MemoryShop, maker: Maker) -> None:
        body = body_of(maker.sign_up())
        maker.next_seq = 1
        fast = maker.op("member.sign_up", body, made_at="2031-01-01T00:00:00+08:00")
        assert outcome(shop.results(fast)[0]) == ("applied", "")
        assert shop.record("member", body["member_id"]).joined_at == clock.to_text(NOW)


class TestEdit:
    def test_a_collision_keeps_both_values(self, shop: MemoryShop, maker: Maker) -> None:
        sign_up = maker.sign_up(name="Anna")
        member_id = body_of(sign_up)["member_id"]
        edits = [maker.edit(member_id, name=("Anna", "Bella")), maker.edit(member_id, name=("Anna", "Carla"))]
        results = shop.results(sign_up, *edits)
        assert [outcome(r) for r in results[1:]] == [("applied", ""), ("applied", "conflict")]
        member = shop.record("member", member_id)
        assert member.name == "Bella"
        assert [(c.hq, c.theirs, c.op_id) for c in member.conflicts] == [("Bella", "Carla", edits[1].op_id)]

    def test_an_edit_to_what_hq_has_moves_nothing(self, shop: MemoryShop, maker: Maker) -> None:
        sign_up = maker.sign_up(name="Anna")
        results = shop.results(sign_up, maker.edit(body_of(sign_up)["member_id"], name=("Hanna", "Anna")))
        assert (outcome(results[1]), results[1].feed_pos) == (("applied", ""), None)

    @pytest.mark.parametrize(
        ("field", "expected"),
        [("no_such", ("rejected", "field_unknown")), ("spent", ("rejected", "not_allowed"))],
    )
    def test_fields_that_a_guide_may_not_edit(
        self, shop: MemoryShop, maker: Maker, field: str, expected: tuple[str, str]
    ) -> None:
        sign_up = maker.sign_up()
        edit = maker.edit(body_of(sign_up)["member_id"], 1, **{field: (None, 1)})
        assert outcome(shop.results(sign_up, edit)[1]) == expected

    def test_an_edit_of_a_member_that_hq_lacks_waits(self, shop: MemoryShop, maker: Maker) -> None:
        assert outcome(shop.results(maker.edit(new_id(), name=("a", "b")))[0]) == ("parked", "member_unknown")


class TestConsent:
    def test_a_grant_that_has_not_seen_the_withdrawal_has_no_effect(self, shop: MemoryShop, maker: Maker) -> None:
        sign_up = maker.sign_up()
        member_id = body_of(sign_up)["member_id"]
        ops = [sign_up, maker.consent(member_id, False), maker.consent(member_id, True, seen_ver=1)]
        assert outcome(shop.results(*ops)[2]) == ("applied", "consent_older")
        assert not shop.record("member", member_id).consent("terms").granted
        seen = shop.record("member", member_id).consent("terms").ver
        maker.next_seq = 1
        assert outcome(shop.results(maker.consent(member_id, True, seen_ver=seen))[0]) == ("applied", "")
        assert shop.record("member", member_id).consent("terms").granted

    def test_a_grant_needs_a_policy_that_hq_knows_and_a_withdrawal_does_not(
        self, shop: MemoryShop, maker: Maker
    ) -> None:
        sign_up = maker.sign_up()
        member_id = body_of(sign_up)["member_id"]
        ops = [sign_up, maker.consent(member_id, True, version="9"), maker.consent(member_id, False, version="9")]
        assert [outcome(r) for r in shop.results(*ops)[1:]] == [("parked", "policy_unknown"), ("applied", "")]


class TestOrder:
    def test_an_order_moves_member_and_stock(self, shop: MemoryShop, maker: Maker) -> None:
        sign_up = maker.sign_up()
        member_id = body_of(sign_up)["member_id"]
        order = placed(maker, shop, qty=3, member_id=member_id)
        results = shop.results(sign_up, order)
        assert outcome(results[1]) == ("applied", "")
        kept = shop.record("order", body_of(order)["order_id"])
        assert (kept.state, kept.variance, kept.currency) == ("accepted", 0, "CNY")
        assert shop.record("member", member_id).spent == 3 * PRICE
        assert shop.record("stock", shop.product_id).on_hand == 7

    def test_what_its_prices_differ_from_the_list_is_noted(self, shop: MemoryShop, maker: Maker) -> None:
        order = placed(maker, shop, qty=3, price=PRICE - 100)
        assert outcome(shop.results(order)[0]) == ("applied", "variance")
        assert shop.record("order", body_of(order)["order_id"]).variance == -300

    def test_a_wrong_total_and_an_unknown_product_park(self, shop: MemoryShop, maker: Maker) -> None:
        wrong = placed(maker, shop, totals={"lines": 1, "discounts": 0, "total": 1})
        unknown = maker.order([(new_id(), 1, 100)])
        results = shop.results(wrong, unknown)
        assert [outcome(r) for r in results] == [("parked", "total_mismatch"), ("parked", "product_unknown")]

    def test_a_number_in_use_is_suffixed(self, shop: MemoryShop, maker: Maker) -> None:
        orders = [placed(maker, shop, qty=1, number="101AB7K00423") for _ in range(3)]
        results = shop.results(*orders)
        assert [outcome(r)[1] for r in results] == ["", "number_changed", "number_changed"]
        numbers = [shop.record("order", body_of(order)["order_id"]).number for order in orders]
        assert numbers == ["101AB7K00423", "101AB7K00423-2", "101AB7K00423-3"]
        maker.next_seq = 1
        later = placed(maker, shop, qty=1, number="101AB7K00423")
        shop.results(later)
        assert shop.record("order", body_of(later)["order_id"]).number == "101AB7K00423-4"

    @pytest.mark.parametrize(
        ("kind", "code", "repair"), [("take_away", "", ""), ("ship", "out_of_stock", "out_of_stock")]
    )
    def test_goods_that_are_not_there(self, shop: MemoryShop, maker: Maker, kind: str, code: str, repair: str) -> None:
        order = placed(maker, shop, qty=11, fulfilment={"kind": kind})
        assert outcome(shop.results(order)[0]) == ("applied", code)
        kept = shop.record("order", body_of(order)["order_id"])
        assert (kept.state, kept.fulfilment.repair) == ("accepted", repair)
        assert shop.record("stock", shop.product_id).on_hand == -1

    def test_cancelling_undoes_it_once(self, shop: MemoryShop, maker: Maker) -> None:
        sign_up = maker.sign_up()
        member_id = body_of(sign_up)["member_id"]
        order = placed(maker, shop, qty=3, member_id=member_id)
        order_id = body_of(order)["order_id"]
        results = shop.results(sign_up, order, maker.cancel(order_id), maker.cancel(order_id), maker.cancel(new_id()))
        assert [outcome(r) for r in results[2:]] == [
            ("applied", ""),
            ("rejected", "already_cancelled"),
            ("parked", "order_unknown"),
        ]
        assert shop.record("order", order_id).state == "cancelled"
        assert shop.record("member", member_id).spent == 0
        assert shop.record("stock", shop.product_id).on_hand == 10

    def test_an_order_of_an_earlier_day_is_cancelled_with_all_that_it_moved(
        self, shop: MemoryShop, maker: Maker
    ) -> None:
        order = placed(maker, shop, qty=4)
        shop.results(order)
        maker.next_seq = 1
        shop.results(maker.cancel(body_of(order)["order_id"]))
        assert shop.record("stock", shop.product_id).on_hand == 10


class TestPin:
    PIN = "$argon2id$v=19$m=65536,t=3,p=1$c29tZXNhbHRzb21l$RdescudvJCsgt3ub+b27dWRJJTmaaJObG"

    def set_pin(self, maker: Maker, staff_id: str) -> Any:
        return maker.op("staff.set_pin", {"staff_id": staff_id, "pin": self.PIN})

    def test_ones_own(self, shop: MemoryShop, maker: Maker) -> None:
        assert outcome(shop.results(self.set_pin(maker, shop.guide_id))[0]) == ("applied", "")
        assert shop.record("staff", shop.guide_id).pin == self.PIN

    def test_not_another_ones_nor_after_one_left(self, shop: MemoryShop, maker: Maker) -> None:
        other = new_id()
        shop.hq.shop_row(shop.store_id, Ref("staff", other), Versioned(Staff(name="李", staff_no="02"), 1))
        assert outcome(shop.results(self.set_pin(maker, other))[0]) == ("rejected", "not_allowed")
        left = msgspec.structs.replace(shop.record("staff", shop.guide_id), active=False)
        shop.hq.shop_row(shop.store_id, Ref("staff", shop.guide_id), Versioned(left, 2))
        maker.next_seq = 1
        assert outcome(shop.results(self.set_pin(maker, shop.guide_id))[0]) == ("rejected", "not_allowed")


def test_every_code_that_an_operation_gives_has_words() -> None:
    folder = Path(guide_app.operations.__file__).parent
    sources = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py"))
    codes = set(re.findall(r'(?:Refusal\("\w+", |Effect\(\{.*\}, |Unreadable\()"(\w+)"', sources))
    assert codes
    assert codes <= WORDS.keys()


def test_another_guides_talk_stays_as_it_was(shop: MemoryShop, maker: Maker) -> None:
    talk_id, member_id, other = new_id(), new_id(), new_id()
    shop.hq.shop_row(shop.store_id, Ref("staff", other), Versioned(Staff(name="李", staff_no="02"), 1))
    strange = Maker(shop.store_id, other)
    strange.next_seq = 2
    ops = [maker.talk(member_id, talk_id=talk_id), strange.talk(member_id, talk_id=talk_id, void=True)]
    assert [outcome(r) for r in shop.results(*ops)] == [("applied", ""), ("applied", "not_yours")]
    assert not shop.record("talk", talk_id).void


def test_of_two_words_on_a_follow_up_the_one_that_hq_heard_last_stands(shop: MemoryShop, maker: Maker) -> None:
    plan, member_id = maker.followup(new_id()), new_id()
    body = body_of(plan)
    done = maker.op("followup.set", {**body, "member_id": member_id, "state": "done"}, made_at="2020-01-01T00:00:00Z")
    assert [outcome(r) for r in shop.results(plan, done)] == [("applied", ""), ("applied", "")]
    assert shop.record("followup", body["followup_id"]).state == "done", "a clock that is behind makes it no older"


def test_a_follow_up_handed_to_nobodys_colleague_stays(shop: MemoryShop, maker: Maker) -> None:
    colleague, first, second = new_id(), new_id(), new_id()
    shop.hq.shop_row(shop.store_id, Ref("staff", colleague), Versioned(Staff(name="李", staff_no="02"), 1))
    body = {"member_id": new_id(), "due_on": "2026-12-01", "note": "", "state": "open"}
    ops = [
        maker.op("followup.set", {**body, "followup_id": followup_id, "guide_id": to}, schema_v=2)
        for followup_id, to in ((first, colleague), (first, new_id()), (second, new_id()))
    ]
    codes = [outcome(r) for r in shop.results(*ops)]
    assert codes == [("applied", ""), ("applied", "colleague_unknown"), ("applied", "colleague_unknown")]
    whose = [shop.record("followup", followup_id).guide_id for followup_id in (first, second)]
    assert whose == [colleague, shop.guide_id]


def test_of_all_that_is_special_about_an_order_the_weightiest_is_said(shop: MemoryShop, maker: Maker) -> None:
    number = "101AB7K00423"
    said = [
        placed(maker, shop, qty=1, number=number),
        placed(maker, shop, qty=1, price=PRICE - 1, number=number),
        placed(maker, shop, qty=11, price=PRICE - 1, number=number, fulfilment={"kind": "ship"}),
    ]
    spent = placed(
        maker, shop, qty=1, price=PRICE - 1, number=number, spends=[{"lease_id": new_id(), "amount": 3}]
    )  # fmt: skip
    codes = [outcome(r)[1] for r in shop.results(*said, spent)]
    assert codes == ["", "number_changed", "out_of_stock", "lease_expired"]
