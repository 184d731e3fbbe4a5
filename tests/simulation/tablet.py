"""One simulated tablet: the real engine on the real store, with a process that can be killed at any moment."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
from collections.abc import Coroutine
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, NamedTuple, TypeVar

from guide_app.bootstrap import NudgingJournal
from guide_app.domain.errors import EnvironmentProblem
from guide_app.domain.ids import Ids
from guide_app.services.ports.writing import Draft
from local_store import Store
from local_store.backups import Backups
from local_store.base import Base
from local_store.repositories.tagging import Tagging
from sync.engine import SyncEngine
from tests.simulation.disk import Copy, Disk, put_back
from tests.simulation.hq import Device, SimulatedHq
from tests.simulation.hq_data import Store as ShopStore
from tests.simulation.invariants import Violation
from tests.simulation.loop import Loop
from tests.simulation.network import Line, Network
from tests.simulation.timeline import TabletTime

T = TypeVar("T")


class Made(NamedTuple):
    """An operation whose COMMIT returned: what it is about, as a guide sees it on the screen."""

    op_id: str
    kind: str
    id: str
    member_id: str


@dataclass
class Keys:
    """The key store of one tablet; it outlives every process and every file."""

    secrets: dict[str, bytes]
    warning: str = ""

    def load(self, name: str) -> bytes | None:
        return self.secrets.get(name)

    def store(self, name: str, secret: bytes) -> None:
        self.secrets[name] = secret


class Backup(NamedTuple):
    """A copy of a tablet's file with what it holds."""

    copy: Copy
    made: tuple[Made, ...]
    damaged: bool
    scrub: int | None
    device: Device


class Tablet:
    """A tablet of one device; `made` is what its commits said was saved and its file holds."""

    def __init__(
        self,
        name: str,
        device: Device,
        hq: SimulatedHq,
        network: Network,
        time: TabletTime,
        random: Random,
        folder: Path,
    ) -> None:
        self.name, self.device, self.time, self.random = name, device, time, random
        self._network, self._folder = network, folder
        self.line = Line(network, lambda request: hq.enrol(self.device, request))
        self.keys = Keys({})
        self.made: list[Made] = []
        self.backups: list[Backup] = []
        self.damaged = False
        """Whether a row of its file was made other than it was."""
        self.scrub: int | None = None
        """The bucket of a row that is damaged in a way that no digest tells."""
        self.copied = False
        """Whether its file is, or was made, a copy of another or of its own past."""
        self._begun: set[asyncio.Task[object]] = set()
        self.dies_in: int | None = None
        """After so many steps of its loop the process ends."""
        self.life = 0
        """How often its file was put back."""
        self.killed = 0
        self.cursors: dict[tuple[object, ...], int] = {}
        """As they were when somebody last looked."""
        self.went_back: list[tuple[object, ...]] = []
        """Those that were seen lower than before."""

    # ------------------------------------------------------------ its process

    def start(self) -> None:
        """The process begins; what it does first is done when this returns, as far as it needs no network."""
        self.loop = Loop()
        self.disk = Disk(self._folder / "store.db")
        self.line.come_again_at = 0.0
        ids = Ids(self.time, self.random.randbytes)
        tagging = Tagging(self.time)
        base = Base(self.disk, self.time, ids, self.disk.ballast, Backups(self._folder / "store.db"), tagging.follow)
        self.store = Store(base, tagging)
        self.engine = SyncEngine(
            store=self.store.sync, remote=self.line, keys=self.keys, clock=self.time, sleep=self.time.sleep,
            random_bytes=self.random.randbytes, app_version="0.1.0", platform="simulated",
        )  # fmt: skip
        self.journal = NudgingJournal(self.store.journal, self.engine.nudge)
        self._life = self.loop.create_task(self.engine.run())
        self.go_on()

    def kill(self) -> None:
        """The process ends between two of its steps: nothing more is written, nothing under way ends well."""
        self.disk.dead = True
        waits = self.line.waits
        self._network.forget(self.device.device_id, lambda future: future in waits)
        for task in (self._life, *self._begun):
            task.cancel()
        self.loop.settle()
        self.disk.close()
        self.time.forget()
        self.dies_in = None

    def go_on(self) -> None:
        """Does all that it can do now; a process that was struck down meanwhile starts again."""
        if self.dies_in is not None:
            self.dies_in -= self.loop.settle(self.dies_in)
        else:
            self.loop.settle()
        if self.disk.dead or self.dies_in == 0:
            self.killed += 1
            self.restart()

    def restart(self) -> None:
        self.kill()
        self.start()

    def enrol(self) -> None:
        """At the printed code."""
        self.do(self.engine.enrol("http://127.0.0.1:1", f"CODE{self.device.letters}", self.name))

    def enrol_in(self, store: ShopStore, hq: SimulatedHq) -> bool:
        """In another shop, as another device; what was made for the old one is not on its screen any more."""
        before = self.device
        self.device = hq.new_device(store)
        told, self.line.come_again_at = self.line.come_again_at, 0.0  # HQ told the other device
        with contextlib.suppress(EnvironmentProblem, Gone):
            self.enrol()
        self.device = hq.devices[self.meta("device_id")]  # the file tells whether it came to that
        if self.device is before:
            self.line.come_again_at = told
            return False
        self.made = []
        return True

    # ------------------------------------------------------------ its file

    def back_up(self) -> Backup:
        """Somebody copies the file, and keeps the copy."""
        self.backups = [*self.backups[-2:], self.backed_up()]
        return self.backups[-1]

    def restore(self, backup: Backup) -> None:
        """The file becomes what it was at the copy."""
        self.kill()
        put_back(self.disk.path, backup.copy)
        self.made, self.device = [*backup.made], backup.device
        self.damaged, self.scrub = backup.damaged, backup.scrub
        self.copied, self.life = True, self.life + 1
        self.start()

    def backed_up(self) -> Backup:
        """A copy of the file as it is now."""
        return Backup(self.disk.copy(), tuple(self.made), self.damaged, self.scrub, self.device)

    def clone(
        self, name: str, time: TabletTime, random: Random, hq: SimulatedHq, folder: Path, of: Backup | None = None
    ) -> Tablet:
        """A second tablet with the same file, or that of a backup, and the same key; both live on."""
        of = of or self.backed_up()
        other = Tablet(name, of.device, hq, self._network, time, random, folder)
        put_back(folder / "store.db", of.copy)
        other.keys = Keys(dict(self.keys.secrets))
        other.made = [*of.made]
        other.damaged, other.scrub = of.damaged, of.scrub
        other.copied = self.copied = True
        other.start()
        return other

    def remove(self) -> None:
        """The tablet is gone with its file."""
        self.kill()
        shutil.rmtree(self._folder, ignore_errors=True)

    # ------------------------------------------------------------ what a person does at it

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        """Does it to its end. Raises what it raises, and `Gone` where the process died meanwhile."""
        task = self.loop.create_task(work)
        self.loop.settle()
        if not task.done():
            task.cancel()
            self.loop.settle()
            raise Gone
        result: T = task.result()
        return result

    def begin(self, work: Coroutine[Any, Any, object]) -> None:
        """Begins what needs the network; it goes on by itself, and a failure is the person's to try again."""
        task = self.loop.create_task(work)
        self._begun.add(task)
        task.add_done_callback(lambda done: done.cancelled() or done.exception())
        task.add_done_callback(self._begun.discard)
        self.loop.settle()

    def commit(self, guide_id: str, *drafts: Draft) -> str:
        """What the screen says: "saved", or why not. Raises `Violation` where it said so of what is not in the file."""
        before = self.op_ids()
        try:
            self.do(self.journal.commit(guide_id, *drafts))
        except EnvironmentProblem as problem:
            return problem.code
        except Gone:
            return "killed"
        new = [op_id for op_id in self.op_ids() if op_id not in set(before)]
        if len(new) != len(drafts):
            raise Violation(1, f"{len(drafts)} were said to be saved, {len(new)} are in the outbox")
        self.made += [_made(op_id, draft) for op_id, draft in zip(new, drafts, strict=True)]
        return "saved"

    def query(self, sql: str, *values: str | int) -> list[tuple[Any, ...]]:
        """What the file holds, for those who look on."""
        found: list[tuple[Any, ...]] = self.disk.connection.execute(sql, values).fetchall()
        return found

    def meta(self, key: str) -> str:
        found = self.query("SELECT value FROM meta WHERE key = ?", key)
        return str(found[0][0]) if found else ""

    def watch_cursors(self) -> None:
        """Compares the cursors with those of the last look; an epoch, an incarnation, another file, or a fetch from
        scratch begins anew."""
        before, key = self.cursors, (self.life, self.meta("epoch"), self.meta("incarnation"))
        self.cursors = {(*key, scope, g): seq for scope, seq, g in self.query("SELECT scope, seq, g FROM scope")}
        self.went_back += [(*at, before[at], seq) for at, seq in self.cursors.items() if seq < before.get(at, 0)]

    def note(self, **values: str) -> None:
        """Changes the file's notes by hand."""
        for key, value in values.items():
            self.query("INSERT OR REPLACE INTO meta VALUES (?, ?)", key, value)

    def op_ids(self) -> list[str]:
        return [op_id for (op_id,) in self.query("SELECT op_id FROM outbox ORDER BY n")]

    @property
    def waiting(self) -> int:
        """Operations that HQ has not answered."""
        return int(self.query("SELECT count(*) FROM outbox WHERE answered = 0")[0][0])


class Gone(Exception):
    """The process died while somebody waited."""


_IDS = {"member.sign_up": "member_id", "order.place": "order_id", "talk.log": "talk_id", "followup.set": "followup_id",
        "ticket.raise": "ticket_id", "ticket.step": "ticket_id", "promise.make": "promise_id",
        "promise.settle": "promise_id", "quote.make": "quotation_id", "quote.void": "quotation_id",
        "quote.take": "quotation_id", "material.share": "share_id",
        "order.cancel": "order_id", "order.exchange": "order_id", "staff.set_pin": "staff_id"}  # fmt: skip


def _made(op_id: str, draft: Draft) -> Made:
    body: Any = draft.body
    about = _IDS.get(draft.kind, "member_id")
    return Made(op_id, draft.kind, getattr(body, about, ""), getattr(body, "member_id", None) or "")


__all__ = ["Backup", "Gone", "Made", "Tablet"]
