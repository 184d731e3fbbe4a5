"""Fetching files (contract §4) while nothing else is to do, one after another, small ones first. Nothing rests on them.

The loop's own rounds drive it. A round that begins holds it up between two pieces, and what broke off goes on where it
was. A file is used once all of it is on the disk and has its hash. There is an end to their room: what was used least
goes first, and comes again when somebody looks for it.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from contextlib import aclosing
from datetime import timedelta

from guide_app.domain.clock import Clock, to_text
from guide_app.domain.errors import EnvironmentProblem, NoNetwork, NotSaved
from guide_app.services.ports.catalogue import FilesView
from sync.ports import FileBox, FileIndex, FileWanted, PutOff
from sync.remote import FileSource, HqBusy, HqRefused, Sender

LOOK_EVERY_S = 30.0
"""Between two looks at what is to come, where nobody looked for anything."""
AGAIN_S, AGAIN_CAP_S = 5.0, 600.0
"""Until the next try after one that did not go well: doubles each time, half of it by chance."""
SWEEP_S = 60.0
"""Between two looks, with no network too, for what has ended."""
ABSENT_S, WRONG_S = 6 * 3600.0, 3600.0
"""Until a file is tried again that HQ has not, and one that was not the file of its name."""
KEEP_FREE = 300 << 20
"""Bytes of the disk that are left to all else: files make room for sales."""
_NOT_FOUND, _NO_SUCH_BYTES = 404, 416

log = logging.getLogger(__name__)


class FileFetcher:
    """`begin` when nothing else is to do, `pause` when something is; and the
    port `guide_app.services.ports.catalogue.Files`."""

    def __init__(
        self,
        index: FileIndex,
        box: FileBox,
        source: FileSource,
        clock: Clock,
        *,
        chance: Callable[[], float],
        quota: int,
    ) -> None:
        """`chance`: evenly between 0 and 1; `quota`: bytes that files may take."""
        self._index, self._box, self._source, self._clock = index, box, source, clock
        self._chance, self._quota = chance, quota
        self._sender: Callable[[], Sender | None] = lambda: None
        self._may = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._lock = threading.Lock()
        self._shown, self._missed = set[str](), set[str]()
        self._listeners: list[Callable[[str], None]] = []
        self._not_before, self._failures, self._problem = 0.0, 0, ""
        self._stood, self._bytes = False, 0
        self._sweeping: asyncio.Task[None] | None = None
        self._swept_at, self._coming, self._fresh = float("-inf"), "", False

    # -------------------------------------------------------------- for the screens

    def read(self, sha256: str) -> bytes | None:
        """A file that is here, whole; None otherwise, and then it is fetched before others. Blocks; for any thread."""
        content = self._box.read(sha256)
        with self._lock:
            (self._missed if content is None else self._shown).add(sha256)
            loop = self._loop
        if content is None and loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self._start_if_due)
        return content

    def subscribe(self, listener: Callable[[str], None]) -> Callable[[], None]:
        """Calls `listener` with the name of each file that came; the result unsubscribes."""
        self._listeners.append(listener)

        def leave() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return leave

    async def view(self) -> FilesView:
        """How files stand on this tablet."""
        counts = await self._index.counts()
        return FilesView(
            here=counts.here, here_bytes=counts.here_bytes, coming=counts.coming, coming_bytes=counts.coming_bytes,
            quota=self._quota, problem=self._problem,
        )  # fmt: skip

    # -------------------------------------------------------------- for the engine

    def begin(self, sender: Callable[[], Sender | None]) -> None:
        self._sender, self._loop = sender, asyncio.get_running_loop()
        self._may.set()
        self._start_if_due()

    def pause(self) -> None:
        """It is called at each try of a tablet without a network: what has ended leaves the disk all the same."""
        self._may.clear()
        due = self._clock.monotonic() >= self._swept_at + SWEEP_S
        if due and (self._sweeping is None or self._sweeping.done()):
            self._sweeping = asyncio.get_running_loop().create_task(self._sweep())

    async def end(self) -> None:
        self._may.clear()
        self._sender = lambda: None
        for task in (self._task, self._sweeping):
            if task is not None:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
        await self._source.aclose()

    def _start_if_due(self) -> None:
        """Where somebody looks for a file, or rows name new ones, the next look does not wait; what went wrong does."""
        self._fresh = self._index.fresh() or self._fresh
        due = self._not_before - (LOOK_EVERY_S if self._missed or self._fresh else 0.0)
        idle = self._task is None or self._task.done()
        if self._may.is_set() and idle and self._clock.monotonic() >= due:
            self._task = asyncio.get_running_loop().create_task(self._run())

    # -------------------------------------------------------------- work

    async def _run(self) -> None:
        wait_s, self._fresh = LOOK_EVERY_S, False
        try:
            await self._index.expire()
            while await self._step():
                self._failures = 0
        except HqBusy as busy:
            wait_s = LOOK_EVERY_S + max(busy.retry_s, self._again_s())
        except NotSaved as problem:
            self._problem = "disk_full" if problem.code == "disk_full" else "disk_failed"
            self._index.held(self._problem)
            log.warning("files are not kept: %s", problem)
            wait_s = LOOK_EVERY_S + self._again_s()
        except EnvironmentProblem as problem:
            log.info("files are fetched later: %s: %s", type(problem).__name__, problem)
            wait_s = LOOK_EVERY_S + self._again_s()
        except Exception:
            log.exception("a defect while files were fetched")
            wait_s = AGAIN_CAP_S
        self._not_before = self._clock.monotonic() + wait_s

    async def _sweep(self) -> None:
        """What has ended is named by no row any more, and leaves the disk."""
        self._swept_at = self._clock.monotonic()
        try:
            await self._index.expire()
            await self._drop_unnamed()
        except EnvironmentProblem as problem:
            log.warning("what has ended leaves the disk later: %s", problem)

    async def _step(self) -> bool:
        """The next file that is to come; False when there is none, or no room for it."""
        await self._may.wait()
        if not self._stood:
            await self._box.remove(await self._index.stand(await self._box.names(), await self._box.begun()))
            self._stood, self._bytes = True, (await self._index.counts()).here_bytes
        await self._note()
        await self._drop_unnamed()
        if not await self._keep_free():
            self._index.held("disk_full")
            return False
        wanted = await self._index.next_wanted()
        fits = wanted is None or await self._has_room(wanted)
        self._index.held("" if fits else "no_room")
        if wanted is None or not fits:
            return False
        self._coming = wanted.sha256
        try:
            await self._fetch(wanted)
        finally:
            self._coming = ""
        return True

    async def _note(self) -> None:
        """Tells the store what was shown and what was looked for since the last time."""
        with self._lock:
            shown, missed = self._shown, self._missed
            self._shown, self._missed = set(), set()
        missed = {name for name in missed if await asyncio.to_thread(self._box.read, name) is None}  # or it came since
        if missed:
            await self._index.missed(missed)
        if shown - missed:
            await self._index.used(shown - missed)

    async def _drop_unnamed(self) -> None:
        """What no row names leaves the disk, and only then the store."""
        names = [name for name in await self._index.unnamed() if name != self._coming]
        if names:
            await self._box.remove(names)
            await self._index.forget(names)
            self._bytes = (await self._index.counts()).here_bytes

    async def _keep_free(self) -> bool:
        """Whether the disk has room; files leave until it has."""
        missing = KEEP_FREE - await self._box.free()
        if missing > 0:
            await self._let_go(missing)
        self._problem = "disk_low" if missing > 0 else ""
        return missing <= 0

    async def _has_room(self, wanted: FileWanted) -> bool:
        """Whether it fits; for what somebody looks for, and for what must be read, others leave."""
        over = self._bytes + wanted.bytes - self._quota
        if over > 0 and (wanted.asked or wanted.must) and wanted.bytes <= self._quota:
            await self._let_go(over)
        return self._bytes + wanted.bytes <= self._quota

    async def _let_go(self, at_least: int) -> None:
        names = await self._index.least_used(at_least)
        if names:
            await self._index.let_go(names)
            await self._box.remove(names)
            self._bytes = (await self._index.counts()).here_bytes

    async def _fetch(self, wanted: FileWanted) -> None:
        try:
            right = await self._come(wanted)
        except HqRefused as refused:
            if refused.status not in (_NOT_FOUND, _NO_SUCH_BYTES):
                raise
            log.info("HQ has no such file, or no such bytes of it: HTTP %d", refused.status)
            await self._box.remove([wanted.sha256])
            await self._put_off(wanted, ABSENT_S, "not_at_hq")
            return
        if not right:
            log.error("a file was not the one of its name: thrown away")
            await self._put_off(wanted, WRONG_S, "broken")
            return
        await self._index.came(wanted.sha256)
        self._bytes = (await self._index.counts()).here_bytes  # not added: one that comes again was counted before
        for listener in tuple(self._listeners):
            try:
                listener(wanted.sha256)
            except Exception:
                log.exception("a listener of files failed")

    async def _come(self, wanted: FileWanted) -> bool:
        """Brings the rest of it onto the disk; whether it is the file of its name."""
        async with self._box.coming(wanted.sha256, wanted.bytes) as part:
            if part.here < wanted.bytes:
                sender = self._sender()
                if sender is None:
                    raise NoNetwork("no_network", "enrolled anew meanwhile")
                async with aclosing(self._source.fetch(sender, wanted.sha256, wanted.bytes, part.here)) as pieces:
                    async for piece in pieces:
                        await part.write(piece)
                        await self._may.wait()
            return await part.finish()

    async def _put_off(self, wanted: FileWanted, seconds: float, why: PutOff) -> None:
        await self._index.put_off(wanted.sha256, to_text(self._clock.now() + timedelta(seconds=seconds)), why)

    def _again_s(self) -> float:
        half = min(AGAIN_CAP_S, AGAIN_S * 2.0 ** min(self._failures, 10)) / 2
        self._failures += 1
        return half + half * self._chance()
