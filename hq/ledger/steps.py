"""What one store's transaction leaves to be done in another's: written with it, carried out later, each once.

A step is carried out in a transaction of the store `to`, which may leave further steps. Bodies are JSON and go when
the step is done, so that nothing about a person stays here.
"""

from __future__ import annotations

import msgspec

from guide_app.domain.points import EntryKind
from guide_app.domain.records import Counted, Member, Membership, Wallet
from guide_app.operations.parcels import StepParcel
from guide_app.operations.returns import TakeBack
from hq.ledger.port import Outcome, Stream
from sync.protocol.messages import WireOp


class StepBody(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="kind"):
    """Base of all; `to` is a store's id."""

    to: str


class CarryOp(StepBody, frozen=True, kw_only=True, tag="op.carry"):
    """An operation belongs to that store, or is about somebody who belongs to it: run it there.

    `came_in`: the stream that brought it. Times are RFC 3339 UTC.
    """

    came_in: Stream
    op: WireOp
    received_at: str


class TellOutcome(StepBody, frozen=True, kw_only=True, tag="op.tell"):
    """An operation that came from that store's device was settled elsewhere. `member_id`: whom it was about, if any:
    that store's copy of them is brought up to date together with the news; so is that of the order `order_id`."""

    device_id: str
    op_id: str
    seq: int
    outcome: Outcome
    member_id: str = ""
    order_id: str = ""


class AddFigures(StepBody, frozen=True, kw_only=True, tag="member.figures"):
    """Another store did business with a member: what that adds to their figures, in all and by day. Money in minor
    units of `currency`."""

    member_id: str
    orders: int = 0
    spent: int = 0
    currency: str = ""
    contact_at: str = ""
    days: tuple[Counted, ...] = ()


class MeetMember(StepBody, frozen=True, kw_only=True, tag="member.meet"):
    """A member of that store may have the phone of another store's member: then the two are one person."""

    member_id: str


class TakeOver(StepBody, frozen=True, kw_only=True, tag="member.take_over"):
    """Another store's member was found to be this one: takes over what the vanished one was."""

    member_id: str
    vanished: Member
    currency: str
    wallet: Wallet | None = None


class RefreshVisitor(StepBody, frozen=True, kw_only=True, tag="visitor.refresh"):
    """That store's copy of a member is to be as their home has it, or to go."""

    member_id: str


class GivePoints(StepBody, frozen=True, kw_only=True, tag="points.give"):
    """A member is given points, or (negative) what they were given is taken back, in the store of their instrument.

    `what`, `source`, `at`, `until`: the ledger's entry of it, as in `hq.points.values.PointsEntry`.
    """

    member_id: str
    points: int
    what: EntryKind = "referral"
    source: str = ""
    at: str = ""
    until: str = ""


class TellMemberships(StepBody, frozen=True, kw_only=True, tag="member.paid"):
    """What a member's order means to the memberships that they pay for, as it stands now."""

    member_id: str
    paid: tuple[Membership, ...]


class MoveCoupons(StepBody, frozen=True, kw_only=True, tag="coupons.move"):
    """Coupons that this store issued with a membership or level are there again (`due`), or come back (`back`)."""

    due: tuple[str, ...] = ()
    back: tuple[str, ...] = ()


class JudgeLevel(StepBody, frozen=True, kw_only=True, tag="member.judge"):
    """What a member's level follows from was changed: it is to be told anew."""

    member_id: str


class TakenBack(StepBody, frozen=True, kw_only=True, tag="order.taken_back"):
    """The store `store_id` took goods of that store's order back, by an operation of its own, or (`back` is None) its
    return `return_id` was none. Times are RFC 3339 UTC."""

    store_id: str
    order_id: str
    op_id: str
    guide_id: str
    made_at: str
    received_at: str
    back: TakeBack | None = None
    return_id: str = ""


class RefreshCopy(StepBody, frozen=True, kw_only=True, tag="order.refresh"):
    """That store's copy of an order is to be as its home has it. `stands`: a return that was taken back there, and
    stands all the same, for its order was cancelled."""

    order_id: str
    stands: str = ""


class TellParcel(StepBody, frozen=True, kw_only=True, tag="parcel.tell"):
    """An order whose goods that store sees to, or saw to, has changed: its parcel is to be as the order is."""

    order_id: str


class StepHome(StepBody, frozen=True, kw_only=True, tag="parcel.home"):
    """The store `store_id` took a step of the goods of that store's order. Times are RFC 3339 UTC."""

    store_id: str
    op_id: str
    guide_id: str
    made_at: str
    received_at: str
    body: StepParcel


AnyStep = (
    CarryOp | TellOutcome | AddFigures | MeetMember | TakeOver | RefreshVisitor | GivePoints | TellMemberships
    | JudgeLevel | MoveCoupons | TakenBack | RefreshCopy | TellParcel | StepHome
)  # fmt: skip
_decoder = msgspec.json.Decoder(AnyStep)


def write(body: AnyStep) -> tuple[str, str]:
    """(kind, JSON text) of a step's body."""
    return str(body.__struct_config__.tag), msgspec.json.encode(body).decode()


def read(text: str) -> AnyStep:
    """The body behind its text. Raises msgspec.MsgspecError."""
    body: AnyStep = _decoder.decode(text)
    return body
