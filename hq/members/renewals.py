"""Paid memberships that ended in a month, and how many were renewed, as HQ has it now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import msgspec

from guide_app.domain import memberships
from guide_app.domain.records import Membership
from hq.members.models import Member


class Ended(NamedTuple):
    """The memberships of a plan whose last day was in the month, in one store: how many were `due`, how many of them
    were renewed, and who has not renewed (id, name)."""

    plan: str
    store_id: str
    due: int
    renewed: int
    left: Sequence[tuple[str, str]]

    @property
    def rate(self) -> float:
        """The share that was renewed, 0 to 1."""
        return self.renewed / self.due


def ended(month: date) -> list[Ended]:
    """The month's, by plan and store. `month`: any day of it."""
    due, left = defaultdict[tuple[str, str], int](int), defaultdict[tuple[str, str], list[tuple[str, str]]](list)
    paying = Member.objects.filter(memberships__isnull=False).order_by("name", "id")
    for member_id, store_id, name, told in paying.values_list("id", "store_id", "name", "memberships"):
        terms = memberships.terms(msgspec.convert(told, tuple[Membership, ...]))
        for one in memberships.dues(terms):
            if one.last.startswith(f"{month:%Y-%m}"):
                due[one.plan, str(store_id)] += 1
                if not one.renewed:
                    left[one.plan, str(store_id)].append((str(member_id), name))
    return [Ended(*key, due[key], due[key] - len(left[key]), left[key]) for key in sorted(due)]
