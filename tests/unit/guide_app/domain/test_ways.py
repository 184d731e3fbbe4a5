"""Which way goods really go: what left counts, whoever said something else meanwhile, and whatever the clocks say."""

from __future__ import annotations

import pytest

from guide_app.domain import fulfilment, ways
from guide_app.domain.erasure import without_person
from guide_app.domain.records import Fulfilment, FulfilStep, Names, Order, Recipient, Totals
from guide_app.domain.records.order import FulfilWhat, GoodsWay

TO = Recipient(name="陈静", phone="+8613800000001", address="南京东路 1 号")
HERE = Fulfilment(kind="ship", to=TO, note="bell")
THERE = GoodsWay(kind="pick_up", store_id="other", at=Names(en="East"), to=TO)
TAKEN = GoodsWay(kind="take_away")


def step(
    op_id: str, what: FulfilWhat, under: str | None = "", *, at: int = 10, undoes: str = "",
    way: GoodsWay | None = None, guide: str = "g", charged_by: str = "",
) -> FulfilStep:  # fmt: skip
    moment = f"2026-11-21T{at:02d}:00:00.000Z"
    return FulfilStep(op_id=op_id, what=what, at=moment, under=under, undoes=undoes, way=way, guide_id=guide,
                      charged_by=charged_by)  # fmt: skip


def chosen(op_id: str = "way", way: GoodsWay = THERE, *, at: int = 10, guide: str = "g") -> FulfilStep:
    return step(op_id, "chosen", None, way=way, at=at, guide=guide)


def told(*steps: FulfilStep, goes: Fulfilment = HERE) -> Fulfilment:
    for one in steps:
        goes = fulfilment.settling(ways.with_step(goes, one))
    return goes


def test_another_way_counts_from_when_it_is_chosen_and_what_was_done_before_it_does_not() -> None:
    goes = told(step("a", "picking"), chosen())
    assert (ways.way_of(goes), goes.progress, goes.repair) == (THERE, "", "")
    assert goes.first == ways.way_of(HERE)
    assert told(step("a", "picking"), chosen(), step("b", "ready", "way")).progress == "ready"


@pytest.mark.parametrize("late", [True, False])
def test_goods_that_left_left_in_the_way_in_which_they_did(late: bool) -> None:
    steps = (chosen(), step("a", "shipped")) if late else (step("a", "shipped"), chosen())
    goes = told(*steps)
    assert (ways.way_of(goes), goes.progress, goes.repair) == (ways.way_of(HERE), "shipped", "way_too_late")
    assert [one.op_id for one in ways.too_late(goes.steps)] == ["way"]


@pytest.mark.parametrize("late", [True, False])
def test_a_step_that_was_none_gives_the_other_way_back(late: bool) -> None:
    steps = (chosen(), step("a", "shipped")) if late else (step("a", "shipped"), chosen())
    goes = told(*steps, step("u", "undo", None, undoes="a"))
    assert (ways.way_of(goes), goes.progress, goes.repair) == (THERE, "", "")
    kept = told(*steps, step("u", "undo", None, undoes="way"))
    assert (ways.way_of(kept), kept.progress, kept.repair) == (ways.way_of(HERE), "shipped", "")
    again = told(*steps, step("u", "undo", None, undoes="way"), step("v", "undo", None, undoes="a"))
    assert (ways.way_of(again), again.progress) == (ways.way_of(HERE), ""), "a way that is none comes back no more"


@pytest.mark.parametrize("at", [1, 23])
def test_clocks_decide_nothing(at: int) -> None:
    goes = told(step("a", "failed", at=10), chosen(at=at))
    assert (goes.progress, goes.repair) == ("", "")
    goes = told(step("a", "failed", at=10), chosen(at=10), step("b", "failed", "way", at=at))
    assert (goes.progress, goes.repair) == ("failed", "cannot_fulfil")
    assert told(chosen(at=10), step("a", "failed", at=at)).progress == "", "it is about the way before"


def test_of_two_other_ways_the_one_that_hq_took_last_stands_and_the_one_in_which_goods_left_before_all() -> None:
    second = GoodsWay(kind="pick_up")
    goes = told(chosen("x", at=12), chosen("y", second, at=11))
    assert (goes.kind, goes.store_id) == ("pick_up", "")
    goes = told(chosen("x"), chosen("y", second), step("a", "done", "x"))
    assert (goes.store_id, goes.progress, goes.repair) == ("other", "done", "way_too_late")
    both = told(chosen("x"), chosen("y", second), step("a", "shipped", ""), step("b", "done", "y"))
    assert (ways.way_of(both), both.progress) == (ways.way_of(HERE), "done"), "it left once, first as it was placed"


def test_what_was_taken_away_at_the_counter_has_left() -> None:
    goes = told(chosen("x", TAKEN), chosen("y"))
    assert (goes.kind, goes.repair) == ("take_away", "way_too_late")
    assert told(chosen("x", TAKEN), chosen("y"), step("u", "undo", None, undoes="x")).store_id == "other"


def test_steps_that_do_not_say_their_way_belong_to_the_last_one_chosen_by_then() -> None:
    steps = told(chosen("x", at=10), chosen("y", at=12)).steps
    assert [ways.by_clock(steps, f"2026-11-21T{at:02d}:00:00.000Z") for at in (9, 10, 11, 12)] == ["", "x", "x", "y"]
    old = (step("a", "failed", None), step("x", "chosen", None), step("b", "ready", None))
    assert (ways.progress(old), ways.in_force(old)) == ("ready", "x")
    kept = ways.with_step(Fulfilment(kind="ship", steps=old[:2]), old[2])
    assert (kept.kind, kept.first) == ("ship", None), (
        "of ways that an older version kept nothing of, what is told stays"
    )


def test_a_way_of_hq_s_is_to_be_seen_by_the_shop() -> None:
    goes = told(chosen(guide=""))
    assert goes.repair == "way_of_hq"
    assert told(chosen(guide=""), step("s", "seen", None, undoes="way")).repair == ""
    assert told(chosen(guide=""), step("b", "ready", "way")).repair == ""
    assert told(chosen(guide=""), chosen("y")).repair == ""
    assert told(chosen(guide=""), step("a", "shipped")).repair == "way_too_late"


def test_without_what_an_operation_did_it_is_as_before() -> None:
    before = told(step("a", "picking"))
    after = told(step("a", "picking"), chosen())
    left = ways.without_step(after, "way")
    assert (ways.way_of(left), left.progress, left.steps) == (ways.way_of(before), "picking", before.steps)
    assert ways.with_step(after, chosen()) == after


def test_nobody_s_name_stays_in_a_way_that_is_none_any_more() -> None:
    order = Order(
        number="1", state="accepted", guide_id="g", placed_at="", currency="CNY", lines=(), member_id="m",
        totals=Totals(lines=0, discounts=0, total=0), fulfilment=told(chosen(), step("a", "shipped")),
    )  # fmt: skip
    goes = without_person(order).fulfilment
    assert goes.first == GoodsWay(kind="ship")
    assert [one.way for one in goes.steps] == [GoodsWay(kind="pick_up", store_id="other", at=Names(en="East")), None]
    assert (goes.to, goes.note, goes.progress) == (None, "", "shipped")


@pytest.mark.parametrize(
    ("settled", "twice"),
    [
        (["n1"], []),
        (["n1", "n1"], []),
        ([""], []),
        (["", ""], []),
        (["n1", "n2"], ["u1"]),
        (["", "n2"], ["u1"]),
        (["n1", ""], ["u1"]),
        (["n1", "n2", "n1", ""], ["u1", "u3"]),
    ],
)
def test_goods_that_left_are_settled_twice_where_one_of_two_charged_and_the_other_said_otherwise(
    settled: list[str], twice: list[str]
) -> None:
    undone = [step(f"u{n}", "undo", None, undoes="a", charged_by=by) for n, by in enumerate(settled)]
    steps = (step("a", "shipped"), step("b", "done"), *undone)
    assert [one.op_id for one in ways.settled_twice(steps)] == twice
    assert [one.op_id for one in ways.left(steps)] == ["b"]
    assert (ways.settled_by(steps, "a"), ways.settled_by(steps, "b")) == (settled[0], "")
    seen = tuple(step(f"s{one}", "seen", None, undoes=one) for one in twice)
    assert ways.settled_twice((*steps, *seen)) == ()


def test_one_charge_for_several_steps_is_one() -> None:
    steps = [step("a", "shipped"), step("b", "done")]
    steps += [step(f"u{of}", "undo", None, undoes=of, charged_by="n1") for of in ("a", "b")]
    assert (ways.settled_twice(steps), ways.left(steps)) == ((), ())
