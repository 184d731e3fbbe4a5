"""Members at the counter: finding them, signing them up, changing what the chain knows of them."""

from __future__ import annotations

from typing import Any

import msgspec

from guide_app.domain import elements, phone
from guide_app.domain.anniversaries import check_birthday
from guide_app.domain.errors import BadInput
from guide_app.domain.ids import Ids
from guide_app.domain.records import Gift, Policy
from guide_app.domain.records.member import Gender
from guide_app.operations.joining import WALKED_IN, consents, to_sign
from guide_app.operations.members import (
    Edit,
    FieldEdit,
    GiveConsent,
    MemberConsent,
    MemberEdit,
    MemberSignUp,
    Signature,
    SignUp,
    other_sides,
)
from guide_app.operations.privacy import MemberReveal, Reveal, Shown
from guide_app.services.ports.base import View
from guide_app.services.ports.members import MemberReader, MemberRow, MemberView
from guide_app.services.ports.shop import ShopReader
from guide_app.services.ports.writing import Draft, Journal, Numbers
from guide_app.services.session import Session


class SignUpForm(View, frozen=True):
    """What the guide typed. `member_id` is drawn when the form opens, so that a second tap cannot make a second member.

    `consents` maps a policy's kind to what the customer answered; a kind that is not there was not asked.
    `corrects` is the key of the row of the attention list that this form repairs, if any. `gift`: what is handed over;
    `strokes`: the signature, as an SVG path.
    """

    member_id: str
    phone: str
    name: str
    gender: Gender = ""
    birthday: str = ""
    source: str = WALKED_IN
    referrer: str = ""
    tags: tuple[str, ...] = ()
    consents: dict[str, bool] = {}
    corrects: str = ""
    touch_point: str = ""
    gift: Gift | None = None
    strokes: str = ""


class PhoneFound(View, frozen=True):
    """A phone as it stands: E.164, and the member of this store who has it already."""

    e164: str
    member: MemberRow | None


class Settled(View, frozen=True):
    """A field collision that was settled, with both its sides: enough to have it stand again.

    `theirs`: the other sides of the collisions that this choice ended.
    """

    member_id: str
    field: str
    hq: Any
    chosen: Any
    theirs: tuple[Any, ...]


class MemberDesk:
    """The use cases of members."""

    def __init__(
        self, members: MemberReader, shop: ShopReader, journal: Journal, numbers: Numbers, session: Session, ids: Ids
    ) -> None:
        self._members, self._shop, self._journal = members, shop, journal
        self._numbers, self._session, self._ids = numbers, session, ids

    def new_form(self) -> SignUpForm:
        """An empty form with its member's id."""
        return SignUpForm(member_id=self._ids.uuid7(), phone="", name="")

    async def form_again(self, body: SignUp) -> SignUpForm:
        """The form of a sign-up that HQ refused: the same member, for whom orders and talks may stand already.

        What was typed and answered is kept. A consent whose words have changed since must be asked for again.
        """
        current = {policy.kind: policy.version for policy in await self._shop.policies()}
        return SignUpForm(
            member_id=body.member_id,
            phone=body.phone,
            name=body.name,
            gender=body.gender,
            birthday=body.birthday,
            source=body.source,
            referrer=body.referrer,
            tags=body.tags,
            consents={c.kind: c.granted for c in body.consents if current.get(c.kind) == c.policy_version},
            touch_point=body.touch_point,
            gift=body.gift,
        )

    async def check_phone(self, text: str) -> PhoneFound:
        """Reads a phone number and looks for its member. Raises BadInput("phone_invalid")."""
        tablet = await self._shop.tablet()
        e164 = phone.normalise(text, tablet.region if tablet else "CN")
        return PhoneFound(e164=e164, member=await self._members.by_phone(e164))

    async def find_referrer(self, text: str) -> MemberRow | None:
        """The member of this store whom a phone or a number names, if any."""
        try:
            return (await self.check_phone(text)).member
        except BadInput:
            return await self._members.by_number(text.strip().upper())

    async def _referrer(self, text: str) -> str:
        """Who sent them, as HQ finds them: a member's number, a phone as E.164, or as it was told."""
        told = text.strip()
        if not told:
            return ""
        found = await self.find_referrer(told)
        if found is not None:
            return found.member_no
        try:
            return (await self.check_phone(told)).e164
        except BadInput:
            return told

    async def sign_up(self, form: SignUpForm, *, forget: str = "") -> str:
        """Signs the member up; returns the member's id after the commit. `forget`: the key of the form's draft.

        Raises BadInput("phone_invalid" | "name_missing" | "birthday_invalid" | "consent_missing" | "phone_taken" |
        "signature_missing"), NotSaved; Refused where this very form was written already.
        """
        guide_id = self._session.guide_id  # who tapped, whoever stands there when it is written
        found = await self.check_phone(form.phone)
        if found.member is not None:
            raise BadInput("phone_taken")
        if not form.name.strip():
            raise BadInput("name_missing")
        birthday = form.birthday.strip()
        check_birthday(birthday)
        policies = list(await self._shop.policies())
        given, kinds = consents(form.consents, policies), to_sign(form.consents, policies)
        if kinds and not form.strokes:
            raise BadInput("signature_missing")
        body = SignUp(
            member_id=form.member_id,
            member_no=await self._numbers.next(),
            phone=found.e164,
            name=form.name.strip(),
            source=form.source,
            consents=given,
            gender=form.gender,
            birthday=birthday,
            referrer=await self._referrer(form.referrer),
            tags=form.tags,
            touch_point=form.touch_point,
            signature=Signature(kinds=kinds, strokes=form.strokes) if kinds else None,
            gift=form.gift,
        )
        await self._journal.commit(guide_id, Draft(kind=MemberSignUp.kind, body=body), forget=forget)
        return form.member_id

    async def edit(self, seen: MemberView, **fields: Any) -> str:
        """Sets fields of a member, told together with what the guide saw; the id of the operation.

        Raises BadInput("name_missing" | "birthday_invalid" | "list_full"), NotSaved.
        """
        if not fields.get("name", "-").strip():
            raise BadInput("name_missing")
        _check_days(fields)
        for name in elements.FIELDS & fields.keys():
            if len(fields[name]) > max(elements.LIMIT, len(getattr(seen.member, name))):
                raise BadInput("list_full")
        changes = {
            name: FieldEdit(old=msgspec.to_builtins(getattr(seen.member, name)), new=msgspec.to_builtins(value))
            for name, value in fields.items()
        }
        return await self._set(Edit(member_id=seen.id, base_ver=seen.ver, set=changes))

    async def take_back(self, seen: MemberView, op_id: str, **fields: Any) -> None:
        """Takes an edit back: the fields become what they were in `seen`, from what the edit made of them (`fields`).

        What others did to them meanwhile stays, element by element. Raises NotSaved.
        """
        changes = {
            name: FieldEdit(old=msgspec.to_builtins(made), new=msgspec.to_builtins(getattr(seen.member, name)))
            for name, made in fields.items()
        }
        await self._set(Edit(member_id=seen.id, base_ver=seen.ver, set=changes, undoes=op_id))

    async def settle(self, member_id: str, field: str, hq: Any, chosen: Any) -> Settled:
        """Settles a field collision: what was chosen replaces HQ's value, and the conflict is gone. Raises NotSaved."""
        before = await self._conflicts(member_id, field)
        await self._set(Edit(member_id=member_id, base_ver=0, set={field: FieldEdit(old=hq, new=chosen)}))
        left = await self._conflicts(member_id, field)  # of a list another collision stands until it is settled itself
        theirs = tuple(side for op_id, side in before.items() if op_id not in left)
        return Settled(member_id=member_id, field=field, hq=hq, chosen=chosen, theirs=theirs)

    async def unsettle(self, settled: Settled) -> None:
        """The collision stands again: HQ's value, and beside it what the others made of it. Raises NotSaved.

        Whoever says of a value that stands no more both that they saw it and that they want it collides, and no more.
        """
        seen, field = await self._members.get(settled.member_id), settled.field
        sides = settled.theirs  # of a member who is here no more HQ hears it as it was
        if seen is not None:
            sides = other_sides(seen.member, field, settled.hq, settled.chosen, settled.theirs)
        said = [] if settled.chosen == settled.hq else [(settled.chosen, settled.hq, False)]
        said += [(side, side, True) for side in map(msgspec.to_builtins, sides)]
        if not said:  # both sides are one by now
            return
        await self._set(*(
            Edit(member_id=settled.member_id, base_ver=0, set={field: FieldEdit(old=old, new=new)}, whole=whole)
            for old, new, whole in said
        ))  # fmt: skip

    async def _conflicts(self, member_id: str, field: str) -> dict[str, Any]:
        """The other sides of a field's collisions, by the operation that collided."""
        seen = await self._members.get(member_id)
        return {c.op_id: c.theirs for c in seen.member.conflicts if c.field == field} if seen is not None else {}

    async def _set(self, *bodies: Edit) -> str:
        drafts = [Draft(kind=MemberEdit.kind, body=body) for body in bodies]
        change = await self._journal.commit(self._session.guide_id, *drafts)
        return "".join(change.ops)

    async def consent(self, seen: MemberView, policy: Policy, granted: bool) -> None:
        """Gives or withdraws one consent under the policy's current version."""
        last = seen.member.consent(policy.kind)
        body = GiveConsent(
            member_id=seen.id, kind=policy.kind, granted=granted, policy_version=policy.version, seen_ver=seen.ver,
            seen_at=last.at if last else "",
        )  # fmt: skip
        await self._journal.commit(self._session.guide_id, Draft(kind=MemberConsent.kind, body=body))

    async def reveal(self, member_id: str, what: Shown) -> None:
        """Writes down that a masked phone is shown, or taken along: HQ keeps who saw it. Raises NotSaved."""
        body = Reveal(member_id=member_id, what=what)
        await self._journal.commit(self._session.guide_id, Draft(kind=MemberReveal.kind, body=body))


def _check_days(fields: dict[str, Any]) -> None:
    check_birthday(fields.get("birthday", ""))
    for one in fields.get("dates", ()):
        check_birthday(one.day)
    for one in fields.get("household", ()):
        check_birthday(one.birthday)
