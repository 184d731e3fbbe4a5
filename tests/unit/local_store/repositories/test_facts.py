"""What the store says of itself: enough to find out what is wrong, and nothing about people."""

from __future__ import annotations

import json

import pytest

from tests.unit.local_store.fake_hq import uuid
from tests.unit.local_store.kit import PHONES, PRODUCTS, Bench, place, sign_up, talk

pytestmark = pytest.mark.asyncio


async def test_it_counts_what_waits_and_where_each_scope_stands(bench: Bench) -> None:
    member_id = uuid()
    await bench.do(sign_up(member_id, PHONES[0]), place(uuid(), [(PRODUCTS[0], 1)], member_id))
    before = await bench.store.facts.facts()
    assert [(row["state"], row["kind"], row["count"]) for row in before["outbox"]] == [
        ("pending", "member.sign_up", 1), ("pending", "order.place", 1),
    ]  # fmt: skip
    assert (before["tablet"]["next_seq"], before["rows"]["member"], before["database"]["quick_check"]) == (3, 1, ["ok"])
    await bench.drain()
    after = await bench.store.facts.facts()
    assert {row["state"] for row in after["outbox"]} == {"applied"}
    told = [scope for scope in after["scopes"] if scope["hq_digest"]]
    assert told
    assert all(scope["own_digest"] == scope["hq_digest"] and scope["seq"] == scope["head"] for scope in told)


async def test_nothing_that_was_typed_is_in_it(bench: Bench) -> None:
    member_id = uuid()
    await bench.do(sign_up(member_id, PHONES[0], name="欧阳修竹"), talk(member_id, uuid()))
    await bench.store.drafts.put("SignUp", "欧阳修竹".encode())
    told = json.dumps(await bench.store.facts.facts(), ensure_ascii=False)
    assert "欧阳" not in told
    assert PHONES[0] not in told
    assert PHONES[0][3:] not in told
    assert member_id not in told
