"""Which way goods go when two people said two things: what left counts, and another way chosen meanwhile came too late.

A step says under which way it was taken, so that neither a clock nor the order in which HQ hears of things decides what
happened. Of ways alone, HQ's order decides: the last one stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from guide_app.domain.records.order import Fulfilment, FulfilStep, GoodsWay, Progress

FURTHEST: tuple[Progress, ...] = ("", "picking", "ready", "shipped", "done")
"""How far it has come, each behind the one before."""
OUT = frozenset({"shipped", "done"})
"""Steps by which goods left: they have happened, whatever was said elsewhere."""
PLACED = ""
"""The way that the order was placed with; the others are called by the operations that chose them."""


def standing_steps(steps: Iterable[FulfilStep]) -> list[FulfilStep]:
    """The steps that were not taken back."""
    told = list(steps)
    undone = {step.undoes for step in told if step.what == "undo"}
    return [step for step in told if step.what not in ("undo", "seen") and step.op_id not in undone]


def in_force(steps: Iterable[FulfilStep]) -> str:
    """The way that counts: the first one in which goods left, else the one that was chosen last."""
    standing = standing_steps(steps)
    left = {way for _, way in _departures(standing)}
    return next((way for way in _ways(standing) if way in left), _ways(standing)[-1])


def too_late(steps: Iterable[FulfilStep]) -> tuple[FulfilStep, ...]:
    """Other ways that were chosen when the goods had left already."""
    standing = standing_steps(steps)
    behind = _ways(standing)
    behind = behind[behind.index(in_force(standing)) + 1 :]
    return tuple(step for step in standing if step.what == "chosen" and step.op_id in behind)


def departures(steps: Iterable[FulfilStep]) -> tuple[FulfilStep, ...]:
    """The steps by which the goods left, and stand."""
    return tuple(step for step, _ in _departures(standing_steps(steps)))


def left(steps: Iterable[FulfilStep]) -> tuple[FulfilStep, ...]:
    """The steps that say that goods were sent off or handed over, and stand."""
    return tuple(step for step in standing_steps(steps) if step.what in OUT)


def seen(steps: Iterable[FulfilStep]) -> set[str]:
    """The operations that the shop said it knows of."""
    return {step.undoes for step in steps if step.what == "seen"}


def settled_by(steps: Iterable[FulfilStep], op_id: str) -> str:
    """The order that charged anew for what left by this step, and was the first to settle it; "" where none did."""
    return next((one.charged_by for one in steps if one.what == "undo" and one.undoes == op_id), "")


def settled_twice(steps: Iterable[FulfilStep]) -> tuple[FulfilStep, ...]:
    """Of goods that left and were settled: what was said of that once more, otherwise, where one of the two charged the
    customer anew; only what the shop has not seen."""
    told = list(steps)
    known, first, again = seen(told), dict[str, FulfilStep](), []
    for step in (one for one in told if one.what == "undo"):
        before = first.setdefault(step.undoes, step)
        if before.charged_by != step.charged_by and step.op_id not in known:
            again.append(step)
    return tuple(again)


def progress(steps: Iterable[FulfilStep]) -> Progress:
    """How far the goods have come: the furthest step of the way that counts, or "failed" where it could not be done
    and they are not out."""
    standing = standing_steps(steps)
    counts = in_force(standing)
    told = {step.what for step, way in _under(standing) if way == counts or step.what in OUT}
    furthest: Progress = next((word for word in reversed(FURTHEST) if word in told), "")
    return "failed" if "failed" in told and furthest not in OUT else furthest


def by_clock(steps: Iterable[FulfilStep], at: str) -> str:
    """The way under which a step was taken that does not say it: the last one chosen by then."""
    chosen = (step.op_id for step in standing_steps(steps) if step.what == "chosen" and step.at <= at)
    return [PLACED, *chosen][-1]


def chosen_by_hq(steps: Iterable[FulfilStep]) -> str:
    """The way that counts, where HQ's people chose it and the shop has not seen it yet; "" where that is not so."""
    told = list(steps)
    counts = in_force(told)
    step = next((one for one in told if one.op_id == counts), None)
    return counts if step is not None and not step.guide_id and counts not in seen(told) else ""


def with_step(goes: Fulfilment, step: FulfilStep) -> Fulfilment:
    """It with this step too; of one that it has already nothing changes."""
    if any(one.op_id == step.op_id for one in goes.steps):
        return goes
    first = goes.first
    if step.what == "chosen" and first is None and not any(one.what == "chosen" for one in goes.steps):
        first = way_of(goes)
    return _standing(msgspec.structs.replace(goes, first=first, steps=(*goes.steps, step)))


def without_step(goes: Fulfilment, op_id: str) -> Fulfilment:
    """It as it would be without what that operation did."""
    return _standing(msgspec.structs.replace(goes, steps=tuple(one for one in goes.steps if one.op_id != op_id)))


def way_of(goes: Fulfilment) -> GoodsWay:
    """The way that counts, as it was chosen."""
    return GoodsWay(**{name: getattr(goes, name) for name in GoodsWay.__struct_fields__})


def _standing(goes: Fulfilment) -> Fulfilment:
    """With the way that counts, and how far it has come. A way of which an older version kept nothing stays as told."""
    counts = in_force(goes.steps)
    way = goes.first if counts == PLACED else next(one.way for one in goes.steps if one.op_id == counts)
    told = {name: getattr(way, name) for name in GoodsWay.__struct_fields__} if way is not None else {}
    return msgspec.structs.replace(goes, **told, progress=progress(goes.steps))


def _ways(standing: list[FulfilStep]) -> list[str]:
    return [PLACED, *(step.op_id for step in standing if step.what == "chosen")]


def _departures(standing: list[FulfilStep]) -> Iterator[tuple[FulfilStep, str]]:
    for step in standing:
        if step.way is not None and step.way.kind == "take_away":
            yield step, step.op_id
    yield from ((step, way) for step, way in _under(standing) if step.what in OUT)


def _under(standing: list[FulfilStep]) -> Iterator[tuple[FulfilStep, str]]:
    """Each step with its way: the one that it says, else the last one before it."""
    last = PLACED
    for step in standing:
        if step.what == "chosen":
            last = step.op_id
        else:
            yield step, last if step.under is None else step.under
