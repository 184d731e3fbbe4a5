"""Rules of the contract switched off, one each, in the product's real code: every one must be caught.

`python -m tests.simulation.mutants` plays seeds until each is caught, and writes the table of `docs/proofs/mutants.md`.
"""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from multiprocessing.pool import Pool
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

import msgspec

from guide_app.domain import elements, quotations
from guide_app.domain.elements import Merged
from guide_app.domain.errors import NotSaved
from guide_app.domain.records import Quotation, Ref, ReturnedLine
from guide_app.operations import Effect
from guide_app.operations.payments import OrderPay
from guide_app.operations.reshares import OrderReshare
from guide_app.services.ports.writing import Change
from hq.leases.values import Value
from hq.ledger import page
from hq.ledger.memory import MemoryAggregates, MemoryLedger
from hq.ledger.page import PageMaker
from hq.ledger.port import Slice, Transient
from hq.sync_api import push, replay, running, service
from hq.sync_api.push import Push
from hq.sync_api.service import SyncService
from local_store import base, erasing, sync_store
from local_store.apply import Answered, Applier
from local_store.effects import Effects
from local_store.history import History
from local_store.journal import Journal
from local_store.outbox import Outbox
from local_store.repositories.tagging import Tagging
from local_store.scopes import Scopes
from sync import machine
from sync.care import Carer
from sync.engine import SyncEngine
from tests.simulation.run import Played, play, pool, quiet

MOST = 2_000
"""Schedules within which a mutant must be caught."""
_AT_ONCE = 8
TABLE = Path(__file__).parents[2] / "docs" / "proofs" / "mutants.md"
Patch = Callable[[], contextlib.AbstractContextManager[Any]]


class Mutant(NamedTuple):
    """A rule, where the contract has it, and how it is switched off."""

    rule: str
    section: str
    patch: Patch


def _set(owner: Any, name: str, put: Any) -> Patch:
    """That attribute, for a while something else."""
    return lambda: patch.object(owner, name, put)


def _all(*patches: Patch) -> Patch:
    @contextlib.contextmanager
    def together() -> Iterator[None]:
        with contextlib.ExitStack() as held:
            for one in patches:
                held.enter_context(one())
            yield

    return together


def _all_taken(_order: Any, body: Any) -> tuple[ReturnedLine, ...]:
    """As if whatever was told of came back."""
    return tuple(ReturnedLine(line_id=line.line_id, qty=line.qty, sellable=line.sellable) for line in body.lines)


def _nothing(*_: Any, **__: Any) -> None:
    return None


# ------------------------------------------------------------ HQ


def _by_todays() -> contextlib.AbstractContextManager[Any]:
    real = MemoryAggregates.promotions

    def promotions(self: MemoryAggregates, since: str, until: str, named: Any) -> Any:
        now = real(self, since, "9999", named)
        return {row_id: msgspec.structs.replace(one, since="") for row_id, one in now.items() if not one.until_moment}

    return patch.object(MemoryAggregates, "promotions", promotions)


def _too_much_refused() -> contextlib.AbstractContextManager[Any]:
    real = OrderPay.effect

    def effect(self: OrderPay, body: Any, state: Any, context: Any) -> Effect:
        done = real(self, body, state, context)
        return Effect({}, done.code) if done.code else done

    return patch.object(OrderPay, "effect", effect)


def _to_all(quotation: Quotation, order_id: str) -> Quotation:
    return msgspec.structs.replace(quotation, state="ordered", order_id=order_id)


def _one_correction_kept() -> contextlib.AbstractContextManager[Any]:
    real = OrderReshare.effect

    def effect(self: OrderReshare, body: Any, state: Any, context: Any) -> Effect:
        changes: dict[Ref, Any] = dict(real(self, body, state, context).changes)
        return Effect({
            ref: msgspec.structs.replace(order, reshares=order.reshares[-1:]) for ref, order in changes.items()
        })  # fmt: skip

    return patch.object(OrderReshare, "effect", effect)


def _forgets_ops() -> contextlib.AbstractContextManager[Any]:
    real = MemoryLedger.record

    def record(self: MemoryLedger, stream: Any, entries: Any, seen: Any, last_seq: int) -> None:
        for entry in entries:
            self._state.ops.pop(entry.op_id, None)
        real(self, stream, entries, seen, last_seq)

    return _all(_set(MemoryLedger, "known", lambda *_: {}), _set(MemoryLedger, "record", record))()


def _drops_parked() -> contextlib.AbstractContextManager[Any]:
    real = MemoryLedger.record

    def record(self: MemoryLedger, stream: Any, entries: Any, seen: Any, last_seq: int) -> None:
        real(self, stream, [e for e in entries if e.outcome.status != "parked"], seen, last_seq)

    return patch.object(MemoryLedger, "record", record)


def _stops_at_parked() -> contextlib.AbstractContextManager[Any]:
    def run(ops: Any, aggregates: Any, currency: str) -> Any:
        done = running.together(ops, aggregates, currency)
        if any(ran.outcome.status == "parked" for ran in done.ran):
            raise Transient("a bad op delays all")
        return done

    return patch.object(push, "together", run)


def _epoch_ignored() -> contextlib.AbstractContextManager[Any]:
    real = SyncService.sync

    def sync(self: SyncService, session: Any, request: Any, *rest: Any, **named: Any) -> bytes:
        return real(self, session._replace(epoch=request.epoch), request, *rest, **named)

    return patch.object(SyncService, "sync", sync)


def _repeats_are_applied() -> contextlib.AbstractContextManager[Any]:
    real = Push._stored

    def stored(self: Push, told: Any, known: Any) -> Any:
        found = real(self, told, known)
        return found and msgspec.structs.replace(found, status="applied", code="", feed_pos=None)

    return patch.object(Push, "_stored", stored)


def _pages_end_early() -> contextlib.AbstractContextManager[Any]:
    real = PageMaker._slice

    def cut(self: PageMaker, key: Any, position: int) -> Slice:
        found = real(self, key, position)
        return Slice(found.rows, more=False) if found.rows else found

    return patch.object(PageMaker, "_slice", cut)


def _newest_first() -> contextlib.AbstractContextManager[Any]:
    real = PageMaker.__init__

    def made(self: PageMaker, rows_after: Any, want: int) -> None:
        real(self, lambda key, position: iter(list(rows_after(key, position))[::-1]), want)

    return patch.object(PageMaker, "__init__", made)


def _late_outcomes_unsaid() -> contextlib.AbstractContextManager[Any]:
    return patch.object(replay, "tell_senders", _nothing)


# ------------------------------------------------------------ the tablet


def _keeps_incarnation() -> contextlib.AbstractContextManager[Any]:
    real = Outbox.renumber

    def renumber(self: Outbox) -> None:
        kept = self._meta.text("incarnation")
        real(self)
        self._meta.set(incarnation=kept or self._meta.text("incarnation"))

    return patch.object(Outbox, "renumber", renumber)


def _cursor_first() -> contextlib.AbstractContextManager[Any]:
    real = sync_store.SyncStore.take

    async def take(self: Any, sent: Any, answer: Any) -> Any:
        moved: dict[str, int] = {}

        def job(connection: Any) -> Any:
            scopes = Scopes(connection)
            last = {row.s: row.q for row in answer.rows}
            for scope, state in answer.scopes.items():
                cursor = scopes.all().get(scope)
                if cursor and not state.refetch and sent.after.get(scope) == cursor.seq:
                    moved[scope] = last.get(scope, cursor.seq) if state.more else state.head
                    scopes.move(scope, moved[scope], state.head, state.digest)
            return None, base.UNCHANGED

        await self._base.write(job)
        return await real(self, msgspec.structs.replace(sent, after={**sent.after, **moved}), answer)

    return patch.object(sync_store.SyncStore, "take", take)


def _leaves_at_result() -> contextlib.AbstractContextManager[Any]:
    return _all(_set(Scopes, "at_head", lambda _: True), _set(Scopes, "store_seq", lambda _: 2**62))()


def _trusts_cursors() -> contextlib.AbstractContextManager[Any]:
    def new_epoch(self: History, epoch: str, last_seq: int, scopes: Any) -> Any:
        self._meta.set(epoch=epoch)
        return self.resend_after(max(last_seq - 1, 0))

    return patch.object(History, "new_epoch", new_epoch)


def _nothing_sent_again() -> contextlib.AbstractContextManager[Any]:
    real = History.new_epoch

    def new_epoch(self: History, epoch: str, last_seq: int, scopes: Any) -> Any:
        with patch.object(History, "resend_after", lambda *_: set()):
            return real(self, epoch, last_seq, scopes)

    return patch.object(History, "new_epoch", new_epoch)


def _last_op_not_shown() -> contextlib.AbstractContextManager[Any]:
    real = History.new_epoch
    return patch.object(History, "new_epoch", lambda self, e, last, s: real(self, e, last + 1 if last else 0, s))


def _revoked_rows_stay() -> contextlib.AbstractContextManager[Any]:
    real = Scopes.grant

    def grant(self: Scopes, grants: Any) -> set[str]:
        real(self, grants)
        return set()

    return patch.object(Scopes, "grant", grant)


async def _none_differ(self: Any) -> tuple[str, ...]:
    return ()


def _false_saved() -> contextlib.AbstractContextManager[Any]:
    real = Journal.commit

    async def commit(self: Journal, *told: Any, **named: Any) -> Change:
        try:
            return await real(self, *told, **named)
        except NotSaved:
            return Change()

    return patch.object(Journal, "commit", commit)


def _refused_vanishes() -> contextlib.AbstractContextManager[Any]:
    real = Applier.close_ops

    def close(self: Applier, told: Sequence[Answered]) -> None:
        real(self, told)
        refused = [(one.op_id,) for one in told if one.status == "rejected"]
        self._db.executemany("UPDATE outbox SET state = 'applied' WHERE op_id = ?", refused)

    return patch.object(Applier, "close_ops", close)


def _parked_is_closed() -> contextlib.AbstractContextManager[Any]:
    real = Applier.close_ops

    def close(self: Applier, told: Sequence[Answered]) -> None:
        real(self, [one._replace(status="applied") if one.status == "parked" else one for one in told])

    return patch.object(Applier, "close_ops", close)


def _always_in_feed(head: Any, position: int) -> bool:
    return True


def _comes_at_once() -> contextlib.AbstractContextManager[Any]:
    def at_once(state: machine.State, event: machine.Busy) -> Any:
        return machine._later(state, "")

    def told(cells: Any) -> Patch:
        return lambda: patch.dict(cells, {machine.Busy: at_once})

    return _all(*(told(cells) for cells in machine.TABLE.values() if cells[machine.Busy] is machine._busy))()


async def _scrubs_nothing(self: Carer, place: int, due: Any) -> None:
    await self._store.cared(bucket=place)


async def _mends_no_bucket(self: Carer, scope: str, due: Any) -> None:
    return None


async def _no_time(self: SyncEngine, server_time: str, *, keep: bool = False) -> None:
    return None


def _overwrites(field: str, now: Any, old: Any, new: Any) -> Merged:
    return Merged(elements.unique(field, new), False)


MUTANTS: Mapping[str, Mutant] = {
    "lists overwritten": Mutant("lists of a member are put together element by element", "8",
                                _set(elements, "merge", _overwrites)),
    "ops forgotten": Mutant("HQ knows an op by its op_id and runs it once", "6", _forgets_ops),
    "fork ignored": Mutant("HQ tells a fork by a number that it knows with another op_id", "4",
                           _set(Push, "_is_fork", lambda *_: False)),
    "parked dropped": Mutant("a parked op is kept raw", "6", _drops_parked),
    "parked delays": Mutant("the ops after a bad one go on", "6", _stops_at_parked),
    "late outcome unsaid": Mutant("what becomes of a parked op later comes as op_outcome", "4", _late_outcomes_unsaid),
    "repeat answered anew": Mutant("a repeated op gets its stored outcome", "4", _repeats_are_applied),
    "epoch ignored by HQ": Mutant("another epoch: nothing is run, no row is sent", "4", _epoch_ignored),
    "page ends early": Mutant("`more` where rows follow", "4", _pages_end_early),
    "newest rows first": Mutant("rows of a scope ascend by position", "4", _newest_first),
    "floor ignored": Mutant("a position outside the feed is fetched again", "6",
                            _all(_set(page, "in_feed", _always_in_feed), _set(service, "in_feed", _always_in_feed))),
    "aliases forgotten": Mutant("ops of a vanished member reach the survivor", "6",
                                _all(_set(MemoryAggregates, "aliases", lambda *_: {}),
                                     _set(MemoryAggregates, "_survivor", lambda *_: ""))),
    "no suffix": Mutant("a number in use gets a suffix", "8",
                        _all(_set(sys.modules["hq.handlers.orders"], "unused", lambda number, _taken: number),
                             _set(sys.modules["hq.handlers.members"], "unused", lambda number, _taken: number))),
    "no renumbering": Mutant("a fork takes a new incarnation", "6", _keeps_incarnation),
    "cursor first": Mutant("a page and its cursor are committed together", "3", _cursor_first),
    "no shadow": Mutant("HQ's row of an entity that open ops touch goes under them", "3",
                        _set(Effects, "shadowed", lambda _: set())),
    "effects not taken again": Mutant("effects are applied again over HQ's row", "3",
                                      _set(Effects, "replay", lambda *_: set())),
    "leaves at its result": Mutant("an op leaves the list when the cursor passed its feed_pos", "3", _leaves_at_result),
    "parked is closed": Mutant("a parked op stays open", "3", _parked_is_closed),
    "rejected vanishes": Mutant("a rejected op is in the attention list", "3", _refused_vanishes),
    "no sweep": Mutant("a fetch from scratch ends with a sweep", "4", _set(Applier, "sweep", _nothing)),
    "revoked rows stay": Mutant("rows of a scope that is not granted go", "6", _revoked_rows_stay),
    "cursors trusted": Mutant("a new epoch: digests before cursors", "6", _trusts_cursors),
    "nothing sent again": Mutant("a new epoch: what HQ lacks is sent again", "6", _nothing_sent_again),
    "last op not shown": Mutant("a new epoch: the op at last_seq goes along", "6", _last_op_not_shown),
    "erased not heard": Mutant("`erased` blocks the row's return, and scrubs bodies", "6",
                               _set(erasing, "erase", lambda *_: set())),
    "erased not blocked": Mutant("HQ takes nothing about an erased person", "6",
                                 _set(MemoryAggregates, "erased", lambda *_: set())),
    "late name kept": Mutant("who names an erased person later brings nothing of them back", "5",
                             _set(MemoryAggregates, "forgotten", lambda *_: set())),
    "tags not followed": Mutant("whom a rule hits is judged anew with what touched them", "3",
                                _set(Tagging, "follow", lambda *_: None)),
    "lease granted twice": Mutant("what is leased is leased to one device", "7",
                                  _set(Value, "free", property(lambda value: value.balance))),
    "one correction kept": Mutant("an order keeps every correction of whose sale it is", "8", _one_correction_kept),
    "quotation sold twice": Mutant("a quotation becomes one order at most", "8", _set(quotations, "ordered", _to_all)),
    "too much refused": Mutant("money that was received is booked, also what is too much", "8", _too_much_refused),
    "quantities not guarded": Mutant("no piece comes back twice", "8",
                                     _all(_set(sys.modules["guide_app.operations.returns"], "taken", _all_taken),
                                          _set(sys.modules["hq.handlers.returns"], "taken", _all_taken))),
    "priced by what is now": Mutant("an order is priced again by the promotions of its moment", "8", _by_todays),
    "variance unsaid": Mutant("what a promised price differs is booked", "8",
                              _set(sys.modules["hq.handlers.orders"], "variances", lambda *_: ())),
    "material not counted": Mutant("a showing of a material is counted once", "8",
                                   _set(sys.modules["hq.handlers.library"], "_counted", lambda effect, *_: effect)),
    "digest not compared": Mutant("rows that diverged are found by their digest", "4",
                                  _set(sync_store.SyncStore, "differing", _none_differ)),
    "buckets not mended": Mutant("of a scope that differs only what differs is fetched", "4",
                                 _set(Carer, "_mend_buckets", _mends_no_bucket)),
    "no scrub": Mutant("a bucket a day is compared field by field", "4", _set(Carer, "_scrub", _scrubs_nothing)),
    "false saved": Mutant("\"saved\" is said after COMMIT only", "3", _false_saved),
    "clock not learnt": Mutant("HQ's time is taken over", "4", _set(SyncEngine, "_learn_time", _no_time)),
    "Retry-After ignored": Mutant("a tablet waits as long as HQ said", "6", _comes_at_once),
}  # fmt: skip
"""Name → mutant."""


class Caught(NamedTuple):
    """By which schedule of how many, which seed, and how. `schedule` 0: not caught."""

    name: str
    schedule: int
    seed: int
    how: str


def play_mutated(told: tuple[str, int]) -> Played:
    """One schedule with one rule switched off."""
    name, seed = told
    with quiet(), MUTANTS[name].patch():
        return play(seed)


def hunt(name: str, seeds: range, players: Pool) -> Caught:
    """Plays seeds in their order, a few at once, until one catches the mutant: an invariant is hurt, for a crash may
    come from anything."""
    for start in range(0, len(seeds), _AT_ONCE):
        few = [(name, seed) for seed in seeds[start : start + _AT_ONCE]]
        for schedule, played in enumerate(players.map(play_mutated, few, chunksize=1), start + 1):
            if played.number is not None:
                return Caught(name, schedule, played.seed, played.violation)
    return Caught(name, 0, 0, "")


def hunt_all(most: int = MOST) -> Iterator[Caught]:
    """Every mutant in turn."""
    with pool() as players:
        for name in MUTANTS:
            yield hunt(name, range(1, most + 1), players)


def table(caught: Iterable[Caught]) -> str:
    """The page of the documents."""
    lines = [
        "# Mutants of the protocol",
        "",
        "Written by `make mutants`. Each line is one rule of the contract (`docs/sync-protocol.md`), switched off in",
        "the product's real code, and the first simulated schedule that noticed, with the number of the invariant of",
        f"section 9 (0: a rule of section 6 that has none). Seeds from 1 on; at most {MOST:,} schedules each.",
        "",
        "| rule | section | switched off as | caught at schedule | by |",
        "| --- | --- | --- | --- | --- |",
    ]
    for one in caught:
        mutant = MUTANTS[one.name]
        by = one.how.replace("|", "/").split("\n")[0][:90] if one.schedule else "**not caught**"
        lines.append(f"| {mutant.rule} | {mutant.section} | {one.name} | {one.schedule or '-'} | {by} |")
    return "\n".join(lines) + "\n"


def main() -> int:
    """Hunts all, prints and writes the table; 1 when one was not caught."""
    began, caught = time.monotonic(), []
    for one in hunt_all():
        print(f"{one.name:24} {one.schedule or 'NOT CAUGHT':>10}  {one.how[:80]}", flush=True)
        caught.append(one)
    TABLE.parent.mkdir(parents=True, exist_ok=True)
    TABLE.write_text(table(caught), encoding="utf-8")
    missed = [one.name for one in caught if not one.schedule]
    print(f"mutants: {len(caught)}, caught: {len(caught) - len(missed)} ({time.monotonic() - began:.0f} s)")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
