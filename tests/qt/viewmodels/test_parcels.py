"""What other shops' orders ask of this one, on the screen over a real store."""

from __future__ import annotations

from typing import Any

import pytest

from guide_app.domain.records import Fulfilment, Names, Parcel, Recipient
from guide_app.domain.records.order import FulfilStep
from guide_app.domain.records.parcel import ParcelLine
from tests.qt.viewmodels.on_store import OnStore
from tests.unit.local_store.fake_hq import uuid
from tests.unit.local_store.kit import PRODUCTS

pytestmark = pytest.mark.asyncio
NUMBER = "20204AB00017"


async def told(shop: OnStore, row_id: str = "", **more: Any) -> str:
    """HQ tells this shop of an order of another one; its id."""
    row_id = row_id or uuid()
    here = shop.bench.hq.store_id
    way = {"kind": "pick_up", "store_id": here, "at": Names(en="Here", zh="本店"), **more.pop("goes", {})}
    fields: dict[str, Any] = {
        "store_id": here, "home_store_id": uuid(), "home_names": Names(en="West Street", zh="西街店"), "number": NUMBER,
        "placed_at": "2026-11-20T03:00:00.000Z", "paid": True, "to": Recipient(name="陈静", phone="****0007"),
        "lines": (ParcelLine(line_id=uuid(), product_id=PRODUCTS[0], qty=2),), **more,
    }  # fmt: skip
    shop.bench.hq.publish("parcel", row_id, Parcel(**fields, goes=Fulfilment(**way)))
    await shop.bench.drain()
    shop.parcels.enter({"orderId": row_id})
    await shop.settle()
    return row_id


def steps(page: Any) -> list[str]:
    return [one["what"] for one in page.steps]


async def test_it_is_prepared_and_handed_over_with_no_network_and_each_step_has_a_way_back(shop: OnStore) -> None:
    row_id = await told(shop)
    page = shop.parcels
    assert (page.who, page.standing, page.openWords) == (
        "陈静 · ****0007",
        "to prepare",
        "1 order(s) of other shops to see to",
    )
    assert page.soldBy.startswith("sold by West Street")
    assert (page.way, [row.pieces for row in page.lines.rows]) == ("Pick up later", ["2 piece(s)"])
    assert steps(page) == ["done", "ready", "failed"]
    page.step("ready")
    await shop.settle()
    assert (page.standing, steps(page)) == ("ready", ["done", "failed"])
    page.step("done")
    await shop.settle()
    assert (page.standing, steps(page), page.openWords) == ("handed over", [], "")
    assert shop.do.outbox().count("parcel.step") == 2
    assert not page.found.rows, "it is under Done"
    page.setFilter("over")
    await shop.settle()
    assert [row.key for row in page.found.rows] == [row_id]
    assert shop.heard.undo is not None
    shop.heard.undo()
    await shop.settle()
    assert (page.standing, shop.heard.said[-1]) == ("ready", "Taken back")
    stored: Parcel = await shop.do.hq_has("parcel", row_id)
    assert [one.what for one in stored.goes.steps] == ["ready", "done", "undo"]


async def test_what_is_not_paid_may_be_prepared_and_not_handed_over(shop: OnStore) -> None:
    await told(shop, paid=False)
    page = shop.parcels
    assert (page.standing, page.tone) == ("waits for payment", "warn")
    assert page.advice.startswith("It is not paid yet.")
    page.step("done")
    await shop.settle()
    assert shop.heard.problems[-1] == "not_paid"
    assert shop.do.outbox().count("parcel.step") == 0
    page.step("ready")
    await shop.settle()
    assert shop.do.outbox().count("parcel.step") == 1


async def test_what_is_sent_has_a_label_and_what_is_fetched_has_none(shop: OnStore) -> None:
    await told(shop)
    assert not shop.parcels.labelled
    to = Recipient(name="陈静", phone="+8613800000007", address="长安路 1 号")
    row_id = await told(shop, goes={"kind": "ship"}, to=to)
    assert shop.parcels.labelled
    shop.receipt.enter({"orderId": row_id, "label": True})
    await shop.settle()
    texts = [row.text for row in shop.receipt.paper.rows]
    assert (shop.receipt.title, shop.receipt.savable) == ("Label", False)
    assert "138****0007" in texts
    assert "长安路 1 号" in texts
    await told(shop, row_id, goes={"kind": "ship"}, to=None, cancelled=True)
    assert not shop.parcels.labelled
    shop.receipt.enter({"orderId": row_id, "label": True})
    await shop.settle()
    assert shop.heard.problems[-1] == "label_nobody"


async def test_what_was_cancelled_is_put_back_and_what_had_left_is_said(shop: OnStore) -> None:
    row_id = await told(shop, cancelled=True, to=None)
    page = shop.parcels
    assert (page.standing, page.who, page.openWords) == ("cancelled", "", "")
    assert page.advice.startswith("It is not wanted from here any more.")
    assert page.steps == [{"what": "done", "label": "They had left", "symbol": "handshake"}]
    page.step("ready")
    await shop.settle()
    assert shop.do.outbox().count("parcel.step") == 0, "it cannot be prepared"
    page.setFilter("recalled")
    await shop.settle()
    assert [(row.key, row.standing) for row in page.found.rows] == [(row_id, "cancelled")]
    page.step("done")
    await shop.settle()
    assert shop.do.outbox().count("parcel.step") == 1


async def test_one_that_goes_another_way_is_not_wanted_from_here(shop: OnStore) -> None:
    await told(shop, goes={"store_id": uuid()}, to=None)
    assert (shop.parcels.standing, shop.parcels.tone) == ("goes another way", "bad")


async def test_that_it_cannot_come_asks_why(shop: OnStore) -> None:
    row_id = await told(shop)
    page = shop.parcels
    page.step("failed")
    assert (page.asking, page.steps) == (True, [])
    assert [row.key for row in page.reasons.rows] == ["not_there", "damaged", "not_fetched", "other"]
    page.fail("")
    assert (page.asking, len(page.steps)) == (False, 3)
    page.step("failed")
    page.fail("damaged")
    await shop.settle()
    assert (page.standing, page.tone, shop.heard.said[-1]) == ("cannot come", "bad", "The shop that sold it is told")
    stored: Parcel = await shop.do.hq_has("parcel", row_id)
    assert [(one.what, one.reason) for one in stored.goes.steps] == [("failed", "damaged")]


async def test_it_is_found_by_the_number_on_the_receipt_or_the_name_however_far_it_is(shop: OnStore) -> None:
    step = FulfilStep(op_id=uuid(), what="done", at="2026-11-21T03:00:00.000Z")
    done = await told(shop, goes={"steps": (step,), "progress": "done"}, to=None)
    other = await told(shop, number="20204AB00018", to=Recipient(name="王芳", phone="****0008"))
    page = shop.parcels
    assert [row.key for row in page.found.rows] == [other]
    page.search(NUMBER)
    await shop.settle()
    assert [(row.key, row.standing) for row in page.found.rows] == [(done, "handed over")]
    page.search("王")
    await shop.settle()
    assert [row.key for row in page.found.rows] == [other]
    page.search("nobody")
    await shop.settle()
    assert page.nothing


async def test_another_guide_sees_no_search_of_the_last_one(shop: OnStore) -> None:
    await told(shop)
    shop.parcels.search("陈")
    await shop.settle()
    shop.do.session.lock()
    assert (shop.parcels.text, shop.parcels.chosen, shop.parcels.found.rows) == ("", False, ())
