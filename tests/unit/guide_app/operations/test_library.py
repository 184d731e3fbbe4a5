"""What a guide does with material: a row of their own, right in whatever order it is told."""

from __future__ import annotations

import itertools

import pytest

from guide_app.domain.records import MaterialUse
from guide_app.domain.records.material import use_ref
from guide_app.operations import OPERATIONS, Body, Context, Effect, Refusal, Snapshot, perform
from guide_app.operations.library import Keep, Read, Show

MATERIAL, GUIDE, OTHER = (f"00000000-0000-4000-8000-00000000000{n}" for n in range(3))
KINDS = {Show: "material.show", Read: "material.read", Keep: "material.keep"}


def context(made_at: str = "2026-11-21T10:00:00.000Z", guide: str = GUIDE) -> Context:
    return Context(op_id=OTHER, store_id=OTHER, guide_id=guide, made_at=made_at, now=made_at, currency="CNY")


def do(state: Snapshot, body: Body, at: Context | None = None) -> Effect | Refusal:
    return perform(OPERATIONS[KINDS[type(body)]], body, state, at or context())  # type: ignore[index]  # one of the three


def use(state: Snapshot, guide: str = GUIDE) -> MaterialUse | None:
    return state.get(use_ref(MATERIAL, guide), MaterialUse)


def test_what_a_guide_does_with_a_material_is_their_own_row() -> None:
    state = Snapshot()
    do(state, Show(material=MATERIAL, guide_id=GUIDE, version=2))
    do(state, Read(material=MATERIAL, guide_id=GUIDE, version=1))
    do(state, Keep(material=MATERIAL, guide_id=GUIDE, favourite=True))
    assert use(state) == MaterialUse(
        material=MATERIAL, guide_id=GUIDE, favourite=True, read=1, shown=2, used_at="2026-11-21T10:00:00.000Z"
    )
    assert use(state, OTHER) is None
    do(state, Keep(material=MATERIAL, guide_id=GUIDE, favourite=False))
    kept = use(state)
    assert kept is not None
    assert not kept.favourite


def test_nobody_writes_to_another_guide_s_row() -> None:
    state = Snapshot()
    done = do(state, Keep(material=MATERIAL, guide_id=OTHER, favourite=True))
    assert done == Refusal("parked", "body_invalid")
    assert use(state, OTHER) is None


@pytest.mark.parametrize("versions", [*itertools.permutations((1, 2, 3))])
def test_the_newest_version_that_was_read_counts_in_whatever_order_it_is_told(versions: tuple[int, ...]) -> None:
    state = Snapshot()
    for version in versions:
        do(state, Read(material=MATERIAL, guide_id=GUIDE, version=version))
    kept = use(state)
    assert kept is not None
    assert kept.read == 3


def test_a_showing_that_is_told_late_does_not_become_the_last_one() -> None:
    state = Snapshot()
    do(state, Show(material=MATERIAL, guide_id=GUIDE, version=2), context("2026-11-21T10:00:00.000Z"))
    do(state, Show(material=MATERIAL, guide_id=GUIDE, version=1), context("2026-11-20T10:00:00.000Z"))
    kept = use(state)
    assert kept is not None
    assert (kept.shown, kept.used_at) == (2, "2026-11-21T10:00:00.000Z")
