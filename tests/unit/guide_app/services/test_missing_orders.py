"""Receipts whose order is not here: asked for at HQ, kept while nobody answers, finished once goods came back."""

from __future__ import annotations

import pytest

from guide_app.domain import numbers
from guide_app.domain.errors import BadInput, Refused
from guide_app.domain.records import Names
from guide_app.operations.returns import LineBack
from guide_app.services.missing_orders import Missing
from guide_app.services.ports.chain import FoundOrder
from tests.unit.guide_app.services.kit import Counter
from tests.unit.local_store.fake_hq import uuid
from tests.unit.local_store.kit import PRODUCTS

pytestmark = pytest.mark.asyncio
NUMBER = numbers.compose("101", "AB", "7K", 42)
ELSEWHERE = FoundOrder(store=Names(en="Shop 7", zh="七号店"))


async def sold(counter: Counter) -> tuple[str, str]:
    """An order that the tablet has: its id and number."""
    done = await counter.till.place(await counter.till.add(await counter.baskets.empty(), PRODUCTS[0]))
    return done.order_id, done.number


async def test_what_is_here_is_not_asked_for_and_goes_once_it_came_back(counter: Counter) -> None:
    order_id, number = await sold(counter)
    one = await counter.missing.seek(numbers.group(number))
    assert (one.state, one.order_id, one.number, counter.order_hq.asked) == ("here", order_id, number, [])
    assert await counter.missing.all() == [one]
    going = await counter.returns.begin(order_id)
    assert going is not None
    counter.bench.clock.advance(1)
    await counter.returns.take_back(going, [LineBack(line_id=going.order.lines[0].line_id, qty=1, reason="faulty")])
    assert await counter.missing.all() == []
    counter.reopen()
    assert await counter.missing.all() == []


@pytest.mark.parametrize(
    ("found", "state", "store"),
    [(None, "unknown", ""), (ELSEWHERE, "elsewhere", "七号店"), (FoundOrder(order_id=uuid()), "coming", "")],
)
async def test_hqs_word_is_kept(counter: Counter, found: FoundOrder | None, state: str, store: str) -> None:
    if found:
        counter.order_hq.knows[NUMBER] = found
    one = await counter.missing.seek(numbers.group(NUMBER).lower())
    assert (one.state, one.store.zh) == (state, store)
    counter.reopen()
    assert await counter.missing.all() == [one]
    assert await counter.missing.seek_again() == [], "what HQ has answered is not asked again"
    await counter.missing.drop(one)
    assert await counter.missing.all() == []
    await counter.missing.keep(one)
    assert await counter.missing.all() == [one]


async def test_with_no_network_it_waits_through_a_kill_until_hq_is_there(counter: Counter) -> None:
    counter.order_hq.offline = True
    assert (await counter.missing.seek(NUMBER)).state == "waits"
    counter.reopen()
    assert await counter.missing.seek_again() == []
    (one,) = await counter.missing.all()
    assert (one.number, one.state) == (NUMBER, "waits")
    counter.order_hq.offline, counter.order_hq.knows[NUMBER] = False, ELSEWHERE
    assert [found.state for found in await counter.missing.seek_again()] == ["elsewhere"]


async def test_what_hq_would_not_hear_now_is_kept(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    async def busy(_number: str) -> None:
        raise Refused("too_often")

    monkeypatch.setattr(counter.order_hq, "find_order", busy)
    with pytest.raises(Refused):
        await counter.missing.seek(NUMBER)
    assert [one.state for one in await counter.missing.all()] == ["waits"]


async def test_what_is_no_number_or_was_written_by_another_version_is_nothing(counter: Counter) -> None:
    mistyped = NUMBER[:-1] + ("2" if NUMBER[-1] != "2" else "3")
    for text, code in (("hello", "number_invalid"), (mistyped, "number_check")):
        with pytest.raises(BadInput, match=code):
            await counter.missing.seek(text)
    await counter.bench.store.drafts.put(Missing(number=NUMBER, at="").key, b'{"other": 1}')
    assert await counter.missing.all() == []
