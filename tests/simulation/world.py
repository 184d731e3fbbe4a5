"""A chain of shops in virtual time: one seed decides who does what, when, and what goes wrong."""

from __future__ import annotations

import hashlib
from collections import Counter
from datetime import timedelta
from pathlib import Path
from random import Random

from guide_app.domain.errors import EnvironmentProblem
from sync.care import FIRST_S, FIRST_SPREAD_S
from sync.protocol.codec import encode
from tests.simulation import derived, handed, invariants, library, promoted
from tests.simulation.faults import FAULTS, Fault
from tests.simulation.guides import Guides
from tests.simulation.hq import Device, SimulatedHq
from tests.simulation.hq_data import HqData
from tests.simulation.network import TIMEOUT_S, Exchange, Network
from tests.simulation.office import Office
from tests.simulation.tablet import Backup, Gone, Tablet
from tests.simulation.timeline import TabletTime, Timeline

ROUNDS = 60
"""Of each tablet, once faults stop, until everything must be quiet."""
_USUAL = {"work": 7.0, "time": 4.0, "reach": 7.0, "arrive": 7.0, "office": 2.0, "copy": 1.0, "derive": 1.0, "hour": 0.5}
_PARCELS = 4
"""In every so many-th schedule shops see to each other's orders."""
_SKEWS = (0.0, 0.0, 1.5, -40.0, 500.0, -86_400.0, 3e7)


class World:
    """Tablets, HQ, the network between them. `trace` tells all that happened."""

    def __init__(self, seed: int, data: HqData, folder: Path) -> None:
        self.random = Random(seed)
        self.timeline = Timeline()
        self.hq = SimulatedHq(data, self.timeline, Random(f"{seed} hq"), self.random.choice((1, 1, 2, 3)))
        self.network = Network(self.hq.answer, self.timeline.monotonic)
        aside = Random(f"{seed} parcels") if seed % _PARCELS == 0 else None
        self.guides = Guides(self.hq, Random(f"{seed} guides"), aside)
        self.office = Office(self.hq, Random(f"{seed} office"))
        self._seed, self._folder = seed, folder
        self._usual = {
            "work": self.work, "time": self._time, "reach": self._reach, "arrive": self._arrive,
            "office": self._office, "copy": self._copy, "derive": self._derive,
            "hour": self._hour,
        }  # fmt: skip
        self.promised: dict[str, str] = {}
        """op_id → what it was, of every operation whose COMMIT returned and which has not been lost with its file."""
        self.trace: list[str] = []
        self.faults: Counter[str] = Counter()
        self.kinds: Counter[str] = Counter()
        self.deeds: Counter[str] = Counter()
        """What no kind of operation tells, and how much of it HQ has in the end."""
        self.entities: Counter[str] = Counter()
        """Entity → rows of it that HQ published, as they stand from step to step."""
        self.tablets: list[Tablet] = []
        for number in range(self.random.randint(2, 5)):
            self._new_tablet(self.hq.new_device(self.hq.stores[number % len(self.hq.stores)])).start()
        self._chosen: dict[str, Fault] = {name: fault for name, fault in FAULTS.items() if self.random.random() < 0.5}
        self._weights = {name: self.random.choice((0.3, 1.0, 2.0)) for name in self._chosen}

    # ------------------------------------------------------------ a run

    def run(self) -> None:
        """Enrols, works with faults, then without until all is quiet. Raises `Violation`."""
        for tablet in self.tablets:
            tablet.enrol()
        for number in range(self.random.randint(60, 220)):
            self._step(number)
        self._mend()
        self._drain()
        self._count_rows()
        invariants.at_rest(self)
        derived.at_rest(self)
        promoted.at_rest(self)
        handed.at_rest(self)
        library.at_rest(self)

    def stop(self) -> None:
        """Closes every file."""
        for tablet in self.tablets:
            tablet.kill()

    @property
    def digest(self) -> str:
        """Of the whole trace, and of HQ's rows at its end."""
        rows = [
            [key.scope, *ref, row.seq, row.ver, row.data]
            for key in self.hq.scopes()
            for ref, row in sorted(self.hq.data.feed(key).items())
        ]
        return hashlib.sha256("\n".join(self.trace).encode() + encode(rows)).hexdigest()

    def _step(self, number: int) -> None:
        tablet = self.random.choice(self.tablets)
        weights = {**_USUAL, **self._weights}
        name = self.random.choices(list(weights), list(weights.values()))[0]
        self._say(f"{number} {name} {tablet.name}")
        if name in self._chosen:
            happened = self._chosen[name](self, tablet)
            self.faults[name] += happened
            told = "" if happened else "not now"
        else:
            told = self._usual[name](tablet)
        self.settle()
        self._say(f"{number} = {told}; {self._state(tablet)}")
        if tablet in self.tablets:
            invariants.always(self, tablet)
        if number % 40 == 0:
            self._count_rows()

    # ------------------------------------------------------------ what usually happens

    def work(self, tablet: Tablet) -> str:
        """Somebody does something at the tablet."""
        made = len(tablet.made)
        told = self.guides.work(tablet)
        for op in tablet.made[made:]:
            self.promised[op.op_id] = f"{op.kind} of {tablet.name}"
            self.kinds[op.kind] += 1
        return told

    def _office(self, tablet: Tablet) -> str:
        return self.office.work()

    def _derive(self, tablet: Tablet) -> str:
        """The tablet rests: it judges some members by HQ's rules, and makes some rhythms."""
        try:
            more = tablet.do(tablet.store.tags.step()), tablet.do(tablet.store.morning.prepare())
        except EnvironmentProblem as problem:
            return problem.code
        except Gone:
            return "killed"
        return f"more: {more}"

    def _copy(self, tablet: Tablet) -> str:
        """Somebody backs the tablet up, or HQ."""
        if self.random.random() < 0.5:
            return "HQ" if self.hq.back_up() else "nothing"
        tablet.back_up()
        return "tablet"

    def _hour(self, tablet: Tablet) -> str:
        return f"waiting: {self.good_hour(tablet)}"

    def _time(self, tablet: Tablet) -> str:
        """The next sleeper of all wakes, or of this tablet."""
        whose = [tablet] if self.random.random() < 0.3 else self.tablets
        due = [at for one in whose if (at := one.time.next_at) is not None]
        self.pass_time(max(min(due, default=0.0) - self.timeline.seconds, 0.05))
        return f"{self.timeline.seconds:.2f}"

    def _reach(self, tablet: Tablet) -> str:
        exchange = self.going()
        if exchange is None:
            return self._time(tablet)
        self.network.reach(exchange)
        return "reached"

    def _arrive(self, tablet: Tablet) -> str:
        exchange = self.coming()
        if exchange is None:
            return self._reach(tablet)
        self.network.arrive(exchange)
        return "arrived"

    # ------------------------------------------------------------ for the faults too

    def going(self) -> Exchange | None:
        """Some request that has not come to HQ yet."""
        return self._one([exchange for exchange in self.network.air if not exchange.answered])

    def coming(self) -> Exchange | None:
        """Some answer on its way."""
        return self._one([exchange for exchange in self.network.air if exchange.answered])

    def good_hour(self, tablet: Tablet) -> int:
        """People work at the tablet, and the line is as it should be; how much waits in the end all the same."""
        for _ in range(self.random.randint(1, 3)):
            self.work(tablet)
            for _ in range(3):
                self._round(tablet)
                if not tablet.waiting:
                    break
        return tablet.waiting

    def pass_time(self, seconds: float) -> None:
        """Time passes for everybody; who waited too long for an answer gives it up."""
        self.timeline.seconds += seconds
        for exchange in [*self.network.air]:
            if exchange.future is not None and self.timeline.seconds - exchange.sent_at > TIMEOUT_S:
                self.network.give_up(exchange, still_travels=self.random.random() < 0.5)
                self.faults["timeout"] += 1
        for tablet in self.tablets:
            tablet.time.ring()

    def settle(self) -> None:
        """Every tablet does what it can; who was struck down meanwhile starts again."""
        for tablet in self.tablets:
            tablet.go_on()

    def new_time(self) -> TabletTime:
        return TabletTime(self.timeline, self.random.choice(_SKEWS))

    def add_clone(self, tablet: Tablet, of: Backup | None = None) -> Tablet:
        """A second tablet with the same file, or that of a backup."""
        name = f"t{len(self.tablets)}"
        random = Random(f"{self._seed} {name}")
        self.tablets.append(tablet.clone(name, self.new_time(), random, self.hq, self._folder / name, of))
        return self.tablets[-1]

    def forget_lost(self, before: set[str]) -> None:
        """Operations whose last copy went with a file or with HQ's disk: no protocol brings them back."""
        left = set(self.hq.data.log())
        for tablet in self.tablets:
            left |= set(tablet.op_ids())
        for op_id in before - left:
            self.promised.pop(op_id, None)

    def _new_tablet(self, device: Device) -> Tablet:
        name = f"t{len(self.tablets)}"
        random = Random(f"{self._seed} {name}")
        tablet = Tablet(name, device, self.hq, self.network, self.new_time(), random, self._folder / name)
        self.tablets.append(tablet)
        return tablet

    def _one(self, found: list[Exchange]) -> Exchange | None:
        return self.random.choice(found) if found else None

    # ------------------------------------------------------------ the end

    def _mend(self) -> None:
        """Everything works again, and people did what they were asked to do."""
        self.hq.mend()
        for tablet in self.tablets:
            tablet.disk.free()
            tablet.disk.crash_at = None
            if tablet.damaged:
                tablet.note(compared_at="")  # a day has passed
                if tablet.scrub is not None:  # or as many as it takes until that bucket's turn
                    tablet.note(scrubbed_at="", next_bucket=str(tablet.scrub))
                tablet.restart()
        self.office.publish_policy()
        for device in self.hq.devices.values():
            device.revoked = False
        self.pass_time(FIRST_S + FIRST_SPREAD_S)  # then it may compare its rows with HQ's

    def _drain(self) -> None:
        quiet = 0
        for number in range(ROUNDS):
            for tablet in self.tablets:
                self._round(tablet)
            self.hq.sweep()
            mended = self.hq.replay().done
            self.hq.sweep()
            derived.publish_wallets(self.hq)
            self.hq.hear_provider(all_of_it=True)
            mended += self.hq.look_after_payments(timedelta(hours=number + 1))
            left = [self._unquiet(tablet) for tablet in self.tablets]
            self._say(f"round {number}: {left}")
            quiet = 0 if mended or any(left) else quiet + 1
            if quiet == 2:
                return
        raise invariants.Violation(9, f"not quiet within {ROUNDS} rounds: {left}")

    def _round(self, tablet: Tablet) -> None:
        """Its next timer rings, and everything that follows happens at once and in order."""
        at = tablet.time.next_at
        self.pass_time(max((at or 0.0) - self.timeline.seconds, 0.05))
        self.settle()
        for _ in range(200):
            if not self.network.air:
                return
            exchange = self.network.air[0]
            if not exchange.answered:
                self.network.reach(exchange)
            if exchange in self.network.air:
                self.network.arrive(exchange)
            self.settle()
            for each in self.tablets:  # between two answers a scope may be withdrawn and granted anew
                each.watch_cursors()

    def _unquiet(self, tablet: Tablet) -> str:
        heads = {granted.key.scope for granted in self.hq.session(tablet.device).granted}
        behind = tablet.query("SELECT scope FROM scope WHERE seq < head OR sweep = 1")
        missing = heads != {scope for (scope,) in tablet.query("SELECT scope FROM scope")}
        phase = tablet.engine.view().phase
        uncompared = tablet.query("SELECT 1 FROM meta WHERE key IN ('compared_at', 'scrubbed_at') AND value = ''")
        waits = tablet.waiting or behind or missing or uncompared or phase != "idle" or tablet.engine.view().problem
        return f"{tablet.name} {self._state(tablet)}" if waits else ""

    def _state(self, tablet: Tablet) -> str:
        view = tablet.engine.view()
        return f"{view.phase} {view.problem} {tablet.waiting} {tablet.query('SELECT seq FROM scope ORDER BY kind')}"

    def _count_rows(self) -> None:
        rows = (item for key in self.hq.scopes() for item in self.hq.data.feed(key).items())
        self.entities.update(ref.entity for ref, row in rows if row.kind == "put")

    def _say(self, what: str) -> None:
        self.trace.append(what)
