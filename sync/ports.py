"""What the sync engine needs from the tablet's store and from the network, as Protocols.

The store decides nothing about when to talk; the engine writes no SQL. Each method of `SyncStore` that writes does so
in ONE transaction and returns after its COMMIT; each raises NotSaved (nothing changed) where the disk fails.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Literal, Protocol

import msgspec

from sync.protocol.messages import EnrolResponse, Health, LeaseResponse, RadarResponse, Row, ScopeState, SyncResponse


class Device(msgspec.Struct, frozen=True, kw_only=True):
    """This tablet as HQ knows it. Times are RFC 3339 UTC; `offset_ms` is HQ's clock minus ours."""

    device_id: str
    store_id: str
    hq_url: str
    epoch: str
    offset_ms: int
    authorised_until: str
    last_in_step: str


class Outgoing(msgspec.Struct, frozen=True, kw_only=True):
    """What the next request carries. `ops` are `WireOp`s in JSON, with no gap in their seqs, all of one store."""

    incarnation: str
    epoch: str
    next_seq: int
    ops: tuple[msgspec.Raw, ...]
    after: dict[str, int]
    forked_from: str | None = None
    more: bool = False
    """Further ops wait behind these."""
    health: Health = Health()
    """How the tablet stands once HQ has these."""
    keys: str = ""
    """The fingerprint of HQ's keys as they are here, where HQ is to say whether it has others."""


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """What came of an answer. `stale`: it answered another state of the store than today's, and nothing was taken."""

    rows: int = 0
    closed: int = 0
    more: bool = False
    """Some scope has further rows at HQ."""
    granted: bool = False
    """HQ granted a scope that the request did not ask about: ask again at once."""
    loaded: bool = False
    """A first load has just got its last row: call `finish_loading`."""
    stale: bool = False


class LoadState(msgspec.Struct, frozen=True, kw_only=True):
    """How far a first load is. `total` grows as HQ tells its heads; `by_step` counts rows here now."""

    bootstrap: Literal["loading", "indexing", "ready"]
    done: int
    total: int
    by_step: dict[str, int]


class Care(msgspec.Struct, frozen=True, kw_only=True):
    """What is due of comparing the rows with HQ's. `scopes`: those that stand at their head, with that position."""

    compare: bool
    """The digests: once a day, and after a crash."""
    bucket: int | None
    """To be compared field by field, in every scope; each day the next one."""
    scopes: dict[str, int]
    epoch: str = ""
    """Of HQ, in which the positions count."""


class RadarWanted(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be asked of HQ's radar: the buckets from `first` on. `device_id`: for whom."""

    device_id: str
    version: str
    """Of the set in use; "" where there is none."""
    coming: str
    """Of the one whose first buckets are here already; "" where there is none."""
    first: int


class FileWanted(msgspec.Struct, frozen=True, kw_only=True):
    """A file that is to come. `asked`: somebody looked for it on a page; `must`: of what guides must read."""

    sha256: str
    bytes: int
    asked: bool = False
    must: bool = False


class FileCounts(msgspec.Struct, frozen=True, kw_only=True):
    """Files that are here and files that are to come, and their bytes."""

    here: int = 0
    here_bytes: int = 0
    coming: int = 0
    coming_bytes: int = 0


class Divergence(msgspec.Struct, frozen=True, kw_only=True):
    """How often rows were not HQ's since this file was made: must be 0. `last_at`: RFC 3339 UTC by HQ's clock."""

    rows: int
    """Mended one by one."""
    scopes: int
    """Fetched again from scratch."""
    last_at: str


class SyncStore(Protocol):
    """The store's face to the engine."""

    async def device(self) -> Device | None:
        """None before enrolment."""

    async def enrolled(self, hq_url: str, device_name: str, answer: EnrolResponse) -> None:
        """Makes this tablet HQ's device: a new incarnation, cursors at 0, a first load.

        In another shop than before, the rows of the old one go; its outbox stays and goes on to its own store.
        """

    async def outgoing(self, *, max_ops: int = 200, max_bytes: int = 256 * 1024) -> Outgoing:
        """The ops to send, oldest first, at least one where any waits; they count as sent from now on."""

    async def take(self, sent: Outgoing, answer: SyncResponse) -> Taken:
        """Takes in an answer of status ``ok`` or ``gap``: results, rows, cursors, grants, all or nothing."""

    async def resend_after(self, last_seq: int) -> None:
        """HQ has this incarnation's ops up to `last_seq` only (``gap``): the later ones are sent again, and all scopes
        are fetched again, for HQ went back without knowing it.

        Where they are no longer kept, a new incarnation begins instead.
        """

    async def fork(self) -> None:
        """A new incarnation; all kept ops are renumbered with their op_ids and told again, all rows fetched again."""

    async def new_epoch(self, epoch: str, last_seq: int, scopes: dict[str, ScopeState]) -> None:
        """HQ has another history: the last op that it has and those after it are open again and sent again.

        Scopes whose cursor is beyond HQ's head or whose digest differs at head are fetched again.
        """

    async def refetch(self, scopes: tuple[str, ...]) -> None:
        """Fetches scopes from scratch; their old rows stay visible until the last new one is there."""

    async def differing(self) -> tuple[str, ...]:
        """The scopes whose digest is not HQ's, of those whose cursor stands at the head that HQ last told."""

    async def care(self) -> Care:
        """What is due now, judged by HQ's time; nothing before the first load is done."""

    async def sums(self, scope: str) -> list[str]:
        """The 256 sums of HQ's rows of a scope, as they are here."""

    async def mend(self, scope: str, at: int, bucket: int, brought: tuple[Row, ...]) -> int | None:
        """Makes HQ's rows of a bucket be `brought`, all that it has with the scope at `at`; returns how many were not.

        None, and nothing done, where the scope is not at `at` any more. Open operations stay over the rows they touch.
        """

    async def cared(self, *, compared: bool = False, bucket: int | None = None, refetched: int = 0) -> None:
        """Notes that the digests were compared, that a bucket was in every scope, how many scopes are fetched again."""

    async def divergence(self) -> Divergence: ...

    async def load_state(self) -> LoadState: ...

    async def finish_loading(self) -> None:
        """Builds what a first load puts off; `bootstrap` becomes ``ready``. May be called again after a kill."""

    async def set_clock_offset(self, offset_ms: int) -> None:
        """HQ's clock minus this tablet's, learnt from any answer that carries HQ's time."""

    async def take_lease(self, answer: LeaseResponse) -> bool:
        """Takes in what HQ said to a request for a lease; its row will come with the feed again.

        False: it waits for the feed alone. HQ may have taken an operation on this lease already whose outcome was not
        heard here: the row would have its effect, and the tablet would count it once more.
        """

    async def radar_wanted(self) -> RadarWanted | None:
        """What is due of the radar, judged by HQ's time; None: nothing, or not before the first load is done."""

    async def take_radar(self, wanted: RadarWanted, answer: RadarResponse | None) -> None:
        """Takes in HQ's answer to just that; None: the set in use is the newest. A set is used once it is whole.

        Raises BadInput("radar_invalid") for an answer that cannot be; the set in use stays.
        """

    async def forget_radar(self) -> None:
        """HQ has no radar: what is here goes, and HQ is asked again another day."""

    async def lock_out(self) -> None:
        """HQ took this tablet's rights away: nobody may sign in until it answers again. Nothing is thrown away but
        the radar."""

    async def tidy(self) -> int:
        """Drops ops that were closed more than 35 days ago; returns how many. Once a day is enough."""


PutOff = Literal["not_at_hq", "broken"]
"""Why a file is tried again only later: HQ has it not, or what came was not the file of its name."""


class FileIndex(Protocol):
    """What the store knows of files. Nothing is said to be here before it is, and what is not here is never kept.

    Each method that writes raises NotSaved.
    """

    async def next_wanted(self) -> FileWanted | None:
        """What is fetched next: what somebody looked for, the latest first; what must be read; what stands for a
        product, small before large; the newest material. None: nothing now, or not before the first load is done."""

    async def came(self, sha256: str) -> None:
        """It is here, whole and checked."""

    async def put_off(self, sha256: str, until: str, why: PutOff) -> None:
        """It is not tried before this moment, RFC 3339 UTC by the tablet's clock."""

    async def used(self, names: Collection[str]) -> None:
        """They were shown just now."""

    async def missed(self, names: Collection[str]) -> None:
        """Somebody looked for these, and they are not here, or cannot be read."""

    async def least_used(self, bytes_at_least: int) -> Sequence[str]:
        """The least used ones that have so many bytes together, or all; none of what must be read."""

    async def let_go(self, names: Collection[str]) -> None:
        """They left for want of room, and come again when somebody looks for them."""

    async def expire(self) -> None:
        """Material whose time has ended names no files from now on, by the latest that is known of HQ's time."""

    def fresh(self) -> bool:
        """Whether rows that name files came since this was asked last: then the next look does not wait."""

    def held(self, why: str) -> None:
        """Why no more come for now: no_room (of those that files may take), disk_full, disk_failed, "" (they come)."""

    async def unnamed(self) -> Sequence[str]:
        """Those that no row names any more, whether they are here or not."""

    async def forget(self, names: Collection[str]) -> None:
        """They are gone from the disk; one that a row names again is as new."""

    async def stand(self, on_disk: Collection[str], begun: Collection[str]) -> Sequence[str]:
        """These are on the disk and no others, and of those something; returns what the store does not know of both."""

    async def counts(self) -> FileCounts: ...


class FilePart(Protocol):
    """A file while it comes. `here`: bytes of it that are on the disk already, where it broke off before."""

    @property
    def here(self) -> int: ...

    async def write(self, piece: bytes) -> None:
        """The next bytes. Raises NotSaved."""

    async def finish(self) -> bool:
        """It is whole: False, and all of it is thrown away, where it is not the file of its name. Raises NotSaved."""


class FileBox(Protocol):
    """The files on this tablet's disk, sealed, each under its hash; what has a name is whole."""

    def coming(self, sha256: str, size: int) -> AbstractAsyncContextManager[FilePart]:
        """A file that comes; what came stays for another time. Raises NotSaved."""

    async def remove(self, names: Collection[str]) -> None:
        """Lets files go, and what came of them. Raises NotSaved."""

    async def names(self) -> Sequence[str]:
        """Those that are here. Raises NotSaved."""

    async def begun(self) -> Sequence[str]:
        """Those of which something is here. Raises NotSaved."""

    async def free(self) -> int:
        """Bytes that the disk has left. Raises NotSaved."""

    def read(self, sha256: str) -> bytes | None:
        """A file, whole; None where it is not here or damaged. Blocks; for any thread."""
