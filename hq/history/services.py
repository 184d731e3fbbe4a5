"""Erasing a person from this HQ, and carrying out again what a restored backup undid."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime

from django.conf import settings

from guide_app.domain.errors import EnvironmentProblem, Refused
from hq.database import statements
from hq.history.erasing import Eraser, whole
from hq.history.journal import Journal
from hq.ledger.each import each
from hq.ledger.past import Person
from hq.ledger.past_postgres import PostgresPast
from hq.ledger.port import Clash, Transient
from hq.ledger.postgres import PostgresLedger
from hq.members.models import Member
from hq.stores.models import Store
from hq.sync_api.directory import PostgresChain

_log = logging.getLogger(__name__)


def journal() -> Journal:
    """This HQ's journal of erasures."""
    return Journal(settings.ENVIRONMENT.erasures)


def erase(member_id: str, now: datetime) -> Person:
    """Erases a member: the journal first, then every store, in short transactions; outside any other.

    Raises Refused("member_unknown"), EnvironmentProblem("erasures_unwritable"): then nothing is done. Transient: it is
    begun, and carried through by `replay` (at the next start, or within the hour).
    """
    person = _begun(member_id, now)
    _carry_out(person, now)
    return person


def begin(member_id: str, now: datetime) -> bool:
    """Begins to erase a member: the journal, then nobody writes about them any more; the periodic work does the rest.

    For whoever must not wait until every store of the chain was looked at. Raises as `erase`, but not Transient: what
    stands in the journal happens. False where others were in the way of all but the journal: `replay` does it all,
    within the hour.
    """
    person = _begun(member_id, now)
    try:
        with PostgresLedger().transaction():
            whole(PostgresPast(), person, now, _writer(now))
    except (Transient, Clash, EnvironmentProblem) as problem:
        _log.warning("an erasure stands in the journal, the periodic work does the rest: %s", problem)
        return False
    return True


def replay(now: datetime) -> int:
    """Carries out what the journal holds and this database has not, or not wholly, done; returns how many persons.

    Raises EnvironmentProblem("erasures_damaged"); Transient, once all the others are done, where one could not be.
    """
    persons = journal().read()
    standing = _standing([one for person in persons for one in person.ids])
    left = [person for person in persons if not standing.isdisjoint(person.ids)]
    each(left, lambda person: _carry_out(person, now))
    return len(left)


def _standing(ids: Sequence[str]) -> set[str]:
    """Those of the ids whose erasure is not carried through, or who stand here again by a write of the same moment;
    two queries, however many were ever erased: HQ asks before it opens."""
    back = statements.rows("SELECT id::text FROM member WHERE id = ANY(%s::uuid[])", (list(ids),))
    return {one for (one,) in back} | PostgresPast().unfinished(ids)


def _carry_out(person: Person, now: datetime) -> None:
    """A restored backup may have them where they were before a move: where they stand here counts."""
    if not Store.objects.filter(id=PostgresPast().whole(person).store_id).exists():
        # the backup is older than the store: nobody of it is here; the ids alone are kept
        PostgresPast().block(person, now)
        PostgresPast().finished(person)
        return
    stores = [str(store_id) for store_id in Store.objects.values_list("id", flat=True)]
    Eraser(PostgresLedger(), PostgresPast(), PostgresChain(), now, _writer(now)).erase(person, stores)


def _begun(member_id: str, now: datetime) -> Person:
    """The member with every id that is known to be theirs, written down; those that come to light later follow."""
    member = Member.objects.filter(id=member_id).first()
    if member is None:
        raise Refused("member_unknown")
    person = PostgresPast().whole(Person(str(member.store_id), (str(member.id),)))
    journal().append(person, now)
    return person


def _writer(now: datetime) -> Callable[[Person], None]:
    return lambda person: journal().append(person, now)
