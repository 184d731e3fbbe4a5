"""Frequent reads go by an index: SQLite says how it would run every statement that the readers really run."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

import pytest

from local_store.store import Store
from tests.unit.local_store.fake_hq import uuid
from tests.unit.local_store.kit import CATEGORY, GUIDE, PRODUCTS, Bench

DAY = {"since": "2026-11-21T00:00:00.000Z", "until": "2026-11-22T00:00:00.000Z"}
BIG = (
    "member",
    "m",
    "shop_order",
    "o",
    "b",
    "talk",
    "followup",
    "reminder",
    "r",
    "v",
    "visit_rhythm",
    "refill_rhythm",
    "product",
    "price",
    "p",
    "outbox",
    "w",
    "op_touch",
    "ticket",
    "promise",
    "quotation",
    "t",
    "i",
)
READS: dict[str, Callable[[Store], Awaitable[Any]]] = {
    "members": lambda s: s.members.search(""),
    "my members": lambda s: s.members.search("", owner_id=GUIDE),
    "search": lambda s: s.members.search("wang"),
    "search by tail": lambda s: s.members.search("1234", owner_id=GUIDE),
    "search by words": lambda s: s.members.search("wang ming 12"),
    "members with a tag": lambda s: s.members.search("", tag="vip"),
    "search with a tag": lambda s: s.members.search("wang", tag="vip"),
    "member": lambda s: s.members.get(uuid()),
    "by phone": lambda s: s.members.by_phone("+8613812341234"),
    "by number": lambda s: s.members.by_number("101AB7K00423"),
    "morning": lambda s: s.morning.facts(date(2026, 11, 21)),
    "my morning": lambda s: s.morning.facts(date(2026, 11, 21), guide_id=GUIDE),
    "timeline": lambda s: s.members.timeline(uuid()),
    "products": lambda s: s.catalogue.search("milk"),
    "cards": lambda s: s.cards.cards("milk"),
    "a shelf": lambda s: s.cards.cards(category_id=CATEGORY),
    "the whole catalogue": lambda s: s.cards.cards(),
    "variants": lambda s: s.cards.variants("BODY"),
    "sold lately": lambda s: s.cards.sold_lately(),
    "sold to a member": lambda s: s.cards.sold_lately(uuid()),
    "the tree": lambda s: s.cards.tree(),
    "favourites": lambda s: s.favourites.of(GUIDE),
    "scan": lambda s: s.catalogue.by_barcode("6900000000001"),
    "basket": lambda s: s.catalogue.get(list(PRODUCTS)),
    "orders": lambda s: s.orders.list(),
    "my orders": lambda s: s.orders.list(guide_id=GUIDE),
    "orders by state": lambda s: s.orders.list(state="placed"),
    "orders that wait for payment": lambda s: s.orders.list(money="owed"),
    "orders with money to give back": lambda s: s.orders.list(money="refund"),
    "order": lambda s: s.orders.get(uuid()),
    "a day's orders": lambda s: s.days.sales(since="2026-11-20T16:00:00.000Z", until="2026-11-21T16:00:00.000Z"),
    "whether it was printed": lambda s: s.printed.at(uuid()),
    "my figures": lambda s: s.today.figures(guide_id=GUIDE, **DAY),
    "the shop's figures": lambda s: s.today.figures(guide_id="", **DAY),
    "follow-ups": lambda s: s.today.followups(guide_id=GUIDE, until_day="2026-11-21"),
    "tickets": lambda s: s.service.tickets(),
    "my open tickets": lambda s: s.service.tickets(state="open", guide_id=GUIDE),
    "tickets of a member": lambda s: s.service.tickets(member_id=uuid()),
    "ticket": lambda s: s.service.ticket_numbered("101AB7K00503"),
    "found tickets": lambda s: s.service.tickets(text="101AB7K"),
    "quotations": lambda s: s.quotations.list(today="2026-11-21"),
    "open quotations": lambda s: s.quotations.list(today="2026-11-21", standing="open"),
    "quotations of a member": lambda s: s.quotations.list(today="2026-11-21", member_id=uuid()),
    "found quotations": lambda s: s.quotations.list(today="2026-11-21", text="101AB7K"),
    "quotation": lambda s: s.quotations.numbered("101AB7K00512"),
    "quotations that end soon": lambda s: s.quotations.ending(since_day="2026-11-21", until_day="2026-11-24"),
    "open tickets": lambda s: s.service.open_tickets(GUIDE),
    "promises": lambda s: s.service.promises(),
    "promises of a member": lambda s: s.service.promises(member_id=uuid()),
    "kept": lambda s: s.service.kept(since_day="2026-11-21", today="2026-11-21"),
    "scores": lambda s: s.service.scores(since="2026-08-21T16:00:00.000Z"),
    "waiting": lambda s: s.outbox.waiting(),
    "proof": lambda s: s.outbox.proof(**DAY),
    "attention": lambda s: s.outbox.attention(),
}


@pytest.mark.asyncio
@pytest.mark.parametrize("name", READS)
async def test_no_full_scan(bench: Bench, name: str) -> None:
    statements: list[str] = []
    readers = bench.store._base.workers._readers
    for thread in readers:
        thread._connection.set_trace_callback(statements.append)
    await READS[name](bench.store)
    for thread in readers:
        thread._connection.set_trace_callback(None)
    plans = _plans(bench, statements)
    assert plans
    scans = [line for line in plans for table in BIG if line.split(" USING")[0] == f"SCAN {table}"]
    walks = ("member_contact", "member_owner", "order_day", "order_guide", "order_state", "member_conflicts",
             "ticket_raised", "quotation_made", "product_kind", "product_shelf")  # fmt: skip
    partial = ("order_repair", "order_owed", "order_refund", "outbox_open", "outbox_attention", "outbox_gift",
               "outbox_return", "outbox_told")  # fmt: skip
    assert [line for line in scans if not any(f"INDEX {index}" in line for index in (*walks, *partial))] == []
    assert not [line for line in plans if "TEMP B-TREE FOR ORDER BY" in line and name not in SORTED]


SORTED = (
    "members with a tag",
    "timeline",
    "morning",
    "my morning",
    "member",
    "attention",
    "basket",
    "cards",
    "a day's orders",
    "a shelf",
    "the whole catalogue",
    "sold lately",
    "sold to a member",
    "favourites",
    "products",
    "follow-ups",
    "tickets of a member",
    "found tickets",
    "quotation",
    "quotations of a member",
    "found quotations",
    "open quotations",
    "promises",
    "promises of a member",
)
"""Reads of few rows, which may be sorted."""


def _plans(bench: Bench, statements: list[str]) -> list[str]:
    found: list[str] = []
    for statement in dict.fromkeys(statements):
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            found += [row[3] for row in bench.sql(f"EXPLAIN QUERY PLAN {statement}")]
    return found
