"""Members across stores: each belongs to one, their home, which alone keeps the truth about them.

Other stores that deal with them have a copy, the `visitor`. What is done there to their figures goes home by a step;
what changes at home reaches the copies by steps. All of it is pure over the port, in a transaction of one store.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple, TypeVar

import msgspec

from guide_app.domain import levels, memberships
from guide_app.domain.clock import to_text
from guide_app.domain.errors import Defect, Refused
from guide_app.domain.ids import derived_id
from guide_app.domain.records import (
    Followup,
    Member,
    MemberAlias,
    Promise,
    Record,
    Ref,
    Reminder,
    Step,
    Ticket,
    Visitor,
    Wallet,
)
from guide_app.domain.records.wallet import joined as joined_wallets
from guide_app.domain.steps import promise_now, ticket_now, with_step
from guide_app.operations import Versioned
from guide_app.operations.joining import by_form, without_form
from guide_app.operations.members import merge_members
from hq.handlers import referrals
from hq.handlers.base import Desk, unused
from hq.handlers.visiting import visitor_of
from hq.handlers.work import Work, ends, feed_rows, joined
from hq.ledger.port import Aggregates, Clash, Home
from hq.ledger.steps import AddFigures, AnyStep, GivePoints, MeetMember, RefreshVisitor, TakeOver, TellMemberships

H = TypeVar("H", Ticket, Promise)
VISIT = timedelta(days=30)
"""How long a member of another store stays findable here after they were looked up, moved away or merged."""


class Here(NamedTuple):
    """The store whose transaction this is."""

    store_id: str
    currency: str
    aggregates: Aggregates


def add_figures(here: Here, step: AddFigures) -> Work:
    """Another store's business counts at home; where home is no longer here it goes on there."""
    desk = Desk(here.aggregates, here.currency)
    ref = Ref("member", step.member_id)
    desk.fetch([ref])
    if home := desk.home_of(ref):
        return Work(steps=(msgspec.structs.replace(step, to=home),))
    member = desk.rows.get(ref, Member)
    if member is None:
        return Work()  # erased meanwhile: nobody is left to count for
    same_currency = step.currency == here.currency
    after = msgspec.structs.replace(
        member,
        order_count=member.order_count + step.orders,
        spent=member.spent + (step.spent if same_currency else 0),
        last_contact_at=max(member.last_contact_at, step.contact_at),
        counted=levels.put(member.counted, *(step.days if same_currency else levels.unpriced(step.days))),
    )
    desk.apply({ref: after})
    return desk.save()


def tell_memberships(here: Here, step: TellMemberships) -> Work:
    """What a member paid for is kept at home; where home is no longer here it goes on there."""
    desk = Desk(here.aggregates, here.currency)
    ref = Ref("member", step.member_id)
    desk.fetch([ref])
    if home := desk.home_of(ref):
        return Work(steps=(msgspec.structs.replace(step, to=home),))
    member = desk.rows.get(ref, Member)
    paid = memberships.told(member.memberships, step.paid) if member else ()
    if member is None or paid == member.memberships:
        return Work()
    desk.apply({ref: msgspec.structs.replace(member, memberships=paid)})
    return desk.save()


def meet(here: Here, step: MeetMember, now: datetime) -> Work:
    """One phone, one person: of the members who have it, whom HQ received first stays, the others lead to them.

    The order of receipt is the same whichever store asks, and an alias leads only to somebody received earlier: both
    sides decide alike, and aliases never close a circle.
    """
    ref = Ref("member", step.member_id)
    row = here.aggregates.load([ref])[ref]
    if row is None or not isinstance(row.record, Member) or here.aggregates.erased([ref.id]):
        return Work()  # merged meanwhile, being erased, or moved: their new home has a step of its own
    everybody = here.aggregates.same_phone(row.record.phone)
    if not everybody or everybody[0][1] == ref.id:
        later = (MeetMember(to=store_id, member_id=other) for store_id, other in everybody[1:])
        return Work(steps=tuple(later))
    first = everybody[0][1]
    home = here.aggregates.homes([first], hold=True).get(first)
    if home is None or home.member_id != first or home.store_id == here.store_id:
        raise Clash("the first member changed meanwhile")
    visits = here.aggregates.visits([ref.id]).get(ref.id, ())
    going = {ref: row, **_wallet(here, ref.id)}
    here.aggregates.remove(going)
    wallet = next((found.record for found in going.values() if isinstance(found.record, Wallet)), None)
    vanished = without_form(row.record) if by_form(ref.id) else row.record
    steps: tuple[AnyStep, ...] = (
        TakeOver(to=home.store_id, member_id=first, vanished=vanished, currency=here.currency, wallet=wallet),
        *(RefreshVisitor(to=store_id, member_id=ref.id) for store_id in visits),
        *referrals.vanished(here.aggregates, ref.id),
    )
    return joined([_led(here, ref.id, home, to_text(now + VISIT)), Work(ends(going, "gone"), steps)])


def take_over(here: Here, step: TakeOver) -> Work:
    """The survivor takes over what the vanished member was; where their home is no longer here it goes on there."""
    desk = Desk(here.aggregates, here.currency)
    ref = Ref("member", step.member_id)
    desk.fetch([ref])
    if home := desk.home_of(ref):
        return Work(steps=(msgspec.structs.replace(step, to=home),))
    member = desk.rows.get(ref, Member)
    if member is None:
        return Work()  # erased meanwhile
    same_currency = step.currency == here.currency
    merged = merge_members(member, step.vanished, desk.rows.ver(ref) + 1, same_currency=same_currency)
    purse = Ref("wallet", step.member_id)
    desk.fetch([purse])
    wallet = joined_wallets(desk.rows.get(purse, Wallet), step.wallet)
    desk.apply({ref: merged, **({purse: wallet} if wallet and step.wallet else {})})
    return desk.save()


def give_points(here: Here, step: GivePoints) -> Work:
    """A member's points become more, or fewer, where they are kept."""
    rows, onward = referrals.give(here.aggregates, step)
    return Work(feed_rows(rows), onward)


def refresh(here: Here, member_id: str) -> Work:
    """This store's copy of a member as their home has them now; it goes where there is nobody, or they moved here."""
    ref = Ref("visitor", member_id)
    row = here.aggregates.load([ref])[ref]
    home = here.aggregates.homes([member_id], hold=True).get(member_id)
    if row is None or not isinstance(row.record, Visitor):
        return Work() if home is None or home.member_id == member_id else refresh(here, home.member_id)
    if home is not None and home.member_id == member_id and home.store_id != here.store_id:
        return _copy(here, home, row.record.until)
    here.aggregates.remove([ref])
    left = Work(ends({ref: row}, "left"))
    if home is None or home.member_id == member_id:
        return left
    return joined([_led(here, member_id, home, row.record.until), left])


def invite(here: Here, home: Home, now: datetime) -> Work:
    """Puts a member of another store here for 30 days from now."""
    return _copy(here, home, to_text(now + VISIT))


def look_up(here: Here, found: Sequence[tuple[str, str]], now: datetime) -> tuple[str, Work]:
    """Of those (store, member) that a question met, the one whom this store is told of: its own first, else whom HQ
    received first, who becomes a visitor here for 30 days from now. "" where there is nobody."""
    for store_id, member_id in found:
        if store_id == here.store_id:
            return member_id, Work()
    for _store_id, member_id in found:
        home = here.aggregates.homes([member_id], hold=True).get(member_id)
        if home is not None:
            at_home = home.store_id == here.store_id  # they came here this very moment
            return home.member_id, Work() if at_home else invite(here, home, now)
    return "", Work()


def expire(here: Here, now: datetime) -> Work:
    """Copies that had their time leave."""
    refs = [Ref("visitor", member_id) for member_id in here.aggregates.expired_visitors(to_text(now))]
    found = {ref: row for ref, row in here.aggregates.load(refs).items() if row is not None}
    here.aggregates.remove(found)
    return Work(ends(found, "left"))


def move(old: Here, new: Here, member_id: str, now: datetime, owner_id: str = "") -> tuple[Work, Work]:
    """A member's home becomes another store; gives the work in the old store and in the new.

    With them go what hangs on them and is open, to `owner_id` where it is given, marks on lists and the wallet; orders,
    talks and what is done stay with the store that made them, which keeps a copy of the member for 30 days. The one
    transaction of two stores: an act of HQ's own people.
    Raises Refused("member_unknown" | "phone_taken").
    """
    ref = Ref("member", member_id)
    row = old.aggregates.load([ref])[ref]
    if row is None or not isinstance(row.record, Member) or old.aggregates.erased([member_id]):
        raise Refused("member_unknown")
    if new.aggregates.find_phones([row.record.phone]):
        raise Refused("phone_taken")
    along = old.aggregates.load(old.aggregates.going_along(member_id))
    going = {ref: row, **{one: found for one, found in along.items() if found is not None}}
    brought = {one: found for one, found in old.aggregates.load([Ref("referral", member_id)]).items() if found}
    old.aggregates.remove([*going, *brought])
    number = unused(row.record.member_no, new.aggregates.taken_member_numbers([row.record.member_no]))
    moved = msgspec.structs.replace(row.record, home_store_id=new.store_id, owner_id=owner_id, member_no=number)
    came = {
        one: Versioned(_handed_over(one, found.record, owner_id, to_text(now)), found.ver + 1)
        for one, found in going.items()
        if one != ref
    }
    saved = new.aggregates.save({ref: Versioned(moved, row.ver + 1), **came, **brought})
    visits = new.aggregates.visits([member_id]).get(member_id, ())
    steps = tuple(RefreshVisitor(to=store_id, member_id=member_id) for store_id in visits if store_id != new.store_id)
    home = new.aggregates.homes([member_id])[member_id]
    behind = joined([Work(ends(going, "left"), steps), invite(old, home, now)])
    meets = MeetMember(to=new.store_id, member_id=member_id)  # a step that waits at the old home finds nobody there
    return behind, joined([refresh(new, member_id), Work(feed_rows(saved), (meets,))])


def _handed_over(ref: Ref, record: Record, owner_id: str, at: str) -> Record:
    """What hangs on a member becomes the new owner's; whom a mark was handed to stayed behind."""
    match record:
        case Reminder():
            return msgspec.structs.replace(record, guide_id="")
        case Followup() | Ticket() | Promise() if not owner_id:
            return record
        case Followup():
            return msgspec.structs.replace(record, guide_id=owner_id)
        case Ticket():
            return ticket_now(_with_step(record, _given(ref, owner_id, at)))
        case Promise():
            return promise_now(_with_step(record, _given(ref, owner_id, at)))
        case Wallet():
            return record
        case _:
            raise Defect(f"a {type(record).__name__} does not move with a member")


def _given(ref: Ref, to: str, at: str) -> Step:
    """A step of HQ's own: it has no operation, so its id follows from what it does."""
    op_id = derived_id("handed", *ref, to, at)
    return Step(op_id=op_id, id=op_id, at=at, guide_id="", what="assign", to=to)


def _with_step(record: H, step: Step) -> H:
    return msgspec.structs.replace(record, history=with_step(record.history, step))


def _wallet(here: Here, member_id: str) -> dict[Ref, Versioned]:
    """The member's wallet, where they have one here."""
    found = here.aggregates.load([Ref("wallet", member_id)])
    return {ref: row for ref, row in found.items() if row is not None}


def _led(here: Here, vanished: str, home: Home, until: str) -> Work:
    """The vanished id leads to the survivor, who is a visitor here unless they are at home here."""
    alias = Ref("member_alias", vanished)
    before = here.aggregates.load([alias])[alias]
    led = Versioned(MemberAlias(member_id=home.member_id), before.ver + 1 if before else 1)
    work = Work(feed_rows(here.aggregates.save({alias: led})))
    return work if home.store_id == here.store_id else joined([work, _copy(here, home, until)])


def _copy(here: Here, home: Home, until: str) -> Work:
    """The copy of a member as their home has them, for at least until then; nothing where it is so already."""
    ref = Ref("visitor", home.member_id)
    before = here.aggregates.load([ref])[ref]
    if before is not None and isinstance(before.record, Visitor):
        until = max(until, before.record.until)
    copy = visitor_of(home, until)
    if before is not None and before.record == copy:
        return Work()
    return Work(feed_rows(here.aggregates.save({ref: Versioned(copy, before.ver + 1 if before else 1)})))
