"""When HQ and tablet no longer tell the same story: enrolment, clones, restored backups, fetches from scratch."""

from __future__ import annotations

from datetime import timedelta

from sqlcipher3 import dbapi2 as sqlite

from guide_app.domain.clock import from_text, to_text
from guide_app.domain.records import Ref
from local_store.apply import Applier
from local_store.effects import Effects
from local_store.indexes import drop_late
from local_store.meta import Meta
from local_store.outbox import Outbox
from local_store.radar import RadarBox
from local_store.rows import Rows
from local_store.scopes import Scopes
from sync.protocol.messages import EnrolResponse, ScopeState

KEPT = timedelta(days=35)
"""How long a closed operation is kept: at least as long as HQ's backups reach back."""


class History:
    """One such turn, inside its caller's transaction; each method gives the entities whose effective rows changed."""

    def __init__(self, connection: sqlite.Connection, outbox: Outbox, applier: Applier) -> None:
        self._db, self._outbox, self._applier = connection, outbox, applier
        self._meta, self._scopes = Meta(connection), Scopes(connection)

    def enrol(self, hq_url: str, device_name: str, answer: EnrolResponse) -> set[Ref]:
        """This database becomes HQ's device, as a new incarnation; everything is fetched as for the first time.

        Operations of another shop leave the screen, and stay in the outbox until HQ has them.
        """
        other_history = answer.epoch != self._meta.text("epoch")
        self._outbox.renumber()
        self._meta.set(
            device_id=answer.device_id, device_name=device_name, hq_url=hq_url, store_id=answer.store_id,
            store_code=answer.store_code, store_name_en=answer.store_names.en, store_name_zh=answer.store_names.zh,
            device_letters=answer.device_letters, region=answer.region,
            time_zone=answer.time_zone, currency=answer.currency, languages=",".join(answer.languages),
            epoch=answer.epoch, numbered_in=answer.epoch, authorised_until=answer.authorised_until, last_in_step="",
            bootstrap="loading", hq_public_keys=",".join(answer.hq_public_keys), forked_from="", locked_out=0,
        )  # fmt: skip
        other = self._db.execute("SELECT n FROM outbox WHERE listed = 1 AND store_id <> ?", (answer.store_id,))
        effects = Effects(self._db, Rows(self._db, keyed=False))
        dirty = effects.unlist([n for (n,) in other])
        self._applier.replay(dirty | self._outbox.reopen_after(0) if other_history else dirty)
        for scope in self._scopes.grant([]):
            self._applier.sweep(scope, None)
        self._applier.replay(())
        self._scopes.grant(answer.grants)
        drop_late(self._db)
        RadarBox(self._db).forget()
        return self._applier.changed

    def fork(self) -> set[Ref]:
        """Somebody else goes on under this incarnation: begin a new one, tell all kept operations again.

        Where that began in another history of HQ, the numbers that HQ has may be the other one's since: what it had
        said of ours counts no more.
        """
        if self._meta.text("numbered_in") != self._meta.text("epoch"):
            self._applier.replay(self._outbox.reopen_after(0))
        self._outbox.renumber()
        self._meta.set(numbered_in=self._meta.text("epoch"))
        return self.refetch(tuple(self._scopes.all()))

    def resend_after(self, last_seq: int, *, trusted: bool = True) -> set[Ref]:
        """HQ lacks what came after; where it is no longer kept, only a new incarnation can go on.

        `trusted`: what was heard of the operations up to there stands; else HQ is asked about all of them anew.
        """
        whole = self._outbox.keeps_all_after(last_seq)
        self._applier.replay(self._outbox.reopen_after(last_seq if whole and trusted else 0))
        return self._applier.changed if whole else self.fork()

    def went_back(self, last_seq: int) -> set[Ref]:
        """HQ lacks what it had answered, and does not know it: nothing that came from it since can be trusted."""
        changed = self.resend_after(last_seq)
        return changed | self.refetch(tuple(self._scopes.all()))

    def new_epoch(self, epoch: str, last_seq: int, scopes: dict[str, ScopeState]) -> set[Ref]:
        """HQ has another history. A cursor is trusted only where the rows here have HQ's digest.

        It stays where it is: what HQ wrote since stands behind every position that the lost history gave, and comes.
        The last operation that HQ has goes along once more: under its number HQ may have one of a copy of this file
        by now, which it then calls a fork; else those before it would never be told again. All go where the history
        that the tablet comes from was lost whole: HQ may have the same operations with other outcomes.
        """
        self._meta.set(epoch=epoch)
        lost = any(state.refetch for state in scopes.values())
        changed = self.resend_after(max(last_seq - 1, 0), trusted=not lost)
        rows = Rows(self._db)
        for scope, cursor in self._scopes.all().items():
            state = scopes.get(scope)
            if state and not (state.refetch or cursor.sweep) and rows.digest(scope) == state.digest:
                self._scopes.move(scope, cursor.seq, state.head, state.digest)
            else:
                self._scopes.refetch(scope)
        return changed

    def refetch(self, scopes: tuple[str, ...]) -> set[Ref]:
        """From scratch, with the old rows visible until the end."""
        for scope in scopes:
            self._scopes.refetch(scope)
        return self._applier.changed

    def forget_old(self) -> int:
        """Drops the oldest operations, up to the first that must be kept: open, closed lately, or not yet settled.

        What is late is judged by HQ's clock, by which they were closed: the tablet's own may be years ahead.
        """
        kept = self._db.execute(
            "SELECT min(seq) FROM outbox WHERE closed_at = '' OR closed_at >= ? OR listed = 1 OR answered = 0 "
            "OR (state = 'rejected' AND 'rejected:' || op_id NOT IN (SELECT key FROM dismissed))",
            (to_text(from_text(self._outbox.now()) - KEPT),),
        ).fetchone()[0]
        end = self._meta.number("next_seq") if kept is None else kept
        gone = self._db.execute("DELETE FROM outbox WHERE seq < ?", (end,)).rowcount
        if gone:
            self._db.execute("DELETE FROM sent_by WHERE op_id NOT IN (SELECT op_id FROM outbox)")
        return gone
