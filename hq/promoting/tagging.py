"""Which of the tags that a promotion asks for HQ's rules give to members today."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from guide_app.domain import rules
from guide_app.domain.clock import Clock, SystemClock
from guide_app.domain.records import Member
from guide_app.domain.shopday import ShopDay
from hq.protocol import scopes
from hq.stores.models import Store
from hq.tags.judging import Judge
from hq.tags.mapping import TAG_RULE
from hq.tags.models import TagRule


class Tagging:
    """Rules of one store that give any of these tags."""

    def __init__(self, store: Store, tags: Sequence[str], clock: Clock | None = None) -> None:
        clock = clock or SystemClock()
        today = ShopDay(clock, store.time_zone).today()
        of_store = TagRule.objects.filter(tag__in=tags, scope__in=[store.region.scope, scopes.of_chain()])
        in_force = [rule for rule in of_store if TAG_RULE.to_record(rule).in_force(today)]
        self._judges = [(rule.tag, Judge(store, rules.parse(rule.expression), clock)) for rule in in_force]

    def of(self, members: Mapping[str, Member]) -> Mapping[str, tuple[str, ...]]:
        """Member → the tags, for each of the members."""
        found = defaultdict[str, tuple[str, ...]](tuple)
        for tag, judge in self._judges:
            for member_id in judge.hit(members):
                found[member_id] += (tag,)
        return found
