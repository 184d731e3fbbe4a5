"""The catalogue as cards: variants of an article are one, what sells stands first, whatever leads to it."""

from __future__ import annotations

import msgspec
import pytest

from guide_app.domain.records import Category, Names, Option, Price, Product, Stock
from guide_app.services.ports.cards import CardRow
from local_store.repositories import cards
from tests.unit.local_store.fake_hq import uuid
from tests.unit.local_store.kit import CATEGORY, GUIDE, LIST, PRODUCTS, Bench, place

pytestmark = pytest.mark.asyncio
SUIT = ("66-red", "80-red", "100-red", "66-blue")


def option(kind: str, en: str, zh: str = "") -> Option:
    return Option(kind=Names(en=kind, zh=kind), value=Names(en=en, zh=zh or en))


async def suits(bench: Bench, category: str = CATEGORY) -> list[str]:
    """Four variants of one article, in an order that is not that of their numbers; the last has no price."""
    ids = [uuid() for _ in SUIT]
    for n in (2, 0, 3, 1):
        size, colour = SUIT[n].split("-")
        options = (option("Size", size), option("Colour", colour, {"red": "红色", "blue": "蓝色"}[colour]))
        suit = Product(
            names=Names(en="Bodysuit", zh="连体衣"), sku=f"BODY-{colour}-{size}", category_id=category, article="BODY",
            options=options, pinyin="lian ti yi", initials="lty", barcodes=(f"69100000000{n}7",),
        )  # fmt: skip
        bench.hq.publish("product", ids[n], suit)
        if n < 3:
            bench.hq.publish("price", uuid(), Price(list=LIST, product=ids[n], amount=13900 + 1000 * n))
            bench.hq.publish("stock", ids[n], Stock(on_hand=n))
    await bench.drain()
    return ids


def told(found: list[CardRow]) -> list[tuple[str, int, int | None, int | None, int | None]]:
    return [(card.row.product.names.en, card.variants, card.low, card.high, card.on_hand) for card in found]


@pytest.mark.parametrize("text", ["bodysuit", "连体", "lianti", "lty", "BODY", "red", "红色", "body-red-80", "连体 蓝"])
async def test_whatever_leads_to_a_variant_leads_to_the_one_card_of_its_article(bench: Bench, text: str) -> None:
    await suits(bench)
    assert told([*await bench.store.cards.cards(text)]) == [("Bodysuit", 4, 13900, 15900, 3)]


async def test_a_card_stands_for_the_variant_that_was_asked_for(bench: Bench) -> None:
    ids = await suits(bench)
    (card,) = await bench.store.cards.cards("6910000000017")
    assert card.row.id == ids[1]
    assert [card.row.id for card in await bench.store.cards.of([ids[2], ids[0], PRODUCTS[0]])] == [ids[2], PRODUCTS[0]]


async def test_nothing_is_asked_for_and_nothing_is_found(bench: Bench) -> None:
    assert (await bench.store.cards.cards("%"), await bench.store.cards.cards("zzz")) == ([], [])
    assert await bench.store.cards.of([uuid()]) == []


async def test_what_sells_most_stands_first_and_pages_hold_each_card_once(bench: Bench) -> None:
    ids = await suits(bench)
    await bench.do(place(uuid(), [(ids[1], 1)]), place(uuid(), [(ids[1], 1), (PRODUCTS[2], 1)]))
    await bench.store.sync.tidy()
    for text in ("", "bodysuit"):
        assert (await bench.store.cards.cards(text))[0].row.id == ids[1]
    whole = [card.row.id for card in await bench.store.cards.cards()]
    assert (whole[:2], len(whole)) == ([ids[1], PRODUCTS[2]], 4)
    paged = [card.row.id for n in range(5) for card in await bench.store.cards.cards(limit=1, offset=n)]
    assert paged == whole


async def test_a_shelf_of_thousands_shows_what_sells_among_its_first(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    below = uuid()
    bench.hq.publish("category", below, Category(names=Names(en="Below"), parent_id=CATEGORY))
    things = [uuid() for _ in range(6)]
    for n, thing in enumerate(things):
        bench.hq.publish("product", thing, Product(names=Names(en=f"Thing {n}"), sku=f"T{n}", category_id=below))
        bench.hq.publish("price", uuid(), Price(list=LIST, product=thing, amount=100))
    await bench.drain()
    await bench.do(place(uuid(), [(things[5], 1)]), place(uuid(), [(PRODUCTS[1], 2)]))
    await bench.store.sync.tidy()
    monkeypatch.setattr(cards, "MOST", 3)
    for category, first in (("", {things[5], PRODUCTS[1]}), (below, {things[5]}), (CATEGORY, {things[5], PRODUCTS[1]})):
        found = [card.row.id for card in await bench.store.cards.cards(category_id=category)]
        assert first <= {*found[: len(first)]}
        assert len(found) == len({*found}) <= 5


async def test_variants_come_in_the_order_of_their_numbers(bench: Bench) -> None:
    ids = await suits(bench)
    found = await bench.store.cards.variants("BODY")
    assert [(row.id, row.price, row.on_hand) for row in found] == [
        (ids[3], None, None), (ids[0], 13900, 0), (ids[1], 14900, 1), (ids[2], 15900, 2)
    ]  # fmt: skip
    assert (await bench.store.cards.variants(""), await bench.store.cards.variants("NONE")) == ([], [])


async def test_what_is_no_longer_sold_is_on_no_card(bench: Bench) -> None:
    ids = await suits(bench)
    for row_id in ids[:3]:
        gone = bench.hq.record("product", row_id)
        bench.hq.publish("product", row_id, msgspec.structs.replace(gone, active=False))
    await bench.drain()
    assert told([*await bench.store.cards.cards("bodysuit")]) == [("Bodysuit", 1, None, None, None)]
    assert [card.row.id for card in await bench.store.cards.of(ids)] == [ids[3]]


async def test_the_tree_counts_cards_in_each_category_and_below(bench: Bench) -> None:
    below, empty = uuid(), uuid()
    bench.hq.publish("category", below, Category(names=Names(en="Clothes"), parent_id=CATEGORY, position=1))
    bench.hq.publish("category", empty, Category(names=Names(en="Empty"), parent_id=below, position=2))
    await suits(bench, below)
    tree = {node.id: (node.category.names.en, node.cards) for node in await bench.store.cards.tree()}
    assert tree == {CATEGORY: ("Baby", 4), below: ("Clothes", 1), empty: ("Empty", 0)}


async def test_categories_that_lead_into_each_other_are_counted_once(bench: Bench) -> None:
    one, other = uuid(), uuid()
    bench.hq.publish("category", one, Category(names=Names(en="One"), parent_id=other))
    bench.hq.publish("category", other, Category(names=Names(en="Other"), parent_id=one))
    await suits(bench, one)
    assert {node.cards for node in await bench.store.cards.tree() if node.id in (one, other)} == {1}


async def test_what_was_sold_last_stands_first_and_what_was_taken_back_is_not_there(bench: Bench) -> None:
    ids, buyer = await suits(bench), uuid()
    await bench.do(place(uuid(), [(PRODUCTS[0], 1)], member_id=buyer))
    bench.clock.advance(60)
    await bench.do(place(uuid(), [(ids[1], 1), (ids[2], 1)]))
    assert [card.row.id for card in await bench.store.cards.sold_lately()] == [ids[1], PRODUCTS[0]]
    assert [card.row.id for card in await bench.store.cards.sold_lately(buyer)] == [PRODUCTS[0]]
    assert await bench.store.cards.sold_lately(uuid()) == []


async def test_favourites_are_the_guides_own_and_survive_the_end_of_the_app(bench: Bench) -> None:
    mine, other = bench.store.favourites, uuid()
    await mine.add(GUIDE, PRODUCTS[0])
    bench.clock.advance(1)
    await mine.add(GUIDE, PRODUCTS[1])
    await mine.add(other, PRODUCTS[2])
    await mine.remove(GUIDE, [PRODUCTS[2]])
    bench.store.close()
    bench.store = bench.opened()
    assert await bench.store.favourites.of(GUIDE) == [PRODUCTS[1], PRODUCTS[0]]
    await bench.store.favourites.remove(GUIDE, PRODUCTS)
    assert (await bench.store.favourites.of(GUIDE), await bench.store.favourites.of(other)) == ([], [PRODUCTS[2]])
