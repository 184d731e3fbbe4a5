"""Two tablets of one shop with no network: one coupon, one gift card, one balance of points, one last piece, and what
one colleague may buy at staff prices this month.

`python -m tests.proofs.partitions --partitions 1000 --seed 7`. Each partition is played in virtual time by two real
engines on two real encrypted files, with HQ's real rules in memory: lines are cut and mended, requests and answers
lost or late, processes killed, clocks set, orders cancelled, leases given back; coupons and points are chosen in a
basket and go through the tablet's own till. Then the lines are mended, and what the orders at HQ spent is counted by
the orders alone. The control switches leases off at HQ (each tablet may spend what the
balance shows): then the same partitions must overspend.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Coroutine
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from random import Random
from typing import Any, TypeVar
from unittest.mock import patch

from msgspec.structs import replace

from guide_app.domain import payments
from guide_app.domain.errors import NoNetwork, Refused
from guide_app.domain.ids import Ids
from guide_app.domain.leases import points_instrument
from guide_app.domain.records import Instrument, Ref, Staff, StaffPurchase
from guide_app.domain.records.lease import InstrumentKind
from guide_app.operations.leases import Spending
from guide_app.operations.orders import Place
from guide_app.services.leases import LeaseDesk
from guide_app.services.ports.writing import Draft
from hq.leases.values import Value
from hq.ledger.port import ScopeKey
from tests.proofs.parted_till import PartedTill, promotions
from tests.proofs.summary import Summary
from tests.proofs.telling import finish, told
from tests.simulation.disk import memory_folder
from tests.simulation.hq import in_memory
from tests.simulation.network import Network
from tests.simulation.run import quiet
from tests.simulation.tablet import Gone, Tablet
from tests.simulation.timeline import TabletTime, Timeline
from tests.work import Made, Work

T = TypeVar("T")
BASKET = ("points", "coupon")
"""What is chosen in a basket."""
A_SHOP = 20
"""Partitions that one shop lives through, one after the other."""
STEPS = 30
LONGEST_H = 90
"""Of one partition: a lease's rest is kept for late spends for four days after its grant (section 7)."""
_KINDS: tuple[InstrumentKind, ...] = ("points", "card", "coupon", "stock", "staff")
_ACTS = {
    "sell": 8,
    "reserve": 3,
    "link": 4,
    "cancel": 2,
    "give back": 1,
    "kill": 0.5,
    "clock": 0.4,
    "time": 2,
    "late": 2,
}


class Pair:
    """A shop with two tablets, and the line of each."""

    def __init__(self, seed: str, folder: Path) -> None:
        self.random = Random(seed)
        self._timeline = Timeline()
        self._hq, self._data = in_memory(self._timeline, Random(f"{seed} hq"), 1)
        (self._store,) = self._hq.stores
        self._network = Network(self._hq.answer, self._timeline.monotonic)
        self._work = Work(self.random, tuple(self._hq.products), self._hq.list_id, self._hq.prices)
        self.tablets = [self._tablet(name, seed, folder / name) for name in ("a", "b")]
        self._up = {tablet.device.device_id: True for tablet in self.tablets}
        self._orders: dict[str, list[str]] = {tablet.name: [] for tablet in self.tablets}
        self.counts = Counter[str]()
        self._until, self._member, self._colleague, self._limit = 0.0, "", "", 0
        self._data.write(self._data.chain, promotions())
        for tablet in self.tablets:
            tablet.start()
            tablet.enrol()
        self._load()

    def _tablet(self, name: str, seed: str, folder: Path) -> Tablet:
        times = TabletTime(self._timeline, self.random.choice((0.0, -40.0, 500.0)))
        device = self._hq.new_device(self._store)
        return Tablet(name, device, self._hq, self._network, times, Random(f"{seed} {name}"), folder)

    # ------------------------------------------------------------ one partition

    def play(self) -> tuple[int, int]:
        """One partition over fresh value; how much of it was spent beyond what there was, and units unaccounted for."""
        balances = {"points": self.random.randint(2, 500), "card": self.random.randint(100, 9_000)}
        self._member = self._hq.id()
        made = [self._instrument(kind) for kind in _KINDS]
        for one in made:
            if one.kind != "staff":  # that one HQ makes of what it lets the colleague do
                value = Value(kind=one.kind, balance=balances.get(one.kind, 1))
                self._data.keep(self._store.store_id, Ref("instrument", one.id), value)
        self._until = self._timeline.seconds + LONGEST_H * 3600
        self._orders = {tablet.name: [] for tablet in self.tablets}
        for tablet in self.tablets:
            for one in self.random.sample(made, 2):
                self._spends(tablet, one)
        for _ in range(STEPS):
            self._act(self.random.choice(self.tablets), made)
        for device_id in self._up:
            self._up[device_id] = True
        self._drain()
        self.counts["partitions"] += 1
        return self._overspent(made)

    def _instrument(self, kind: InstrumentKind) -> Instrument:
        if kind == "points":
            return points_instrument(self._member)
        if kind != "staff":
            return Instrument(kind=kind, id=self._hq.id())
        self._colleague, self._limit = self._hq.id(), self.random.randint(1_000, 40_000)
        person = Staff(name="李娜", staff_no="09", purchase=StaffPurchase(limit=self._limit))
        key = ScopeKey(self._store.store_id, self._store.scope)
        self._data.write(key, {Ref("staff", self._colleague): person})
        return self._hq.limit_of(self._store, self._colleague, self._timeline.now())

    def _act(self, tablet: Tablet, made: list[Instrument]) -> None:
        match self.random.choices(list(_ACTS), list(_ACTS.values()))[0]:
            case "sell":
                self._sell(tablet, self.random.choice(made))
            case "reserve":
                self._spends(tablet, self.random.choice(made))
            case "link":
                self._up[tablet.device.device_id] = not self._up[tablet.device.device_id]
            case "cancel" if self._orders[tablet.name]:
                order = self._orders[tablet.name].pop(self.random.randrange(len(self._orders[tablet.name])))
                self.counts["orders cancelled"] += tablet.commit(self._guide, self._work.cancel(order)) == "saved"
            case "give back":
                for row in tablet.do(tablet.store.leases.rows())[:1]:
                    tablet.commit(self._guide, self._work.give_back(row.id, row.lease.left))
            case "kill":
                self.counts["processes killed"] += 1
                tablet.restart()
            case "clock":
                tablet.time.skew = self.random.choice((0.0, -86_400.0, 500.0, 3e5))
            case "time":
                hours = self.random.choice((0.01, 1, 8, 30))
                self._pass(min(hours * 3600, max(0.0, self._until - self._timeline.seconds)))
            case "late":
                self._deliver(lossy=True)

    def _sell(self, tablet: Tablet, instrument: Instrument) -> None:
        offline = not self._up[tablet.device.device_id]
        if instrument.kind == "staff":
            order_id = self._to_colleague(tablet, instrument)
        else:
            by_basket = instrument.kind in BASKET
            order_id = self._by_basket(tablet, instrument) if by_basket else self._plain(tablet, instrument)
        if not order_id:
            self.counts["refused, with no network" if offline else "refused"] += 1
            return
        self._orders[tablet.name].append(order_id)
        self.counts["orders that spent, with no network" if offline else "orders that spent"] += 1
        self.counts[f"spent with no network: {instrument.kind}"] += offline

    def _by_basket(self, tablet: Tablet, instrument: Instrument) -> str:
        """Coupons and points go through the basket's own code."""
        till = PartedTill(tablet, self._guide, self._hq.products[0])
        order_id = self._asked(tablet, till.sell(instrument, self._member, self._wanted(instrument)))
        self.counts["sold by the basket's own code"] += order_id != ""
        return order_id

    def _plain(self, tablet: Tablet, instrument: Instrument) -> str:
        spends = self._spends(tablet, instrument)
        if not spends:
            return ""
        number, by_card = tablet.do(tablet.store.numbers.next()), instrument.kind == "card"
        placed = self._work.order(number, None, 1, "take_away", () if by_card else spends)
        if tablet.commit(self._guide, placed.draft) != "saved":
            return ""
        if by_card:
            self._pay(tablet, instrument, placed, spends)
        return placed.id

    def _to_colleague(self, tablet: Tablet, instrument: Instrument) -> str:
        """All that it costs is spent of the colleague's limit, or they do not get it."""
        placed = self._work.order(tablet.do(tablet.store.numbers.next()), None, 1)
        order = placed.draft.body
        assert isinstance(order, Place)
        try:
            spends = self._asked(tablet, self._desk(tablet).need(instrument, order.totals.total, self._colleague))
        except (Refused, NoNetwork):
            return ""
        body = replace(order, staff_id=self._colleague, spends=spends)
        return placed.id if tablet.commit(self._guide, Draft(kind=placed.draft.kind, body=body)) == "saved" else ""

    def _wanted(self, instrument: Instrument) -> int:
        if instrument.kind == "staff":
            return self.random.randint(1, self._limit)
        row = self._data.records(self._store.store_id, "instrument")[instrument.id].record
        assert isinstance(row, Value)
        return self.random.randint(1, self.random.choice((row.balance, max(1, row.balance // 8))))

    def _pay(self, tablet: Tablet, card: Instrument, placed: Made, spends: tuple[Spending, ...]) -> None:
        """The gift card pays at the till, and now and then goes back: a slip of the finger."""
        order: Any = placed.draft.body
        there = sum(one.amount for one in spends)
        if there <= order.totals.total:
            paid = self._work.pay_by_card(placed.id, card.id, *spends)
            self.counts["paid by the card"] += tablet.commit(self._guide, paid) == "saved"
            body: Any = paid.body
            leg = body.legs[0]
            if there % 7 == 0:
                back = self._work.pay_back_on_card(placed.id, leg.leg_id, leg.amount)
                self.counts["given back on the card"] += tablet.commit(self._guide, back) == "saved"

    def _spends(self, tablet: Tablet, instrument: Instrument) -> tuple[Spending, ...]:
        """As the till asks for it: all that is wanted, else what is here."""
        whose = self._colleague if instrument.kind == "staff" else ""
        wanted, desk = self._wanted(instrument), self._desk(tablet)
        for amount in (wanted, 0):
            try:
                here = amount or self._asked(tablet, desk.left(instrument))
                return self._asked(tablet, desk.need(instrument, here, whose)) if here else ()
            except (Refused, NoNetwork):
                continue
        return ()

    def _desk(self, tablet: Tablet) -> LeaseDesk:
        store, ids = tablet.store, Ids(tablet.time, tablet.random.randbytes)
        return LeaseDesk(store.leases, tablet.engine, tablet.journal, store.shop, tablet.time, ids)

    @property
    def _guide(self) -> str:
        return self._store.guides[0]

    # ------------------------------------------------------------ time and the lines

    def _asked(self, tablet: Tablet, work: Coroutine[Any, Any, T]) -> T:
        """What somebody waits for at the tablet, with whatever the line does to it."""
        task = tablet.loop.create_task(work)
        for _ in range(200):
            tablet.loop.settle()
            if task.done():
                return task.result()
            self._deliver(lossy=True)
        raise Gone

    def _deliver(self, *, lossy: bool) -> None:
        """What is in the air comes to its end, as far as the lines are up."""
        for exchange in [*self._network.air]:
            up, chance = self._up[exchange.device_id], self.random.random()
            if not up or (lossy and chance < 0.15):
                if up and chance < 0.07 and not exchange.answered:
                    self._network.reach(exchange)  # and the answer is lost
                if exchange in self._network.air:
                    self._network.give_up(exchange, still_travels=self.random.random() < 0.7)
                continue
            if not exchange.answered:
                self._network.reach(exchange)
            if exchange in self._network.air:
                self._network.arrive(exchange)
        for tablet in self.tablets:
            tablet.go_on()

    def _pass(self, seconds: float) -> None:
        self._timeline.seconds += seconds
        for tablet in self.tablets:
            tablet.time.ring()
            tablet.go_on()
        self._deliver(lossy=True)

    def _load(self) -> None:
        """Until each tablet has what is sold, though answers of its first load are lost."""
        for _ in range(60):
            self._drain()
            if all(tablet.query("SELECT 1 FROM price") for tablet in self.tablets):
                return
        raise AssertionError("a tablet never loads")

    def _drain(self) -> None:
        """Until HQ has heard everything."""
        for _ in range(60):
            for tablet in self.tablets:
                self._pass(max((tablet.time.next_at or 0.0) - self._timeline.seconds, 0.05))
            while self._network.air:
                self._deliver(lossy=False)
            if not any(tablet.waiting for tablet in self.tablets):
                return
        raise AssertionError("operations wait, though the lines are up")

    # ------------------------------------------------------------ what HQ's orders say

    def _overspent(self, made: list[Instrument]) -> tuple[int, int]:
        records = partial(self._data.records, self._store.store_id)
        leases: dict[str, Any] = {lease_id: row.record for lease_id, row in records("lease").items()}
        spent, beyond, astray = Counter[str](), 0, 0
        for row in records("order").values():
            order: Any = row.record
            for spend in order.spends if order.state != "cancelled" else ():
                spent[leases[spend.lease_id].instrument.id] += spend.amount
            for lease_id, amount in payments.from_leases(order).items():
                spent[leases[lease_id].instrument.id] += amount
        for one in made:
            if one.id not in records("instrument"):
                continue  # nobody asked for a share of the colleague's limit
            value: Any = records("instrument")[one.id].record
            left = sum(lease.left for lease in leases.values() if lease.instrument == one)
            beyond += max(0, spent[one.id] - (self._limit if one.kind == "staff" else value.balance))
            astray += abs(value.balance - (value.free + left + spent[one.id]))
        return beyond, astray


def leases_off() -> AbstractContextManager[object]:
    """HQ sets nothing aside: whoever asks may spend what the balance shows."""
    return patch.object(Value, "free", property(lambda value: value.balance))


def played(partitions: int, seed: int) -> tuple[Counter[str], list[tuple[int, int]]]:
    """So many partitions: what happened, and (overspent, unaccounted) of each."""
    counts, found = Counter[str](), list[tuple[int, int]]()
    for number in range(-(-partitions // A_SHOP)):
        with tempfile.TemporaryDirectory(prefix="guide-parted-", dir=memory_folder()) as folder, quiet():
            pair = Pair(f"{seed} {number}", Path(folder))
            try:
                found += [pair.play() for _ in range(min(A_SHOP, partitions - len(found)))]
            finally:
                for tablet in pair.tablets:
                    tablet.kill()
            counts += pair.counts
    return counts, found


def run(partitions: int, seed: int) -> Summary:
    """The partitions with leases, and a tenth of them without."""
    began = time.monotonic()
    counts, found = played(partitions, seed)
    with leases_off():
        _, without = played(max(1, partitions // 10), seed)
    wrong = {
        "units overspent": sum(beyond for beyond, _ in found),
        "units that are neither free, leased nor spent": sum(astray for _, astray in found),
        "kinds of value that nobody spent with no network": sum(
            not counts[f"spent with no network: {kind}"] for kind in _KINDS
        ),
    }
    overspent = sum(beyond > 0 for beyond, _ in without)
    control = {f"with leases off overspent, of {len(without)} partitions": overspent}
    return told("two tablets, one value", dict(sorted(counts.items())), wrong, time.monotonic() - began, control)


def main(arguments: list[str] | None = None) -> int:
    """0 when nothing was overspent, and without leases something was."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--partitions", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args(arguments)
    return finish(run(given.partitions, given.seed))


if __name__ == "__main__":
    sys.exit(main())
