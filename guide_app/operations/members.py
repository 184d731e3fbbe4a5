"""What a guide can do with members: sign up, edit, take or withdraw a consent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, ClassVar

import msgspec

from guide_app.domain import elements, levels, memberships, names, phone
from guide_app.domain.records import (
    Consent,
    FieldConflict,
    Gift,
    ImportantDate,
    Member,
    Part,
    Record,
    Ref,
    Relative,
    Stock,
    Wish,
)
from guide_app.domain.records.base import Birthday, Short, Text, Uuid
from guide_app.domain.records.member import Gender
from guide_app.operations.base import Body, Context, Effect, Older, Operation, Refusal, Snapshot

EDITABLE: dict[str, Any] = {
    "name": Annotated[str, msgspec.Meta(min_length=1, max_length=120)],
    "gender": Gender,
    "birthday": Birthday,
    "source": Short,
    "tags": tuple[Short, ...],
    "note": Text,
    "sizes": dict[Annotated[Short, msgspec.Meta(min_length=1)], Short],
    "likes": tuple[Short, ...],
    "wishes": tuple[Wish, ...],
    "dates": tuple[ImportantDate, ...],
    "household": tuple[Relative, ...],
}
"""The fields of a member that a guide may edit, with what each may hold."""
_NOBODY = Member(member_no="", phone="", name="")
"""Of whom nothing is known: a field that is emptied becomes what it is here."""


class ConsentGiven(Part, frozen=True):
    """One item of the consent form as the customer answered it."""

    kind: Short
    policy_version: Short
    granted: bool


class SignUpV1(Body, frozen=True):
    """Version 1 knew no touch point, no gift and no signature."""

    member_id: Uuid
    member_no: Short
    phone: Annotated[str, msgspec.Meta(max_length=40)]
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=120)]
    source: Short
    consents: Annotated[tuple[ConsentGiven, ...], msgspec.Meta(max_length=20)]
    gender: Gender = ""
    birthday: Birthday = ""
    referrer: Short = ""
    tags: Annotated[tuple[Short, ...], msgspec.Meta(max_length=50)] = ()


_STROKES = r"^(M\d{1,4} \d{1,3}(L\d{1,4} \d{1,3})*)+\Z"


class Signature(Part, frozen=True):
    """What was signed by hand: the kinds of policies, and the strokes as an SVG path on a pad of 1000 by 400."""

    kinds: Annotated[tuple[Short, ...], msgspec.Meta(min_length=1, max_length=20)]
    strokes: Annotated[str, msgspec.Meta(min_length=4, max_length=8192, pattern=_STROKES)]


class SignUp(Body, frozen=True):
    """`phone` is E.164; `referrer` a member's number or phone as the customer told it; `touch_point` the code of what
    brought them; `gift` what was handed over."""

    member_id: Uuid
    member_no: Short
    phone: Annotated[str, msgspec.Meta(max_length=40)]
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=120)]
    source: Short
    consents: Annotated[tuple[ConsentGiven, ...], msgspec.Meta(max_length=20)]
    gender: Gender = ""
    birthday: Birthday = ""
    referrer: Short = ""
    tags: Annotated[tuple[Short, ...], msgspec.Meta(max_length=50)] = ()
    touch_point: Short = ""
    signature: Signature | None = None
    gift: Gift | None = None


def _signed_up_v1(body: SignUpV1) -> SignUp:
    return SignUp(**msgspec.structs.asdict(body))


class FieldEdit(Part, frozen=True):
    """What the guide saw and what they made of it; `new: null` empties the field."""

    old: Any = None
    new: Any = None


class EditV1(Body, frozen=True):
    """Version 1 knew no fields of elements but the tags, and compared those as a whole."""

    member_id: Uuid
    base_ver: int
    set: Annotated[dict[Short, FieldEdit], msgspec.Meta(min_length=1, max_length=20)]


class Edit(Body, frozen=True):
    """`base_ver` is the member's version on the tablet when the guide began.

    `undoes`: the edit that this one takes back; `whole`: elements are compared as a whole, as version 1 did.
    """

    member_id: Uuid
    base_ver: int
    set: Annotated[dict[Short, FieldEdit], msgspec.Meta(min_length=1, max_length=20)]
    undoes: Uuid | None = None
    whole: bool = False


class GiveConsent(Body, frozen=True):
    """`seen_ver` is HQ's version of the member that the tablet had when the customer decided; `seen_at` the time of
    the consent's last change that was seen, which may be one made on the tablet that HQ had not numbered yet.
    """

    member_id: Uuid
    kind: Short
    granted: bool
    policy_version: Short
    seen_ver: int
    seen_at: Short = ""


class MemberSignUp(Operation[SignUp]):
    """A new member, owned by the guide who signed them up."""

    kind: ClassVar[str] = "member.sign_up"
    version: ClassVar[int] = 2
    body = SignUp
    older = (Older(1, SignUpV1, _signed_up_v1),)

    def touches(self, body: SignUp) -> tuple[Ref, ...]:
        gift = (Ref("stock", body.gift.product_id),) if body.gift else ()
        return (Ref("member", body.member_id), *gift)

    def speaks_of(self, body: SignUp) -> tuple[str, ...]:
        return (body.member_id, *([body.referrer] if body.referrer else []))

    def check(self, body: SignUp, state: Snapshot, context: Context) -> Refusal | None:
        if not phone.is_valid_e164(body.phone):
            return Refusal("rejected", "phone_invalid")
        if state.row(Ref("member", body.member_id)) is not None:
            return Refusal("parked", "body_invalid")
        return None

    def effect(self, body: SignUp, state: Snapshot, context: Context) -> Effect:
        ref = Ref("member", body.member_id)
        keys = names.search_keys(body.name)
        joined_at = context.bounded(context.made_at)
        member = Member(
            member_no=body.member_no,
            phone=body.phone,
            name=body.name,
            pinyin=keys.pinyin,
            initials=keys.initials,
            gender=body.gender,
            birthday=body.birthday,
            source=body.source,
            tags=body.tags,
            consents=tuple(
                Consent(kind=c.kind, granted=c.granted, policy_version=c.policy_version, ver=1, at=joined_at)
                for c in body.consents
            ),
            owner_id=context.guide_id,
            home_store_id=context.store_id,
            referrer=body.referrer,
            joined_at=joined_at,
            last_contact_at=joined_at,
            touch_point=body.touch_point,
            gift=body.gift,
            signed=body.signature.kinds if body.signature else (),
        )
        return Effect({ref: member, **handed_over(body, state, joined_at)})


class MemberEdit(Operation[Edit]):
    """Changes fields one by one, and lists element by element; where somebody else changed the same, HQ's value stays
    and both are kept. An edit that takes back one which collided takes its conflict away."""

    kind: ClassVar[str] = "member.edit"
    version: ClassVar[int] = 2
    body = Edit
    older = (Older(1, EditV1, lambda v1: Edit(member_id=v1.member_id, base_ver=v1.base_ver, set=v1.set, whole=True)),)

    def touches(self, body: Edit) -> tuple[Ref, ...]:
        return (Ref("member", body.member_id),)

    def check(self, body: Edit, state: Snapshot, context: Context) -> Refusal | None:
        if any(name not in Member.__struct_fields__ for name in body.set):
            return Refusal("rejected", "field_unknown")
        if any(name not in EDITABLE for name in body.set):
            return Refusal("rejected", "not_allowed")
        try:
            for name, edit in body.set.items():
                _value(name, edit.new)
                _value_seen(name, edit.old, whole=body.whole)
        except msgspec.ValidationError:
            return Refusal("parked", "body_invalid")
        return None

    def effect(self, body: Edit, state: Snapshot, context: Context) -> Effect:
        ref = Ref("member", body.member_id)
        member = state.get(ref, Member)
        if member is None:
            return Effect({})
        for name, edit in body.set.items():
            member = _edited(member, name, edit, body, context.op_id)
        collided = any(conflict.op_id == context.op_id for conflict in member.conflicts)
        return Effect({ref: member}, "conflict" if collided else "")


class MemberConsent(Operation[GiveConsent]):
    """Gives or withdraws one consent; a grant made in ignorance of a later withdrawal has no effect."""

    kind: ClassVar[str] = "member.consent"
    body = GiveConsent

    def touches(self, body: GiveConsent) -> tuple[Ref, ...]:
        return (Ref("member", body.member_id),)

    def effect(self, body: GiveConsent, state: Snapshot, context: Context) -> Effect:
        ref = Ref("member", body.member_id)
        member = state.get(ref, Member)
        if member is None:
            return Effect({})
        changed = with_consent(member, body, state.ver(ref) + 1, context.bounded(context.made_at))
        return Effect({ref: changed}) if changed is not None else Effect({}, "consent_older")


def with_consent(member: Member, body: GiveConsent, ver: int, at: str) -> Member | None:
    """The member with the consent taken in as version `ver`; None when a withdrawal not seen stands against it."""
    last = member.consent(body.kind)
    if body.granted and last is not None and not last.granted and not _seen(last, body):
        return None
    given = Consent(kind=body.kind, granted=body.granted, policy_version=body.policy_version, ver=ver, at=at)
    others = tuple(c for c in member.consents if c.kind != body.kind)
    return msgspec.structs.replace(member, consents=(*others, given))


def _seen(last: Consent, body: GiveConsent) -> bool:
    return body.seen_ver >= last.ver or (body.seen_at != "" and body.seen_at == last.at)


def handed_over(body: SignUp, state: Snapshot, at: str) -> dict[Ref, Record]:
    """The stock after the gift went over the counter; what the shop keeps no books of is left alone."""
    ref = Ref("stock", body.gift.product_id) if body.gift else None
    stock = state.get(ref, Stock) if ref else None
    if ref is None or stock is None:
        return {}
    return {ref: msgspec.structs.replace(stock, on_hand=stock.on_hand - 1, as_of=max(stock.as_of, at))}


def merge_sign_up(survivor: Member, body: SignUp, ver: int, at: str) -> Member:
    """What a second sign-up of the same phone leaves: it fills empty fields, its consents count as given now.

    A consent that the survivor once withdrew is not granted again: the second tablet cannot have seen that. Who has
    bought here before was not brought by anybody.
    """
    keys = names.search_keys(body.name)
    merged = msgspec.structs.replace(
        survivor,
        name=survivor.name or body.name,
        pinyin=survivor.pinyin or keys.pinyin,
        initials=survivor.initials or keys.initials,
        gender=survivor.gender or body.gender,
        birthday=survivor.birthday or body.birthday,
        source=survivor.source or body.source,
        referrer=survivor.referrer or ("" if survivor.order_count else body.referrer),
        touch_point=survivor.touch_point or body.touch_point,
        gift=survivor.gift or body.gift,
        signed=tuple(dict.fromkeys((*survivor.signed, *(body.signature.kinds if body.signature else ())))),
        tags=elements.joined("tags", survivor.tags, body.tags),
        other_numbers=tuple(dict.fromkeys((*survivor.other_numbers, body.member_no))),
        last_contact_at=max(survivor.last_contact_at, at),
    )
    for item in body.consents:
        given = GiveConsent(
            member_id=body.member_id,
            kind=item.kind,
            granted=item.granted,
            policy_version=item.policy_version,
            seen_ver=0,
        )
        merged = with_consent(merged, given, ver, at) or merged
    return merged


def merge_members(survivor: Member, vanished: Member, ver: int, *, same_currency: bool) -> Member:
    """What one person's second membership, of another store, leaves in the first: it fills empty fields, its figures
    count, a withdrawal stands on whichever side it was made. `ver`: the survivor's version from now on."""
    filled = {
        name: getattr(survivor, name) or getattr(vanished, name)
        for name in ("name", "pinyin", "initials", "gender", "birthday", "source", "level", "note", "touch_point",
                     "gift")
    }  # fmt: skip
    if not survivor.order_count:  # who has bought before was not brought by anybody
        filled["referrer"] = survivor.referrer or vanished.referrer
    lists = {name: elements.joined(name, getattr(survivor, name), getattr(vanished, name)) for name in elements.FIELDS}
    numbers = (*survivor.other_numbers, vanished.member_no, *vanished.other_numbers)
    theirs = vanished.counted
    return msgspec.structs.replace(
        survivor,
        **filled,
        **lists,
        signed=tuple(dict.fromkeys((*survivor.signed, *vanished.signed))),
        consents=_joined(survivor.consents, vanished.consents, ver),
        conflicts=(*survivor.conflicts, *vanished.conflicts),
        other_numbers=tuple(dict.fromkeys(n for n in numbers if n != survivor.member_no)),
        order_count=survivor.order_count + vanished.order_count,
        spent=survivor.spent + (vanished.spent if same_currency else 0),
        counted=levels.put(survivor.counted, *(theirs if same_currency else levels.unpriced(theirs))),
        given=survivor.given or vanished.given,
        memberships=memberships.put(survivor.memberships, vanished.memberships),
        last_contact_at=max(survivor.last_contact_at, vanished.last_contact_at),
    )


def _joined(ours: tuple[Consent, ...], theirs: tuple[Consent, ...], ver: int) -> tuple[Consent, ...]:
    """The consents of both, item by item; where they differ the withdrawal stands."""
    joined = {consent.kind: consent for consent in ours}
    for consent in theirs:
        here = joined.get(consent.kind)
        if here is None or (here.granted and not consent.granted):
            joined[consent.kind] = msgspec.structs.replace(consent, ver=ver)
    return tuple(joined.values())


def other_sides(member: Member, name: str, hq: Any, chosen: Any, theirs: Sequence[Any]) -> tuple[Any, ...]:
    """What stood beside `hq` in collisions that were settled by `chosen`, as it is once the choice is taken back.

    Of elements each is the value of then with that side's own changes: what others added meanwhile is in both sides,
    so that whichever is chosen next loses none of it. A side that does not differ from that value is left out.
    """
    now = getattr(member, name)
    if name not in elements.FIELDS:
        now = hq if now == chosen else now
        return tuple(side for side in theirs if side != now)
    told = _value(name, hq)
    now = elements.merge(name, now, _value(name, chosen), told).value
    sides = (elements.merge(name, now, told, _value(name, side)).value for side in theirs)
    return tuple(side for side in sides if side != now)


def _value(name: str, told: Any) -> Any:
    """What an edit of this field means; raises msgspec.ValidationError when it is none."""
    if told is None and name != "name":
        return getattr(_NOBODY, name)
    value = msgspec.convert(told, EDITABLE[name])
    return elements.unique(name, value) if name in elements.FIELDS else value


def _value_seen(name: str, told: Any, *, whole: bool) -> Any:
    """What the guide saw; raises msgspec.ValidationError where elements are none."""
    if name in elements.FIELDS and not whole:
        return _value(name, told)
    if told is None:
        return getattr(_NOBODY, name)
    return tuple(told) if isinstance(told, list) else told


def _edited(member: Member, name: str, edit: FieldEdit, body: Edit, op_id: str) -> Member:
    """The member with one field of an edit in it."""
    if body.undoes and any((c.field, c.op_id) == (name, body.undoes) for c in member.conflicts):
        kept = tuple(c for c in member.conflicts if (c.field, c.op_id) != (name, body.undoes))
        return msgspec.structs.replace(member, conflicts=kept)
    new, old = _value(name, edit.new), _value_seen(name, edit.old, whole=body.whole)
    if name in elements.FIELDS and not body.whole:
        return _merged(member, name, old, new, op_id)
    now = getattr(member, name)
    return _settled(member, name, new) if now in (new, old) else _collided(member, name, new, op_id)


def _merged(member: Member, name: str, old: Any, new: Any, op_id: str) -> Member:
    """Elements put together. A conflict of the field ends only by an edit that names both of its sides: to add
    something is not to settle what another added."""

    def ends(conflict: FieldConflict) -> bool:
        if conflict.field != name:
            return False
        hq, theirs = (_value(name, side) for side in (conflict.hq, conflict.theirs))
        return bool(old == hq and new in (hq, theirs))

    result = elements.merge(name, getattr(member, name), old, new)
    kept = msgspec.structs.replace(member, conflicts=tuple(c for c in member.conflicts if not ends(c)))
    if result.collided:
        return _collided(kept, name, result.value, op_id)
    return msgspec.structs.replace(kept, **{name: result.value})


def _settled(member: Member, name: str, value: Any) -> Member:
    changes: dict[str, Any] = {name: value, "conflicts": tuple(c for c in member.conflicts if c.field != name)}
    if name == "name":
        keys = names.search_keys(value)
        changes |= {"pinyin": keys.pinyin, "initials": keys.initials}
    return msgspec.structs.replace(member, **changes)


def _collided(member: Member, name: str, theirs: Any, op_id: str) -> Member:
    """Both values as JSON has them: a conflict is of any field."""
    hq, other = (msgspec.json.decode(msgspec.json.encode(value)) for value in (getattr(member, name), theirs))
    conflict = FieldConflict(field=name, hq=hq, theirs=other, op_id=op_id)
    kept = tuple(c for c in member.conflicts if (c.op_id, c.field) != (op_id, name))
    return msgspec.structs.replace(member, conflicts=(*kept, conflict))
