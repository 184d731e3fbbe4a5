"""Members at HQ: one person, one member; consents to known policies only."""

from __future__ import annotations

import msgspec

from guide_app.domain import levels
from guide_app.domain.errors import Defect
from guide_app.domain.ids import derived_id
from guide_app.domain.records import Member, MemberAlias, Ref
from guide_app.operations import Context, Effect, Refusal
from guide_app.operations.base import B
from guide_app.operations.joining import by_form
from guide_app.operations.members import Edit, GiveConsent, SignUp, handed_over, merge_sign_up
from hq.handlers.base import Desk, Handler, Needs, outcome, unused
from hq.joining.values import Joining
from hq.ledger.past import called
from hq.ledger.port import Bought, Outcome
from hq.ledger.steps import MeetMember


class SignUpHandler(Handler[SignUp]):
    """A phone is one member of a store: a second sign-up is merged into the first, and its id leads there for ever.

    That of a form at HQ only leads there: it changes nothing of somebody who is a member already.
    """

    def needs(self, body: SignUp, context: Context) -> Needs:
        return Needs(
            refs=self.operation.touches(body),
            staff=(context.guide_id,),
            phones=(body.phone,),
            newcomers=(body.member_id,),
            member_numbers=(body.member_no,),
            policies=True,
            gifts=(body.phone,) if body.gift else (),
            referrers=(body.referrer,),
        )

    def about_erased(self, body: SignUp, desk: Desk) -> bool:
        return body.referrer in desk.forgotten or super().about_erased(body, desk)

    def without_erased(self, body: SignUp, desk: Desk) -> SignUp | None:
        """Who was sent by somebody erased was sent by nobody."""
        if super().about_erased(body, desk):
            return None
        return msgspec.structs.replace(body, referrer="")

    def unsaid(self, body: SignUp, desk: Desk) -> str:
        return body.referrer if body.referrer in desk.forgotten else ""

    def authority(self, body: SignUp, desk: Desk, context: Context) -> Refusal | None:
        known = all((c.kind, c.policy_version) in desk.policies for c in body.consents)
        return None if known else Refusal("parked", "policy_unknown")

    def take(self, body: SignUp, desk: Desk, context: Context) -> Outcome:
        first = desk.phones.get(body.phone)
        again = _kept(body, desk, context)
        if first is None:
            desk.phones[body.phone] = body.member_id
            desk.leave(MeetMember(to=context.store_id, member_id=body.member_id))
            became = super().take(body, desk, context)
            return outcome("applied", "gift_twice") if again else became
        survivor = desk.rows.resolve(Ref("member", first))
        member = desk.rows.get(survivor, Member)
        if member is None:
            raise Defect("a phone leads to a member that is not there")
        at = context.bounded(context.made_at)
        told = member  # a form proves nothing: whoever has the link can type any phone
        if not by_form(body.member_id):
            told = merge_sign_up(member, body, desk.rows.ver(survivor) + 1, at)
        merged = _with_orders(told, desk.bought.get(body.member_id))
        alias = MemberAlias(member_id=survivor.id)
        changed = {survivor: merged} if merged != member else {}
        gone = handed_over(body, desk.rows, at)
        desk.apply({**changed, Ref("member_alias", body.member_id): alias, **gone})
        code = "phone_known_gift_twice" if again else "phone_known"
        return outcome("merged", code, entity="member", entity_id=survivor.id)

    def amend(self, effect: Effect, body: SignUp, desk: Desk, context: Context) -> Effect:
        ref = Ref("member", body.member_id)
        member = effect.changes[ref]
        assert isinstance(member, Member)
        number = unused(member.member_no, desk.member_numbers)
        desk.forgotten -= called(member.phone, (number,))  # these are somebody's again
        member = msgspec.structs.replace(member, member_no=number)
        code = effect.code if number == body.member_no else "number_changed"
        return Effect({**effect.changes, ref: _with_orders(member, desk.bought.get(body.member_id))}, code)


def _kept(body: SignUp, desk: Desk, context: Context) -> bool:
    """Keeps what was handed over and signed; whether the person had a gift before."""
    if body.gift is None and body.signature is None:
        return False
    person, signed = desk.person(body.phone), body.signature
    again = body.gift is not None and person in desk.gifted
    if body.gift is not None:
        desk.gifted.add(person)
    kept = Joining(
        at=context.bounded(context.made_at), member_id=body.member_id, person=person,
        product_id=body.gift.product_id if body.gift else "", signed=signed.kinds if signed else (),
        strokes=signed.strokes if signed else "",
    )  # fmt: skip
    desk.rows.load({(ref := Ref("joining", derived_id("joining", body.member_id))): None})
    desk.apply({ref: kept})
    return again


def _with_orders(member: Member, bought: Bought | None) -> Member:
    """The member with the orders that came before their sign-up: it had been parked, or a restored HQ was told of
    another store's orders first."""
    if bought is None:
        return member
    return msgspec.structs.replace(
        member,
        order_count=member.order_count + bought.orders,
        spent=member.spent + bought.spent,
        last_contact_at=max(member.last_contact_at, bought.last_at),
        counted=levels.put(member.counted, *bought.days),
    )


class _KnownMember(Handler[B]):
    """Parks what is about a member whose sign-up HQ has not taken yet: it is run again after that. What is about a
    member of another store is for that store to judge."""

    def elsewhere(self, body: B, desk: Desk) -> str:
        return next(filter(None, map(desk.home_of, self.operation.touches(body))), "")

    def authority(self, body: B, desk: Desk, context: Context) -> Refusal | None:
        known = all(desk.rows.row(ref) is not None for ref in self.operation.touches(body))
        return None if known else Refusal("parked", "member_unknown")


class EditHandler(_KnownMember[Edit]):
    """Per field; where two edits collide HQ's value stays."""

    def amend(self, effect: Effect, body: Edit, desk: Desk, context: Context) -> Effect:
        ref = desk.rows.resolve(Ref("member", body.member_id))
        row = desk.rows.row(ref)
        unchanged = row is not None and effect.changes.get(Ref("member", body.member_id)) == row.record
        return Effect({}, effect.code) if unchanged else effect


class ConsentHandler(_KnownMember[GiveConsent]):
    """A grant names a policy that HQ published; a withdrawal is taken whatever it names."""

    def needs(self, body: GiveConsent, context: Context) -> Needs:
        return Needs(refs=self.operation.touches(body), staff=(context.guide_id,), policies=body.granted)

    def authority(self, body: GiveConsent, desk: Desk, context: Context) -> Refusal | None:
        if body.granted and (body.kind, body.policy_version) not in desk.policies:
            return Refusal("parked", "policy_unknown")
        return super().authority(body, desk, context)
