"""The tags that members carry."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from sqlcipher3 import dbapi2 as sqlite

from guide_app.domain import rules
from guide_app.domain.clock import Clock
from guide_app.domain.records import Ref
from guide_app.services.ports.members import RuleTag, TagCount
from guide_app.services.ports.writing import Change
from local_store.base import UNCHANGED, Base
from local_store.repositories.reading import listed
from local_store.repositories.rulebook import in_force
from local_store.repositories.tagging import Tagging, waits
from local_store.search import COUNTED

_DONE = Change(refs=frozenset({Ref("member_tag", "")}))
"""Everybody has been judged: whoever shows tags looks again, once."""
_IN_FORCE = "(rule_id = '' OR rule_id IN (SELECT value FROM json_each(?)))"


class Tags:
    """Implements `guide_app.services.ports.members.TagKeeper`."""

    def __init__(self, base: Base, tagging: Tagging) -> None:
        self._base, self._tagging = base, tagging

    async def step(self) -> bool:
        def job(connection: sqlite.Connection) -> tuple[bool, Change]:
            self._tagging.step(connection)
            more = waits(connection, self._base.clock)
            return more, UNCHANGED if more else _DONE

        if not await self._base.read(lambda connection: waits(connection, self._base.clock)):
            return False
        more: bool = await self._base.write(job)
        return more


def known(connection: sqlite.Connection, clock: Clock) -> list[TagCount]:
    """All tags that members carry today."""
    found = connection.execute(
        f"SELECT min(word), count(DISTINCT member_id) FROM member_tag WHERE {_IN_FORCE} "
        "GROUP BY tag ORDER BY 2 DESC, tag",
        (listed(in_force(connection, clock)),),
    )
    return [TagCount(tag=word, members=count) for word, count in found]


def carried(
    connection: sqlite.Connection, clock: Clock, member_ids: Sequence[str]
) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    """Member → tags by hand, tags by rules that are in force; those who carry any."""
    found = connection.execute(
        "SELECT member_id, rule_id, word FROM member_tag WHERE member_id IN (SELECT value FROM json_each(?)) "
        f"AND {_IN_FORCE}",
        (listed(member_ids), listed(in_force(connection, clock))),
    )
    tags = defaultdict[str, tuple[dict[str, None], dict[str, None]]](lambda: ({}, {}))
    for member_id, rule_id, word in found:
        tags[member_id][rule_id != ""][word] = None
    return {member_id: (tuple(own), tuple(given)) for member_id, (own, given) in tags.items()}


def given(connection: sqlite.Connection, clock: Clock, member_id: str) -> tuple[RuleTag, ...]:
    """The tags that rules give one member, with what the rules are called."""
    told = in_force(connection, clock)
    found = connection.execute(
        f"SELECT rule_id, word FROM member_tag WHERE member_id = ? AND rule_id <> '' AND {_IN_FORCE} ORDER BY word",
        (member_id, listed(told)),
    )
    return tuple(RuleTag(tag=word, names=told[rule_id].names) for rule_id, word in found)


class Tagged(NamedTuple):
    """Who carries a tag: `members` selects their ids, `condition` says it of a member `m`; both take `parameters`.

    Where they are `many`, going through members in the order asked for meets them soon; few are looked up first.
    """

    many: bool
    members: str
    condition: str
    parameters: tuple[str, str]


def tagged(connection: sqlite.Connection, clock: Clock, tag: str) -> Tagged:
    """How to find who carries a tag today."""
    asked = (rules.plain(tag), listed(in_force(connection, clock)))
    carries = f"FROM member_tag WHERE tag = ? AND {_IN_FORCE}"
    (count,) = connection.execute(f"SELECT count(*) FROM (SELECT 1 {carries} LIMIT {COUNTED})", asked).fetchone()
    members = f"SELECT DISTINCT member_id {carries}"
    return Tagged(count == COUNTED, members, f"EXISTS (SELECT 1 {carries} AND member_id = m.id)", asked)
