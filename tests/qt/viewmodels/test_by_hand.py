"""What a guide takes off by hand: up to a limit alone, above it by a manager's PIN, with a way back."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from guide_app.domain.records import Names, Order, Settings, Staff
from guide_app.services.by_hand import ByHandDesk
from tests.qt.viewmodels.on_store import GUIDE, OTHER, OnStore
from tests.unit.guide_app.services.kit import NEW, PIN
from tests.unit.local_store.fake_hq import uuid
from tests.unit.local_store.kit import PRODUCTS

pytestmark = pytest.mark.asyncio
BOSS = "00000000-0000-4000-8000-0000000000b9"
WRONG = "000001"


@pytest.fixture
def named() -> Settings:
    return Settings(pin_tries=3, pin_wait_s=10, discount_reasons=(Names(en="Dented", zh="凹痕"),))


async def sheet_of(shop: OnStore, named: Settings, product: str = PRODUCTS[0]) -> Any:
    """The sheet, opened for two pieces at ¥10, or for the order of ¥40; a manager and HQ's reasons are there."""
    pin = next(row.staff.pin for row in await shop.bench.store.shop.staff() if row.id == OTHER)
    boss = Staff(name="顾明珊", staff_no="09", role="manager", pin=pin)
    shop.bench.hq.publish("staff", BOSS, boss)
    (row_id,) = (ref.id for _, ref in shop.bench.hq.rows if ref.entity == "settings")
    shop.bench.hq.publish("settings", row_id, named)
    await shop.bench.drain()
    model = shop.order
    model.open("")
    model.add(PRODUCTS[0], 2)
    model.add(PRODUCTS[1], 1)
    await shop.settle()
    model.takeOff(product)
    await shop.settle()
    return model.byHand


async def typed(shop: OnStore, sheet: Any, value: str, reason: str = "Dented", unit: str = "percent") -> None:
    sheet.setUnit(unit)
    sheet.setValue(value)
    sheet.setReason(reason)
    await shop.settle()


async def pin(shop: OnStore, sheet: Any, digits: str = PIN) -> None:
    for digit in digits:
        sheet.pad.digit(digit)
    await shop.settle()


async def placed(shop: OnStore) -> Order:
    shop.order.place()
    await shop.settle()
    row = await shop.bench.store.orders.get(shop.heard.pages[-1][1]["orderId"])
    assert row is not None
    return row.order


async def test_a_little_is_the_guides_own_to_give_and_can_be_taken_back(shop: OnStore, named: Settings) -> None:
    sheet = await sheet_of(shop, named)
    assert (sheet.shown, sheet.title, [row.key for row in sheet.reasons.rows]) == (True, "Milk powder 0", ["Dented"])
    assert sheet.limitWords == "Up to 5 % alone; above it, up to 30 %, a manager types their PIN"
    await typed(shop, sheet, "5")
    assert (sheet.preview, sheet.ready, sheet.needsManager) == ("To pay ¥39 instead of ¥40", True, False)
    sheet.goOn()
    await shop.settle()
    line = shop.order.lines.rows[0]
    assert (sheet.shown, line.amount, line.was, line.summary) == (False, "¥19", "¥20", "Dented: saves ¥1")
    assert shop.heard.undo is not None
    shop.heard.undo()
    await shop.settle()
    assert (shop.order.total, shop.order.lines.rows[0].was) == ("¥40", "")


async def test_nothing_can_be_taken_off_a_gift_card(shop: OnStore, named: Settings) -> None:
    card = shop.bench.hq.record("product", PRODUCTS[1])
    shop.bench.hq.publish("product", PRODUCTS[1], msgspec.structs.replace(card, gift_card=True))
    sheet = await sheet_of(shop, named, PRODUCTS[1])
    await typed(shop, sheet, "5")
    assert (sheet.problem, sheet.ready) == ("Gift cards are money: nothing is taken off them", False)
    sheet.goOn()
    await shop.settle()
    assert shop.order.total == "¥40"


async def test_more_needs_a_managers_pin_and_the_guide_stays_signed_in(shop: OnStore, named: Settings) -> None:
    sheet = await sheet_of(shop, named)
    await typed(shop, sheet, "12.5")
    assert (sheet.needsManager, sheet.stage) == (True, "what")
    sheet.goOn()
    assert (sheet.stage, [(row.called, row.selected) for row in sheet.managers.rows]) == ("who", [("顾明珊", True)])
    assert sheet.pad.hint == "The manager types their PIN"
    await pin(shop, sheet)
    assert (sheet.shown, shop.do.session.guide_id, shop.order.total) == (False, GUIDE, "¥37.50")
    shop.order.showWhy(PRODUCTS[0])
    assert shop.order.lines.rows[0].why[1]["label"] == "Dented, allowed by 顾明珊"
    order = await placed(shop)
    (discount,) = order.lines[0].discounts
    assert (discount.kind, discount.amount, discount.label, discount.approved_by) == ("manual", 250, "Dented", BOSS)
    assert order.priced_by is not None
    assert [one.approved_by for one in order.priced_by.manual] == [BOSS]


async def test_wrong_pins_count_and_wait_as_at_the_lock(shop: OnStore, named: Settings) -> None:
    sheet = await sheet_of(shop, named)
    await typed(shop, sheet, "20")
    sheet.goOn()
    for left in (2, 1):
        await pin(shop, sheet, WRONG)
        assert sheet.pad.problem == f"Wrong PIN. {left} try(s) left."
    await pin(shop, sheet, WRONG)
    assert (sheet.pad.waitSeconds, sheet.pad.enabled) == (10, False)
    assert (await shop.do.session.sign_in(BOSS, PIN)).wait_s == 10
    sheet.close()
    assert (shop.order.total, shop.do.session.guide_id) == ("¥40", GUIDE)


async def test_only_a_manager_of_the_shop_can_allow_it(shop: OnStore, named: Settings) -> None:
    sheet = await sheet_of(shop, named)
    await typed(shop, sheet, "20")
    sheet.goOn()
    sheet.chooseManager(OTHER)
    await pin(shop, sheet)
    assert sheet.pad.problem == "Only a manager of this shop can allow this."
    known = next(row.staff for row in await shop.bench.store.shop.staff() if row.id == NEW)
    shop.bench.hq.publish("staff", NEW, msgspec.structs.replace(known, role="manager"))
    await shop.bench.drain()
    sheet.chooseManager(NEW)
    await pin(shop, sheet)
    assert sheet.pad.problem.startswith("This PIN works once")
    assert (sheet.shown, shop.order.total) == (True, "¥40")


async def test_one_manager_never_allows_in_the_name_of_another(shop: OnStore, named: Settings) -> None:
    """The PIN of the first is still being checked when the second is tapped."""
    sheet = await sheet_of(shop, named)
    await typed(shop, sheet, "20")
    sheet.goOn()
    for digit in PIN:
        sheet.pad.digit(digit)
    sheet.chooseManager(OTHER)
    await shop.settle()
    order = await placed(shop)
    assert [one.approved_by for one in order.lines[0].discounts] == [BOSS]


async def test_a_pin_that_is_right_too_late_allows_nothing(shop: OnStore, named: Settings) -> None:
    sheet = await sheet_of(shop, named)
    await typed(shop, sheet, "20")
    sheet.goOn()
    for digit in PIN:
        sheet.pad.digit(digit)
    sheet.pad.begin(OTHER)
    await shop.settle()
    assert (sheet.shown, shop.order.total) == (True, "¥40")


async def test_beyond_the_managers_limit_nobody_can(shop: OnStore, named: Settings) -> None:
    sheet = await sheet_of(shop, named)
    await typed(shop, sheet, "30.1")
    assert (sheet.problem, sheet.ready) == ("Nobody in the shop may take off more than 30 %", False)
    sheet.goOn()
    assert sheet.stage == "what"


@pytest.mark.parametrize(
    ("value", "unit"),
    [("abc", "percent"), ("101", "percent"), ("-1", "amount"), ("1.234", "amount"), ("1,000", "amount")],
)
async def test_what_is_no_amount_is_said(shop: OnStore, named: Settings, value: str, unit: str) -> None:
    sheet = await sheet_of(shop, named)
    await typed(shop, sheet, value, unit=unit)
    assert (sheet.problem, sheet.ready, sheet.preview) == ("This is no amount of money.", False, "")


async def test_a_reason_is_needed(shop: OnStore, named: Settings) -> None:
    sheet = await sheet_of(shop, named)
    await typed(shop, sheet, "5", reason=" ")
    assert not sheet.ready
    sheet.setReason("The box is open")
    await shop.settle()
    assert sheet.ready


async def test_of_the_whole_order_an_amount(shop: OnStore, named: Settings) -> None:
    sheet = await sheet_of(shop, named, "")
    assert sheet.title == "The whole order"
    await typed(shop, sheet, "2", unit="amount")
    assert (sheet.preview, sheet.needsManager) == ("To pay ¥38 instead of ¥40", False)
    sheet.goOn()
    await shop.settle()
    shop.order.takeOff("")
    await shop.settle()
    assert (sheet.removable, sheet.unit, sheet.value, sheet.reason) == (True, "amount", "2.00", "Dented")
    sheet.remove()
    await shop.settle()
    assert (shop.order.total, sheet.shown) == ("¥40", False)


async def test_many_small_ones_do_not_get_around_the_limit(shop: OnStore, named: Settings) -> None:
    sheet = await sheet_of(shop, named)
    await typed(shop, sheet, "5")
    sheet.goOn()
    await shop.settle()
    shop.order.takeOff("")
    await shop.settle()
    await typed(shop, sheet, "4")
    assert sheet.needsManager
    sheet.goOn()
    await pin(shop, sheet)
    assert shop.order.total == "¥37.44"


async def test_a_manager_who_serves_needs_no_other(shop: OnStore, named: Settings) -> None:
    await sheet_of(shop, named)
    shop.do.session.lock()
    await shop.signed_in(BOSS)
    model = shop.order
    model.open("")
    model.add(PRODUCTS[0], 1)
    await shop.settle()
    model.takeOff(PRODUCTS[0])
    await shop.settle()
    await typed(shop, model.byHand, "30")
    assert (model.byHand.needsManager, model.byHand.ready) == (False, True)
    model.byHand.goOn()
    await shop.settle()
    assert (await placed(shop)).lines[0].discounts[0].approved_by == BOSS


async def test_what_grew_beyond_the_limit_is_asked_about_when_the_order_is_placed(
    shop: OnStore, named: Settings
) -> None:
    sheet = await sheet_of(shop, named, "")
    await typed(shop, sheet, "2", unit="amount")
    sheet.goOn()
    await shop.settle()
    shop.order.add(PRODUCTS[1], -1)
    await shop.settle()
    shop.order.place()
    await shop.settle()
    assert (shop.heard.problems, shop.do.outbox(), sheet.shown) == (["approval_missing"], [], True)


async def test_locking_puts_the_sheet_away(shop: OnStore, named: Settings) -> None:
    sheet = await sheet_of(shop, named)
    await typed(shop, sheet, "20")
    sheet.goOn()
    shop.do.session.lock()
    assert (sheet.shown, sheet.value, sheet.reason, sheet.pad.enabled) == (False, "", "", False)


async def test_a_later_answer_does_not_bring_a_closed_sheet_back(
    shop: OnStore, named: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheet = await sheet_of(shop, named)
    tried = ByHandDesk.tried

    async def late(desk: ByHandDesk, *args: Any) -> Any:
        answer = await tried(desk, *args)
        sheet.close()
        return answer

    monkeypatch.setattr(ByHandDesk, "tried", late)
    await typed(shop, sheet, "5")
    assert (sheet.shown, sheet.preview, sheet.ready, bool(uuid())) == (False, "", False, True)
