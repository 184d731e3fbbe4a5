"""HQ's periodic work on its own history; registered in `hq.jobs.registry`."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from guide_app.domain.records import Settings
from hq.database import statements
from hq.history import marks, services, witness
from hq.history.models import ErasedPerson
from hq.history.trimming import Trimmer
from hq.ledger.past_postgres import PostgresPast
from hq.ledger.port import ScopeKey
from hq.ledger.postgres import PostgresLedger
from hq.policies.models import ScopeSettings
from hq.protocol import scopes
from hq.protocol.models import Scope, ScopeKind
from hq.stores.models import Store

OUTCOMES_KEPT = timedelta(days=35)
"""As long as tablets keep closed operations."""
_KEYED_AT_ONCE = 500
STEPS_KEPT = timedelta(days=7)
"""How long HQ's people see what was done."""


def tidy() -> int:
    """Marks, lets old rows leave, drops old outcomes, tombstones and steps; returns how many rows moved or went."""
    now = timezone.now()
    trimmer = Trimmer(PostgresLedger(), PostgresPast())
    marks.mark(now)
    done = sum(trimmer.let_old_leave(key, before) for key, before in _history(now))
    devices = set(Scope.objects.filter(kind=ScopeKind.DEVICE).values_list("id", flat=True))
    of_outcomes = marks.at(now - OUTCOMES_KEPT)
    done += sum(trimmer.drop_outcomes(key, upto) for key, upto in of_outcomes.items() if key.scope in devices)
    old = now - timedelta(days=settings.ENVIRONMENT.tombstone_days)
    done += sum(trimmer.drop_tombstones(key, upto) for key, upto in marks.at(old).items())
    marks.forget(old)
    done += _forget_steps(now - STEPS_KEPT)
    return done


def history_begins(store: Store, now: datetime) -> datetime:
    """From when on orders and talks stand on the store's tablets: HQ's setting of its region, else of the chain."""
    chosen = {one.scope: one.values for one in ScopeSettings.objects.filter(scope__in=[store.region.scope, _chain()])}
    values = chosen.get(store.region.scope) or chosen.get(_chain()) or {}
    months = int(values.get("history_months", Settings().history_months))
    return _months_before(now, months)


def _history(now: datetime) -> list[tuple[ScopeKey, datetime]]:
    stores = Store.objects.select_related("region")
    return [(ScopeKey(str(store.id), store.scope), history_begins(store, now)) for store in stores]


def _chain() -> str:
    return scopes.of_chain()


def _months_before(now: datetime, months: int) -> datetime:
    """The same day that many months ago, or the month's last."""
    year, month = divmod(now.year * 12 + now.month - 1 - months, 12)
    first = now.replace(year=year, month=month + 1, day=1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return first.replace(day=min(now.day, last.day))


def _forget_steps(before: datetime) -> int:
    """Steps that were done before then go, with the marks that they were taken: nobody offers them again."""
    with transaction.atomic():
        gone = statements.rows("DELETE FROM step WHERE done_at < %s RETURNING step_id", (before,))
        statements.run("DELETE FROM step_taken WHERE step_id = ANY(%s)", ([one for (one,) in gone],))
    return len(gone)


def watch() -> int:
    """Counts on in the witness; 1 when the database went back under a running HQ."""
    return int(witness.look())


def erase_begun() -> int:
    """Carries through what an operator has begun to erase; looks into an index that is nearly always empty."""
    begun = ErasedPerson.objects.filter(finished_at=None).exists()
    return services.replay(timezone.now()) if begun else 0


def key_operations() -> int:
    """Gives operations from before there were keys theirs; how many. Nothing to do once all have them."""
    ledger, past, done = PostgresLedger(), PostgresPast(), 0
    while True:
        with ledger.transaction():
            some = past.key_some(_KEYED_AT_ONCE)
        done += some
        if not some:
            return done


def erase_again() -> int:
    """Carries out what the journal holds and this database has not done."""
    return services.replay(timezone.now())
