"""The job by which levels end, and new rules reach everybody: a few members in a transaction, each once.

Broken off anywhere it goes on where it was: who was looked at has a later day on which to look again, and of new rules
the store knows who came last.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from hashlib import sha256
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from django.db.models import Q, QuerySet
from django.utils import timezone

from guide_app.domain import levels as rules_of
from guide_app.domain.records import Settings
from hq.handlers import levels
from hq.ledger.each import each
from hq.ledger.postgres import PostgresLedger, translated
from hq.members.models import Member
from hq.policies.models import LevelRound
from hq.stores.models import Store
from hq.sync_api.directory import PostgresChain
from hq.sync_api.sweep import Branch, publish

AT_ONCE = 100
"""Members whose rows are held together."""


def judge_due() -> int:
    """Looks at every member whose level may be another one today; how many were changed. Raises Transient, once all
    other stores are done, where one could not be."""
    return judge_at(timezone.now())


def judge_at(now: datetime) -> int:
    """As `judge_due`, at a moment."""
    chain, changed = PostgresChain(), 0

    def of(store: Store) -> None:
        nonlocal changed
        with translated():
            changed += _Round(chain.branch(str(store.id)), store, now).run()

    each(list(Store.objects.order_by("code")), of)
    return changed


class _Round:
    """One store's."""

    def __init__(self, branch: Branch, store: Store, now: datetime) -> None:
        self._ledger, self._branch, self._store, self._now = PostgresLedger(), branch, store, now
        self._settings = branch.aggregates.settings()
        self._today = now.astimezone(ZoneInfo(store.time_zone)).date()

    def run(self) -> int:
        """How many members were changed."""
        if not rules_of.ruled(self._settings):
            return sum(map(self._judge, self._due()))
        wanted = _named(self._settings, self._today)
        known, _made = LevelRound.objects.get_or_create(store_id=self._store.id)
        if known.rules == wanted:
            return sum(map(self._judge, self._due()))
        if known.wanted != wanted:
            known.wanted, known.after = wanted, None
            known.save()
        done = 0
        for few in self._everybody(known.after):
            done += self._judge(few)
            LevelRound.objects.filter(store_id=self._store.id, wanted=wanted).update(after=few[-1])
        LevelRound.objects.filter(store_id=self._store.id, wanted=wanted).update(rules=wanted, after=None)
        return done

    def _due(self) -> Iterator[Sequence[UUID]]:
        """Whose level may change though they bought nothing."""
        late = Member.objects.filter(store_id=self._store.id, level_look__lte=self._today.isoformat())
        late = late.exclude(level_look="").order_by("level_look", "id")
        if not rules_of.ruled(self._settings):
            late = late.filter(memberships__isnull=False)
        return _few(late)

    def _everybody(self, after: UUID | None) -> Iterator[Sequence[UUID]]:
        """All who may have a level, behind one of them."""
        about = Q(order_count__gt=0) | ~Q(level="") | Q(memberships__isnull=False)
        found = Member.objects.filter(about, store_id=self._store.id)
        return _few((found.filter(id__gt=after) if after else found).order_by("id"))

    def _judge(self, few: Sequence[UUID]) -> int:
        with self._ledger.transaction():
            work = levels.judge(
                self._branch.aggregates, [str(one) for one in few], self._now, self._branch.shop.currency
            )
            publish(self._ledger, self._branch, work)
        return len(work.rows)


def _few(found: QuerySet[Member]) -> Iterator[Sequence[UUID]]:
    ids = list(found.values_list("id", flat=True))
    return (ids[at : at + AT_ONCE] for at in range(0, len(ids), AT_ONCE))


def _named(settings: Settings, today: date) -> str:
    """The rules that are in force, by their hash."""
    known = [one for one in settings.level_rules if one.valid_from <= today.isoformat()]
    return sha256(msgspec.json.encode((settings.levels, known))).hexdigest()
