"""Laws of the lists inside a member: what two guides do to one of them is put together element by element."""

from __future__ import annotations

import uuid
from typing import Any

import msgspec
from hypothesis import assume, given
from hypothesis import strategies as st

from guide_app import operations
from guide_app.domain import elements
from guide_app.domain.records import ImportantDate, Member, Ref, Relative, Wish, decode, encode
from guide_app.operations import OPERATIONS, Context, Effect, Refusal, Snapshot, Versioned, perform
from guide_app.operations.members import EDITABLE, Edit, FieldEdit, other_sides

MEMBER, STORE, GUIDE = (str(uuid.UUID(int=n)) for n in (1, 2, 3))
REF = Ref("member", MEMBER)
SINCE = "2026-11-20T10:00:00.000Z"
IDS = [str(uuid.UUID(int=100 + n)) for n in range(5)]
_WORDS = st.lists(st.sampled_from(["a", "b", "c", "d"]), unique=True).map(tuple)
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "tags": _WORDS,
    "likes": _WORDS,
    "sizes": st.dictionaries(st.sampled_from(["top", "shoe", "ring"]), st.sampled_from(["S", "M", "L"])),
    "wishes": st.lists(st.sampled_from(IDS), unique=True).map(
        lambda ids: tuple(Wish(product_id=one, since=SINCE) for one in ids)
    ),
    "dates": st.dictionaries(st.sampled_from(IDS), st.sampled_from(["05-20", "1980-10-01"])).map(
        lambda days: tuple(ImportantDate(id=one, label="?", day=day) for one, day in days.items())
    ),
    "household": st.dictionaries(st.sampled_from(IDS), st.sampled_from(["", "小雨"])).map(
        lambda names: tuple(Relative(id=one, relation="child", name=name) for one, name in names.items())
    ),
}


@st.composite
def three(draw: st.DrawFn) -> tuple[str, Any, Any, Any]:
    """A field and three of its values."""
    field = draw(st.sampled_from(sorted(VALUES)))
    return field, draw(VALUES[field]), draw(VALUES[field]), draw(VALUES[field])


def keyed(field: str, value: Any) -> dict[str, Any]:
    """Key → element, as somebody who does not know the code would say it."""
    if field == "sizes":
        return dict(value)
    return {getattr(one, "product_id", "") or getattr(one, "id", "") or one: one for one in value}


def member(**fields: Any) -> Member:
    return Member(member_no="M1", phone="+8613812341234", name="Synthetic Person", **fields)


def edited(state: Snapshot, op: int, field: str, old: Any, new: Any, **more: Any) -> Member:
    """The member after an edit that went through JSON, as one from a tablet does."""
    told = FieldEdit(old=msgspec.to_builtins(old), new=msgspec.to_builtins(new))
    text = operations.write(Edit(member_id=MEMBER, base_ver=1, set={field: told}, **more))
    context = Context(
        op_id=str(uuid.UUID(int=op)), store_id=STORE, guide_id=GUIDE, made_at=SINCE, now=SINCE, currency="CNY"
    )
    done = perform(OPERATIONS["member.edit"], operations.read("member.edit", 2, text), state, context)
    assert isinstance(done, Effect)
    after = state.get(REF, Member)
    assert after is not None
    return decode(encode(after), Member)


def shop(**fields: Any) -> Snapshot:
    return Snapshot({REF: Versioned(member(**fields), 1)})


def test_every_list_has_its_law_and_may_be_edited() -> None:
    assert set(VALUES) == elements.FIELDS <= EDITABLE.keys()


@given(three())
def test_nobody_between_leaves_exactly_what_was_meant_and_the_contrary_takes_it_back(
    case: tuple[str, Any, Any, Any],
) -> None:
    field, old, new, _ = case
    state = shop(**{field: old})
    assert getattr(edited(state, 1, field, old, new), field) == (dict(sorted(new.items())) if field == "sizes" else new)
    back = edited(state, 2, field, new, old)
    assert (getattr(back, field), back.conflicts) == (dict(sorted(old.items())) if field == "sizes" else old, ())


@given(three())
def test_two_edits_leave_the_same_in_either_order_where_no_element_collides(case: tuple[str, Any, Any, Any]) -> None:
    field, old, one, two = case
    first, second = shop(**{field: old}), shop(**{field: old})
    edited(first, 1, field, old, one)
    edited(second, 2, field, old, two)
    left, right = edited(first, 2, field, old, two), edited(second, 1, field, old, one)
    before, mine, theirs = keyed(field, old), keyed(field, one), keyed(field, two)
    collides = any(
        mine.get(key) != before.get(key) != theirs.get(key) != mine.get(key) for key in {*before, *mine, *theirs}
    )
    assert bool(left.conflicts) is bool(right.conflicts) is collides
    if collides:
        assert (getattr(left, field), getattr(right, field)) == (
            getattr(edited(shop(**{field: old}), 1, field, old, one), field),
            getattr(edited(shop(**{field: old}), 2, field, old, two), field),
        )
        return
    assert keyed(field, getattr(left, field)) == keyed(field, getattr(right, field))
    expected = {**before}
    for side in (mine, theirs):
        for key in {*before, *side}:
            if side.get(key) != before.get(key):
                expected.pop(key, None) if key not in side else expected.__setitem__(key, side[key])
    assert keyed(field, getattr(left, field)) == expected


@given(three(), st.data())
def test_nothing_added_is_lost_whatever_came_between(case: tuple[str, Any, Any, Any], data: st.DataObject) -> None:
    field, old, one, two = case
    state = shop(**{field: old})
    edited(state, 1, field, old, one)
    after = edited(state, 2, field, old, two)
    sides = [getattr(after, field), *(convert(field, c.theirs) for c in after.conflicts)]
    for told in (one, two):
        for key, element in keyed(field, told).items():
            if keyed(field, old).get(key) != element:
                assert element in [keyed(field, side).get(key) for side in sides]
    further = data.draw(VALUES[field])
    later = edited(state, 3, field, getattr(after, field), further)
    settles = any(further == convert(field, c.theirs) or further == getattr(after, field) for c in after.conflicts)
    assert settles or later.conflicts == after.conflicts  # to add something is not to settle


@given(three())
def test_a_choice_between_two_ends_the_conflict(case: tuple[str, Any, Any, Any]) -> None:
    field, old, one, two = case
    for chosen in ("hq", "theirs"):
        state = shop(**{field: old})
        edited(state, 1, field, old, one)
        after = edited(state, 2, field, old, two)
        assume(after.conflicts)
        (conflict,) = after.conflicts
        settled = edited(state, 3, field, convert(field, conflict.hq), convert(field, getattr(conflict, chosen)))
        assert settled.conflicts == ()
        assert keyed(field, getattr(settled, field)) == keyed(field, convert(field, getattr(conflict, chosen)))


@given(three(), st.booleans(), st.data())
def test_a_choice_that_is_taken_back_leaves_both_sides_with_what_came_between(
    case: tuple[str, Any, Any, Any], keep: bool, data: st.DataObject
) -> None:
    """As `MemberDesk.unsettle` says it: HQ's value again, then the other side once more, seen and wanted."""
    field, old, one, two = case
    state = shop(**{field: old})
    edited(state, 1, field, old, one)
    before = edited(state, 2, field, old, two)
    assume(before.conflicts)
    (conflict,) = before.conflicts
    hq, theirs = convert(field, conflict.hq), convert(field, conflict.theirs)
    added = {key: one for key, one in keyed(field, data.draw(VALUES[field])).items()
             if key not in {**keyed(field, hq), **keyed(field, theirs)}}  # fmt: skip
    edited(state, 3, field, empty := type(hq)(), {**added} if field == "sizes" else tuple(added.values()))
    assert edited(state, 4, field, hq, hq if keep else theirs).conflicts == ()
    chosen = conflict.hq if keep else conflict.theirs
    (side,) = other_sides(edited(state, 5, field, empty, empty), field, conflict.hq, chosen, [conflict.theirs])
    if not keep:
        edited(state, 6, field, theirs, hq)
    after = edited(state, 7, field, side, side, whole=True)
    (again,) = after.conflicts
    assert (
        keyed(field, getattr(after, field)) == keyed(field, convert(field, again.hq)) == {**keyed(field, hq), **added}
    )
    assert keyed(field, convert(field, again.theirs)) == {**keyed(field, theirs), **added}


@given(three())
def test_an_edit_that_collided_is_taken_back_whole(case: tuple[str, Any, Any, Any]) -> None:
    field, old, one, two = case
    state = shop(**{field: old})
    before = edited(state, 1, field, old, one)
    collided = edited(state, 2, field, old, two)
    assume(collided.conflicts)
    assert edited(state, 3, field, two, old, undoes=str(uuid.UUID(int=2))) == before


@given(_WORDS, _WORDS, _WORDS)
def test_version_1_compares_the_tags_as_a_whole_as_it_did(old: Any, one: Any, two: Any) -> None:
    state = shop(tags=one)
    text = msgspec.json.encode({"member_id": MEMBER, "base_ver": 1, "set": {"tags": {"old": old, "new": two}}}).decode()
    context = Context(op_id=GUIDE, store_id=STORE, guide_id=GUIDE, made_at=SINCE, now=SINCE, currency="CNY")
    done = perform(OPERATIONS["member.edit"], operations.read("member.edit", 1, text), state, context)
    assert not isinstance(done, Refusal)
    after = state.get(REF, Member)
    assert after is not None
    collides = one not in (old, two)
    assert (after.tags, len(after.conflicts)) == ((one, 1) if collides else (two, 0))


@given(three())
def test_a_merge_of_two_members_keeps_every_element(case: tuple[str, Any, Any, Any]) -> None:
    field, ours, theirs, _ = case
    joined = keyed(field, elements.joined(field, ours, theirs))
    assert joined == {**keyed(field, theirs), **keyed(field, ours)}


def convert(field: str, value: Any) -> Any:
    """JSON as the field's value."""
    return elements.unique(field, msgspec.convert(value, EDITABLE[field]))
