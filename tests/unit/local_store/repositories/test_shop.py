"""Catalogue, orders, today, the shop, the attention list, drafts, numbers, tries of a PIN."""

from typing import Any

import msgspec
import pytest

from guide_app.domain import numbers
from guide_app.domain.records import (
    Category,
    Fulfilment,
    MessageTemplate,
    Names,
    PriceList,
    Product,
    Ref,
    Settings,
    Staff,
    Stock,
)
from guide_app.operations.reshares import Reshare, Share
from guide_app.services.ports.today import DayFigures
from guide_app.services.ports.writing import Draft
from sync.protocol.messages import Grant
from tests.unit.local_store.fake_hq import AUTHORISED, CHAIN, uuid
from tests.unit.local_store.kit import (
    CATEGORY,
    GUIDE,
    LIST,
    PHONES,
    PRODUCTS,
    Bench,
    cancel,
    followup,
    member,
    place,
    sign_up,
    talk,
)

pytestmark = pytest.mark.asyncio
DAY = ("2026-11-21T00:00:00.000Z", "2026-11-22T00:00:00.000Z")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("milk", [0, 1, 2]), ("milk 1", [1]), ("powder milk", [0, 1, 2]), ("奶粉", [0]), ("naifen", [0]), ("nf", [0]),
        ("shijin", [1]), ("acme", [0, 1, 2]), ("acme 推车", [2]), ("sku2", [2]), ("6900000000001", [1]), ("%", []),
        ("zzz", []), ("婴儿", [0]),
    ],
)  # fmt: skip
async def test_products_are_found_by_their_words(bench: Bench, text: str, found: list[int]) -> None:
    rows = await bench.store.catalogue.search(text)
    assert sorted(PRODUCTS.index(row.id) for row in rows) == found


async def test_a_product_comes_with_its_price_and_stock(bench: Bench) -> None:
    rows = await bench.store.catalogue.get([PRODUCTS[2], uuid(), PRODUCTS[0]])
    assert [(row.id, row.price, row.on_hand) for row in rows] == [(PRODUCTS[2], 3000, None), (PRODUCTS[0], 1000, 100)]


async def test_a_scanned_code_is_found_in_either_spelling(bench: Bench) -> None:
    upc = uuid()
    bench.hq.publish("product", upc, Product(names=Names(en="Soap"), sku="S", barcodes=("012345678905",)))
    await bench.drain()
    for code in ("012345678905", "0012345678905"):
        row = await bench.store.catalogue.by_barcode(code)
        assert row is not None
        assert row.id == upc
        assert row.price is None
    assert await bench.store.catalogue.by_barcode("milk") is None
    assert await bench.store.catalogue.by_barcode("") is None
    bench.hq.publish("product", upc, Product(names=Names(en="Soap"), sku="S", barcodes=("012345678905",), active=False))
    await bench.drain()
    assert await bench.store.catalogue.by_barcode("012345678905") is None
    assert await bench.store.catalogue.search("soap") == []


async def test_without_a_text_what_sells_most_comes_first(bench: Bench) -> None:
    await bench.do(place(uuid(), [(PRODUCTS[1], 1)]), place(uuid(), [(PRODUCTS[1], 1), (PRODUCTS[2], 1)]))
    await bench.store.sync.tidy()
    ids = [row.id for row in await bench.store.catalogue.search()]
    assert ids == [PRODUCTS[1], PRODUCTS[2], PRODUCTS[0]]
    paged = [(await bench.store.catalogue.search(limit=1, offset=n))[0].id for n in range(3)]
    assert paged == ids
    assert await bench.store.catalogue.search(limit=1, offset=3) == []


async def test_a_category_holds_what_is_below_it(bench: Bench) -> None:
    below, alone = uuid(), uuid()
    bench.hq.publish("category", below, Category(names=Names(en="Milk"), parent_id=CATEGORY))
    bench.hq.publish("product", alone, Product(names=Names(en="Milk drink"), sku="M", category_id=below))
    await bench.drain()
    assert [view.id for view in await bench.store.catalogue.categories()] == [CATEGORY]
    assert [view.id for view in await bench.store.catalogue.categories(CATEGORY)] == [below]
    assert len(await bench.store.catalogue.search(category_id=CATEGORY)) == 4
    assert [row.id for row in await bench.store.catalogue.search("milk", category_id=below)] == [alone]


async def test_the_current_list_is_the_latest_that_holds(bench: Bench) -> None:
    current = await bench.store.catalogue.price_list()
    assert current is not None
    assert (current.id, current.expired) == (LIST, False)
    sale, future = uuid(), uuid()
    bench.hq.publish("price_list", sale, PriceList(
        names=Names(), version=1, currency="CNY", valid_from="2026-11-01T00:00:00.000Z",
        valid_until="2026-11-30T00:00:00.000Z",
    ))  # fmt: skip
    bench.hq.publish("price_list", future, PriceList(
        names=Names(), version=1, currency="CNY", valid_from="2027-11-01T00:00:00.000Z",
    ))  # fmt: skip
    await bench.drain()
    current = await bench.store.catalogue.price_list()
    assert current is not None
    assert current.id == sale
    bench.clock.advance(20 * 86400)
    current = await bench.store.catalogue.price_list()
    assert current is not None
    assert current.id == LIST
    bench.hq.publish("price_list", LIST, None, "gone")
    await bench.drain()
    current = await bench.store.catalogue.price_list()
    assert current is not None
    assert (current.id, current.expired) == (sale, True)


async def test_orders_are_listed_newest_first_and_found_by_number_and_name(bench: Bench) -> None:
    member_id, first, second = uuid(), uuid(), uuid()
    await bench.do(sign_up(member_id, PHONES[0], "陈静"))
    await bench.do(place(first, [(PRODUCTS[0], 1)], member_id, number="101AB7K00423"))
    await bench.do(place(second, [(PRODUCTS[0], 1)], number="101AB7K00431"))
    await bench.do(cancel(second))

    async def ids(**by: Any) -> list[str]:
        return [row.id for row in await bench.store.orders.list(**by)]

    assert await ids() == [second, first]
    assert await ids(state="placed") == [first]
    assert await ids(guide_id=GUIDE, state="cancelled") == [second]
    assert await ids(guide_id=uuid()) == []
    assert await ids(text="0043") == [second]
    assert await ids(text="101-AB7K-0042-3") == [first]
    assert await ids(text="chenj") == [first]
    assert await ids(text="静") == [first]
    assert await ids(text="%") == []
    assert [row.id for row in await bench.store.orders.list(limit=1, offset=1)] == [first]
    assert await bench.store.orders.get(uuid()) is None


async def test_figures_of_the_day(bench: Bench) -> None:
    member_id, order_id = uuid(), uuid()
    await bench.do(sign_up(member_id, PHONES[0]))
    await bench.do(place(uuid(), [(PRODUCTS[0], 2)], member_id), place(order_id, [(PRODUCTS[0], 1)]))
    await bench.do(talk(member_id, uuid()), cancel(order_id))
    figures = await bench.store.today.figures(guide_id=GUIDE, since=DAY[0], until=DAY[1])
    assert figures == DayFigures(sales=2000, orders=1, sign_ups=1, talks=1)
    assert await bench.store.today.figures(guide_id="", since=DAY[0], until=DAY[1]) == figures
    nobody = await bench.store.today.figures(guide_id=uuid(), since=DAY[0], until=DAY[1])
    assert nobody == DayFigures(sales=0, orders=0, sign_ups=0, talks=0)
    assert (await bench.store.today.figures(guide_id="", since=DAY[1], until=DAY[1])).orders == 0


async def test_a_guide_s_own_figures_are_their_shares(bench: Bench) -> None:
    order_id, colleague = uuid(), uuid()
    parts = (Share(guide_id=GUIDE, share=7_000), Share(guide_id=colleague, share=3_000))
    corrected = Reshare(order_id=order_id, shares=parts, reason="helped", approved_by=GUIDE)
    await bench.do(place(order_id, [(PRODUCTS[0], 1)]), place(uuid(), [(PRODUCTS[0], 1)]))
    await bench.do(Draft(kind="order.reshare", body=corrected))
    for guide, sales, orders in ((GUIDE, 1700, 2), (colleague, 300, 1), ("", 2000, 2)):
        figures = await bench.store.today.figures(guide_id=guide, since=DAY[0], until=DAY[1])
        assert (figures.sales, figures.orders) == (sales, orders)
    await bench.do(cancel(order_id))
    assert (await bench.store.today.figures(guide_id=colleague, since=DAY[0], until=DAY[1])).sales == 0


async def test_followups_are_those_due_longest_first(bench: Bench) -> None:
    member_id, soon, late, future, done, arriving = (uuid() for _ in range(6))
    await bench.do(sign_up(member_id, PHONES[0]))
    await bench.do(followup(member_id, soon), followup(member_id, late, due_on="2026-11-01"))
    await bench.do(followup(member_id, future, due_on="2026-12-01"), followup(member_id, done, "done"))
    await bench.do(followup(uuid(), arriving))
    rows = await bench.store.today.followups(guide_id=GUIDE, until_day="2026-11-21")
    assert [row.id for row in rows] == [late, soon]
    assert rows[0].member.id == member_id
    assert await bench.store.today.followups(guide_id=uuid(), until_day="2026-11-21") == []


async def test_the_shop_its_people_and_settings(bench: Bench) -> None:
    bench.hq.publish("staff", uuid(), Staff(name="Left", staff_no="02", active=False))
    bench.hq.publish("staff", uuid(), Staff(name="Li Wei", staff_no="00"))
    await bench.drain()
    tablet = await bench.store.shop.tablet()
    assert tablet is not None
    assert (tablet.store_code, tablet.store_name.en, tablet.authorised_until) == ("101", "Shop 1", AUTHORISED)
    assert tablet.store_name == Names(en="Shop 1", zh="Shop 1"), "an HQ that tells one name"
    assert [row.staff.name for row in await bench.store.shop.staff()] == ["Li Wei", "王芳"]
    assert (await bench.store.shop.settings()).pin_tries == 3
    assert [policy.kind for policy in await bench.store.shop.policies()] == ["terms"]


async def test_the_shop_is_called_in_both_languages_until_it_is_renamed(bench: Bench) -> None:
    names = Names(en="Wutong Road", zh="Shop 1")
    answer = msgspec.structs.replace(bench.hq.enrolment(), store_names=names)
    await bench.store.sync.enrolled("https://hq.example", "tablet", answer)
    tablet = await bench.store.shop.tablet()
    assert tablet is not None
    assert tablet.store_name == names
    bench.hq.grants[0] = Grant(scope="s1", kind="store", name="Shop 9")
    renamed = msgspec.structs.replace(answer, grants=bench.hq.grants)
    await bench.store.sync.enrolled("https://hq.example", "tablet", renamed)
    tablet = await bench.store.shop.tablet()
    assert tablet is not None
    assert tablet.store_name == Names(en="Shop 9", zh="Shop 9"), "a new name is told by the grant alone"


async def test_settings_of_the_nearest_scope_win(bench: Bench) -> None:
    (ref,) = [ref for (scope, ref) in bench.hq.rows if scope == CHAIN and ref.entity == "settings"]
    row = bench.hq.rows[CHAIN, ref]
    nearer = msgspec.structs.replace(row, s="s1", q=bench.hq.heads["s1"] + 1, d=msgspec.Raw(b'{"pin_tries":9}'))
    bench.hq.heads["s1"] += 1
    bench.hq.rows["s1", ref] = nearer
    await bench.drain()
    assert (await bench.store.shop.settings()) == Settings(pin_tries=9)
    assert await bench.store.sync.differing() == ()
    bench.hq.publish("settings", ref.id, None, "gone")
    del bench.hq.rows["s1", ref]
    await bench.store.sync.refetch(("s1",))
    await bench.drain()
    assert (await bench.store.shop.settings()) == Settings()


async def test_an_order_without_goods_needs_a_person(bench: Bench) -> None:
    member_id, order_id = uuid(), uuid()
    bench.hq.publish("member", member_id, member())
    await bench.drain()
    await bench.do(place(order_id, [(PRODUCTS[0], 1)], member_id))
    await bench.drain()
    order = bench.hq.record("order", order_id)
    short = msgspec.structs.replace(order, fulfilment=Fulfilment(repair="out_of_stock"))
    bench.hq.publish("order", order_id, short)
    await bench.drain()
    (row,) = await bench.store.outbox.attention()
    assert (row.kind, row.order_id, row.order_number, row.member_name) == (
        "out_of_stock", order_id, order.number, "王小明",
    )  # fmt: skip
    assert await bench.store.outbox.attention_count() == 1
    await bench.do(cancel(order_id))
    assert await bench.store.outbox.attention() == []


async def test_drafts_survive_the_end_of_the_app(bench: Bench) -> None:
    await bench.store.drafts.put("basket", b"one")
    await bench.store.drafts.put("basket", b"two")
    bench.store.close()
    bench.store = bench.opened()
    assert await bench.store.drafts.get("basket") == b"two"
    await bench.store.drafts.drop("basket")
    assert await bench.store.drafts.get("basket") is None


async def test_drafts_change_together_or_not_at_all(bench: Bench) -> None:
    drafts = bench.store.drafts
    for key in ("a:1", "a:2", "b:1"):
        await drafts.put(key, key.encode())
    assert await drafts.all("a:") == {"a:1": b"a:1", "a:2": b"a:2"}
    assert not await drafts.change(put={"a:3": b"new"}, drop=("a:1",), needs="a:9")
    assert (await drafts.all("")).keys() == {"a:1", "a:2", "b:1"}
    assert await drafts.change(put={"a:1": b"moved"}, drop=("a:1", "b:1"), needs="a:1")
    assert await drafts.all("") == {"a:1": b"moved", "a:2": b"a:2"}


async def test_numbers_never_repeat_not_even_in_a_clone(bench: Bench) -> None:
    first = [await bench.store.numbers.next() for _ in range(3)]
    await bench.store.sync.fork()
    second = [await bench.store.numbers.next() for _ in range(3)]
    assert len({*first, *second}) == 6
    parts = [numbers.parse(number) for number in (*first, *second)]
    assert [part.n for part in parts] == [1, 2, 3, 4, 5, 6]
    assert {(part.store_code, part.device_letters) for part in parts} == {("101", "AB")}


async def test_wrong_pins_lead_to_waits_that_a_restart_does_not_shorten(bench: Bench) -> None:
    tries = bench.store.pin_tries
    assert [await tries.wrong(GUIDE) for _ in range(2)] == [1, 2]
    assert await tries.wait_s(GUIDE) == 0
    await tries.wrong(GUIDE)
    assert await tries.wait_s(GUIDE) == 10
    bench.clock.advance(7)
    assert await tries.wait_s(GUIDE) == 3
    bench.store.close()
    bench.store = bench.opened()
    tries = bench.store.pin_tries
    assert await tries.wait_s(GUIDE) == 10
    bench.clock.advance(10)
    assert await tries.wait_s(GUIDE) == 0
    assert await tries.wrong(GUIDE) == 4
    assert await tries.wait_s(GUIDE) == 20
    await tries.reset(GUIDE)
    assert await tries.wait_s(GUIDE) == 0
    assert await tries.wrong(GUIDE) == 1


async def test_stock_of_hq_shows(bench: Bench) -> None:
    bench.hq.publish("stock", PRODUCTS[2], Stock(on_hand=-1, as_of=DAY[0]))
    await bench.drain()
    (row,) = await bench.store.catalogue.get([PRODUCTS[2]])
    assert (row.on_hand, row.stock_as_of) == (-1, DAY[0])
    assert Ref("stock", PRODUCTS[2]) in {ref for _, ref in bench.hq.rows}


async def test_templates_in_use_are_read_whatever_their_scope(bench: Bench) -> None:
    for n, active in enumerate((True, False)):
        template = MessageTemplate(
            situation="thanks", channel="sms", title=Names(en=f"T{n}"), text=Names(en="Thank you"), active=active
        )
        bench.hq.publish("message_template", uuid(), template)
    await bench.drain()
    assert [row.template.title.en for row in await bench.store.shop.templates()] == ["T0"]
