"""However a network cuts, repeats and re-orders what tablets send: every operation has one effect, and none is lost."""

from __future__ import annotations

import random
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from guide_app.domain.records import Member, Order
from hq.ledger.port import Stream
from sync.protocol.digest import row_hash
from sync.protocol.messages import WireOp
from tests.memory_hq import PRICE, MemoryShop
from tests.ops import body_of, new_phone


def a_day(shop: MemoryShop, chance: random.Random, phones: Sequence[str], count: int) -> list[WireOp]:
    """What one tablet does: sign-ups of a few phones that both tablets meet, orders, talks."""
    maker, ops, members = shop.maker(), list[WireOp](), list[str]()
    for _ in range(count):
        what = chance.randrange(4) if members else 0
        if what == 0:
            op = maker.sign_up(phone=chance.choice(phones))
            members.append(body_of(op)["member_id"])
        elif what == 1:
            op = maker.order([(shop.product_id, 1, PRICE)], member_id=chance.choice(members))
        elif what == 2:
            op = maker.talk(chance.choice(members))
        else:
            op = maker.op("no.such_kind", {})
        ops.append(op)
    return ops


def legal_request(chance: random.Random, ops: Sequence[WireOp], last_seq: int) -> list[WireOp]:
    """What a tablet may send: any run of its operations that begins at or before the next one HQ wants, or, by a
    network that loses and delays, any other."""
    begin = chance.randint(0, min(last_seq, len(ops) - 1)) if chance.random() < 0.8 else chance.randrange(len(ops))
    return list(ops[begin : begin + chance.randint(1, 8)])


@given(st.integers(0, 2**32), st.integers(1, 25), st.integers(1, 25))
def test_any_interleaving_has_each_effect_once(seed: int, mine: int, theirs: int) -> None:
    chance = random.Random(seed)
    shop = MemoryShop()
    phones = [new_phone() for _ in range(3)]
    tablets: list[tuple[Stream, list[WireOp]]] = [
        (shop.stream(), a_day(shop, chance, phones, count)) for count in (mine, theirs)
    ]
    first: dict[str, tuple[str, str]] = {}
    for _ in range(60):
        stream, ops = chance.choice(tablets)
        taken = shop.push(stream, legal_request(chance, ops, shop.ledger.glance(stream, ())[0]), len(ops) + 1)
        assert taken.batch.status in ("ok", "gap")
        for result in taken.results:
            assert first.setdefault(result.op_id, (result.status, result.code)) == (result.status, result.code)
    for stream, ops in tablets:
        done = shop.push(stream, ops, len(ops) + 1)
        assert done.batch.last_seq == len(ops)
        assert [r.op_id for r in done.results] == [op.op_id for op in ops]
    check(shop, [op for _stream, ops in tablets for op in ops])


def check(shop: MemoryShop, ops: Sequence[WireOp]) -> None:
    """HQ holds exactly what was done, and its feed is its rows."""
    state = shop.hq.state
    assert state.ops.keys() == {op.op_id for op in ops}
    sales = [op for op in ops if op.kind == "order.place"]
    members = [row.record for row in state.rows.values() if isinstance(row.record, Member)]
    orders = [row.record for row in state.rows.values() if isinstance(row.record, Order)]
    assert len(orders) == len(sales)
    assert len({member.phone for member in members}) == len(members)
    assert sum(member.spent for member in members) == len(sales) * PRICE
    assert shop.record("stock", shop.product_id).on_hand == 10 - len(sales)
    mine = {ref: row.ver for (store_id, ref), row in state.rows.items() if store_id == shop.store_id}
    feed = {ref: row.ver for (_key, ref), row in state.feed.items()}
    assert feed.items() <= mine.items()
    head = state.heads.get(shop.scope)
    assert head is None or head.digest == sum(row_hash(*ref, ver) for ref, ver in feed.items()) % 2**64
