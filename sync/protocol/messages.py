"""The messages of the contract (§4, §8a) as records; both sides encode and decode with these, through ``codec``.

A field at its default does not travel, so that an idle round stays under 300 bytes each way. Times are RFC 3339 UTC
text, ids lower-case UUIDs, money integer minor units. Unknown fields of a message are ignored; a field of a wrong type
refuses the whole message (``EnvelopeInvalid``), except inside an op: ``read_ops`` keeps the damage to that op.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from guide_app.domain.radar import Terms
from guide_app.domain.records import Card, Instrument, Names
from sync.protocol import codec
from sync.protocol.errors import EnvelopeInvalid, TooLarge

UUID_FORM = r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\Z"

Uuid = Annotated[str, Meta(pattern=UUID_FORM)]
Seq = Annotated[int, Meta(ge=1, le=2**63 - 1)]
Sha = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]
Position = Annotated[int, Meta(ge=0, le=2**63 - 1)]
ScopeId = Annotated[str, Meta(min_length=1, max_length=12)]
Short = Annotated[str, Meta(max_length=200)]

BatchStatus = Literal["ok", "fork", "gap", "epoch_changed"]
ResultStatus = Literal["applied", "merged", "parked", "forwarded", "rejected"]
RowState = Literal["put", "gone", "left", "erased"]
ScopeKind = Literal["store", "device", "region", "chain"]


class Message(msgspec.Struct, omit_defaults=True, frozen=True, kw_only=True):
    """Base of everything that travels."""


class Grant(Message, frozen=True, kw_only=True):
    """One scope that a device is entitled to, and what to call it."""

    scope: ScopeId
    kind: ScopeKind
    name: str


class EnrolRequest(Message, frozen=True, kw_only=True):
    """A new device shows the printed code; the request is signed by the key that it brings.

    ``was``: the device that this tablet was before, with its key's signature (base64url) as proof of that.
    """

    code: Short
    device_public_key: Short
    device_name: Short
    platform: Short
    was: Uuid | None = None
    was_proof: Short = ""


class EnrolResponse(Message, frozen=True, kw_only=True):
    """Who the device is from now on, and all it needs to work before its first sync."""

    device_id: Uuid
    store_id: Uuid
    store_code: str
    device_letters: str
    region: str
    time_zone: str
    currency: str
    languages: list[str]
    epoch: str
    grants: list[Grant]
    authorised_until: str
    server_time: str
    hq_public_keys: list[str]
    store_names: Names = Names()
    """In both languages; empty from an HQ that does not tell them: then its grant's name counts."""


class WireOp(Message, frozen=True, kw_only=True):
    """One operation as it travels. ``body``: JSON text exactly as stored; None only where its person was erased."""

    seq: Seq
    op_id: Uuid
    kind: str
    schema_v: int
    store_id: str
    guide_id: str
    made_at: str
    body: str | None
    sha: str


class OddOp(Message, frozen=True, kw_only=True):
    """An op that no tablet of ours wrote, though it says its seq and id: to be parked under ``code``, kept raw."""

    seq: Seq
    op_id: Uuid
    code: str
    raw: bytes


LACKING_NAMED = 50
"""Of how much material that is not on a tablet it tells each row."""


class Lacking(Message, frozen=True, kw_only=True):
    """A row of material (its ``id``) that is not whole on the tablet, and why: see ``Library.lacking``."""

    id: Uuid
    why: Short


class Library(Message, frozen=True, kw_only=True):
    """How the library stands on a tablet, told with the positions of the same request. ``whole``: rows that may be
    shown and are there with all their files; ``mark``: a text that changes with what is whole.

    ``lacking``: of those that are not, how many for each reason: coming, no_room (of what files may take), disk_full,
    disk_failed, not_at_hq, broken (the bytes were not the file's), not_signed (in no list that a known key signed),
    app_old. ``first``: those with the lowest ids, sorted; all there are where there are no more than 50.
    """

    whole: Annotated[int, Meta(ge=0, le=2**31 - 1)] = 0
    mark: Short = ""
    lacking: Annotated[dict[Short, Annotated[int, Meta(ge=0, le=2**31 - 1)]], Meta(max_length=20)] = {}
    first: Annotated[list[Lacking], Meta(max_length=LACKING_NAMED)] = []


class Health(Message, frozen=True, kw_only=True):
    """How a tablet stands, told when it changed. ``waiting`` ops lie behind those of this request, the oldest made at
    ``oldest`` (RFC 3339 UTC, empty: none); ``parked`` at HQ; ``mended`` rows so far that were not HQ's; ``differs``: a
    scope's digest is not HQ's now; ``low_space``: its disk is nearly full; ``library`` absent: no material yet.
    """

    waiting: Annotated[int, Meta(ge=0, le=2**31 - 1)] = 0
    oldest: Short = ""
    parked: Annotated[int, Meta(ge=0, le=2**31 - 1)] = 0
    mended: Annotated[int, Meta(ge=0, le=2**31 - 1)] = 0
    differs: bool = False
    low_space: bool = False
    library: Library | None = None


class SyncRequest(Message, frozen=True, kw_only=True):
    """One round: the device's next ops, what it has of each scope, and how many bytes of rows it can take.

    ``after`` absent asks nothing about scopes; ``want`` 0 asks for no rows. ``forked_from``: the incarnation that this
    one took over from. ``health`` absent: as told before. ``keys``: the fingerprint of HQ's keys as the tablet has them
    (`file_lists.fingerprint`), where it asks whether there are others.
    """

    incarnation: Uuid
    epoch: Short
    next_seq: Seq
    ops: list[msgspec.Raw] = []
    after: dict[Short, Position] | None = None
    want: Annotated[int, Meta(ge=0)] = 0
    forked_from: Uuid | None = None
    health: Health | None = None
    keys: Short = ""


class Batch(Message, frozen=True, kw_only=True):
    """What became of the ops as a whole; ``last_seq`` is the last one that HQ has of this incarnation."""

    status: BatchStatus
    last_seq: Position


class Result(Message, frozen=True, kw_only=True):
    """What became of one op; only this closes it."""

    seq: Seq
    op_id: Uuid
    status: ResultStatus
    code: str = ""
    message: str = ""
    entity: str = ""
    id: str = ""
    feed_pos: Position | None = None
    dup: bool = False


class Row(Message, frozen=True, kw_only=True):
    """One row of a scope's feed. ``d``: HQ's JSON as it is, not decoded on the way; empty unless ``o`` is put."""

    s: ScopeId
    q: Seq
    e: str
    id: str
    v: int
    o: RowState
    d: msgspec.Raw = msgspec.Raw()


class ScopeState(Message, frozen=True, kw_only=True):
    """Where a scope stands: sent for those that moved, or must be fetched again from 0 (``refetch``)."""

    head: Position
    floor: Position
    digest: str
    more: bool = False
    refetch: bool = False


class SyncResponse(Message, frozen=True, kw_only=True):
    """HQ's half of a round. ``grants`` and ``hq_public_keys`` None: unchanged; ``epoch`` only when it is not the
    tablet's."""

    batch: Batch
    server_time: str
    next_sync_after_ms: int
    authorised_until: str
    results: list[Result] = []
    rows: list[Row] = []
    scopes: dict[ScopeId, ScopeState] = {}
    grants: list[Grant] | None = None
    epoch: str = ""
    min_app: str = ""
    hq_public_keys: list[str] | None = None


class VerifyRequest(Message, frozen=True, kw_only=True):
    """Compare a scope at position ``at``: either by its 256 ``sums``, or fetch one ``bucket`` whole (the scrub).

    ``from`` is the ``next`` of the page before; ``epoch``: HQ's, in which ``at`` was told.
    """

    scope: Short
    at: Position
    epoch: Short = ""
    sums: Annotated[list[str], Meta(min_length=256, max_length=256)] | None = None
    bucket: Annotated[int, Meta(ge=0, le=255)] | None = None
    from_: Short = msgspec.field(default="", name="from")

    def __post_init__(self) -> None:
        if (self.sums is None) == (self.bucket is None):
            raise ValueError("either sums or bucket")


class VerifyResponse(Message, frozen=True, kw_only=True):
    """``moved``: the scope left that position. Else the rows of ``buckets``; no ``next`` on the last page."""

    status: Literal["moved", "ok"]
    buckets: list[int] = []
    rows: list[Row] = []
    next: str = ""


class LookupRequest(Message, frozen=True, kw_only=True):
    """Exactly one of: E.164 phone, card barcode, member number; the number of an order, as its receipt has it; or the
    number of a gift card, with its PIN."""

    phone: Short = ""
    card: Short = ""
    member_no: Short = ""
    order: Short = ""
    gift_card: Short = ""
    pin: Short = ""

    def __post_init__(self) -> None:
        if sum(map(bool, (self.phone, self.card, self.member_no, self.order, self.gift_card))) != 1:
            raise ValueError("exactly one of phone, card, member_no, order, gift_card")


class LookupResponse(Message, frozen=True, kw_only=True):
    """Whether the chain knows this person; the member itself arrives as a ``visitor`` row. An order of the asking store
    arrives as its row; of one of another store nothing is told but what the store is called. Of a gift card: ``value``,
    or ``code``, why nothing of it can be spent."""

    found: bool
    member_id: str = ""
    order_id: str = ""
    store: Names | None = None
    code: str = ""
    value: Card | None = None


class LeaseRequest(Message, frozen=True, kw_only=True):
    """Asks for ``amount`` more of an instrument, in its unit; the same ``request_id`` again is the same request.

    ``lease_id``: the lease to enlarge, if it is still open; else a new one is granted. ``product_id``: of promised
    stock, whose pieces: what is free of them follows from the shop's books. ``staff_id``: of a staff purchase, whose
    limit.
    """

    request_id: Uuid
    instrument: Instrument
    amount: Annotated[int, Meta(ge=1, le=2**53 - 1)]
    lease_id: Uuid | None = None
    product_id: Uuid | None = None
    staff_id: Uuid | None = None


class LeaseResponse(Message, frozen=True, kw_only=True):
    """What was granted, and the lease as it stands now: the row that the feed brings too. ``code``: why not all."""

    server_time: str
    granted: int = 0
    code: str = ""
    lease: Row | None = None


class PayRequest(Message, frozen=True, kw_only=True):
    """Something about a payment by the customer's own phone; the same ``request_id`` again is the same request.

    ``ask``: ``amount`` of the order; ``close``: the payment ``payment_id`` is not wanted any more; ``refund``:
    ``amount`` of the payment ``payment_id`` is given back, for ``reason``, a code.
    """

    request_id: Uuid
    what: Literal["ask", "close", "refund"]
    order_id: Uuid
    guide_id: Uuid
    amount: Annotated[int, Meta(ge=0, le=2**53 - 1)] = 0
    payment_id: Uuid | None = None
    reason: Annotated[str, Meta(pattern=r"^[a-z_]{0,40}\Z")] = ""


class PayResponse(Message, frozen=True, kw_only=True):
    """How it stands: the payment with what the customer's phone scans (``text``) until ``until``. ``code``: why not."""

    server_time: str
    payment_id: str = ""
    state: str = ""
    amount: int = 0
    text: str = ""
    until: str = ""
    code: str = ""


class RadarResponse(Message, frozen=True, kw_only=True):
    """A store's set of fingerprints (`guide_app.domain.radar`), from the bucket `first` on; all of it are `of`."""

    version: Sha
    made_at: str
    terms: Terms
    of: Position
    first: Position
    buckets: list[bytes]


class ErrorBody(Message, frozen=True, kw_only=True):
    """The body of every answer that is not 200."""

    code: str
    message: str
    server_time: str


class _OpAddress(msgspec.Struct):
    """The least that an op must say for its fate to be reported."""

    seq: Seq
    op_id: Uuid


_UUID = re.compile(UUID_FORM)
_KIND = re.compile(r"[a-z][a-z0-9_]{0,31}(\.[a-z0-9_]{1,31}){1,3}")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)", re.A)
_SHA = re.compile(r"[0-9a-f]{64}")


def read_request(plain: bytes) -> tuple[SyncRequest, list[WireOp | OddOp]]:
    """A sync request and its ops; ``EnvelopeInvalid`` or ``TooLarge`` when the envelope breaks the contract."""
    request = codec.decode(plain, SyncRequest)
    return request, read_ops(request.ops)


def read_ops(raws: list[msgspec.Raw]) -> list[WireOp | OddOp]:
    """The ops one by one: what is wrong inside one stays with it, unless it does not even say ``seq`` and ``op_id``."""
    if len(raws) > codec.MAX_OPS or sum(len(memoryview(raw)) for raw in raws) > codec.MAX_OPS_BYTES:
        raise TooLarge("ops")
    return [_read_op(bytes(raw)) for raw in raws]


def _read_op(raw: bytes) -> WireOp | OddOp:
    address = codec.decode(raw, _OpAddress)
    try:
        op = codec.decode(raw, WireOp)
    except EnvelopeInvalid:
        return OddOp(seq=address.seq, op_id=address.op_id, code="body_invalid", raw=raw)
    code = "body_invalid" if len(raw) > codec.MAX_OP else _oddity(op)
    return OddOp(seq=op.seq, op_id=op.op_id, code=code, raw=raw) if code else op


def _oddity(op: WireOp) -> str:
    """The park code of the first field that no tablet writes so, or "" for an op as it should be."""
    if not _KIND.fullmatch(op.kind):
        return "kind_unknown"
    if not 1 <= op.schema_v < 2**31:
        return "schema_unknown"
    if not _UUID.fullmatch(op.store_id):
        return "store_unknown"
    if not _UUID.fullmatch(op.guide_id):
        return "guide_unknown"
    if not _SHA.fullmatch(op.sha):
        return "sha_mismatch"
    return "" if _is_moment(op.made_at) else "body_invalid"


def _is_moment(text: str) -> bool:
    try:
        return bool(_TIME.fullmatch(text)) and bool(datetime.fromisoformat(text))
    except ValueError:
        return False


def chunk(ops: list[bytes]) -> int:
    """How many of these encoded ops, from the first, one request may carry: ≤ 200 and ≤ 256 KiB."""
    size = 0
    for count, op in enumerate(ops[: codec.MAX_OPS]):
        size += len(op)
        if size > codec.MAX_OPS_BYTES:
            return count
    return min(len(ops), codec.MAX_OPS)
