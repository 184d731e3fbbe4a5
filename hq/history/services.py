"""Erasing a person from this HQ, and carrying out again what a restored backup undid."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings

from guide_app.domain.errors import Refused
from hq.database import statements
from hq.history.erasing import Eraser
from hq.history.journal import Journal
from hq.ledger.past import Person
from hq.ledger.past_postgres import PostgresPast
from hq.ledger.postgres import PostgresLedger
from hq.members.models import Member, MemberAlias
from hq.stores.models import Store
from hq.sync_api.directory import PostgresChain


def journal() -> Journal:
    """This HQ's journal of erasures."""
    return Journal(settings.ENVIRONMENT.erasures)


def erase(member_id: str, now: datetime) -> Person:
    """Erases a member: the journal first, then every store, in short transactions; outside any other.

    Raises Refused("member_unknown"), EnvironmentProblem("erasures_unwritable"): then nothing is done. Transient: it is
    begun, and carried through by `replay` (at the next start, or within the hour).
    """
    person = _person(member_id)
    journal().append(person, now)
    _carry_out(person, now)
    return person


def begin(member_id: str, now: datetime) -> Person:
    """Begins to erase a member: the journal, then nobody writes about them any more; the periodic work does the rest.

    For whoever must not wait until every store of the chain was looked at. Raises as `erase`.
    """
    person = _person(member_id)
    journal().append(person, now)
    with PostgresLedger().transaction():
        PostgresPast().block(person, now)
    return person


def replay(now: datetime) -> int:
    """Carries out what the journal holds and this database has not, or not wholly, done; returns how many persons.

    Raises EnvironmentProblem("erasures_damaged"), Transient.
    """
    persons = journal().read()
    standing = _standing([one for person in persons for one in person.ids])
    left = [person for person in persons if not standing.isdisjoint(person.ids)]
    for person in left:
        _carry_out(person, now)
    return len(left)


def _standing(ids: Sequence[str]) -> set[str]:
    """Those of the ids whose erasure is not carried through, or who stand here again by a write of the same moment;
    two queries, however many were ever erased: HQ asks before it opens."""
    back = statements.rows("SELECT id::text FROM member WHERE id = ANY(%s::uuid[])", (list(ids),))
    return {one for (one,) in back} | PostgresPast().unfinished(ids)


def _carry_out(person: Person, now: datetime) -> None:
    """A restored backup may have them where they were before a move: where they stand here counts."""
    if (here := Member.objects.filter(id__in=person.ids).values_list("store_id", flat=True).first()) is not None:
        person = Person(str(here), person.ids)
    if not Store.objects.filter(id=person.store_id).exists():
        # the backup is older than the store: nobody of it is here; the ids alone are kept
        PostgresPast().block(person, now)
        PostgresPast().finished(person)
        return
    stores = [str(store_id) for store_id in Store.objects.values_list("id", flat=True)]
    Eraser(PostgresLedger(), PostgresPast(), PostgresChain(), now).erase(person, stores)


def _person(member_id: str) -> Person:
    """The member with every id that was merged into them."""
    member = Member.objects.filter(id=member_id).first()
    if member is None:
        raise Refused("member_unknown")
    ids, found = [str(member.id)], _merged_into([str(member.id)])
    while new := [one for one in found if one not in ids]:
        ids += new
        found = _merged_into(new)
    return Person(str(member.store_id), tuple(ids))


def _merged_into(ids: Sequence[str]) -> list[str]:
    return [str(one) for one in MemberAlias.objects.filter(member_id__in=ids).values_list("id", flat=True)]
