"""What a guide did about a row of the morning lists."""

from __future__ import annotations

from typing import Literal

from guide_app.domain.ids import derived_id
from guide_app.domain.records.base import Record, Ref

MorningList = Literal["birthday", "refill", "lapsed", "renewal"]
"""Follow-ups are entities of their own and need no mark."""
ReminderState = Literal["open", "snoozed", "done"]


class Reminder(Record, frozen=True):
    """The mark on one row of one list in one cycle: the next cycle's row has none and comes up again.

    `until`: the shop's day on which a snoozed row comes back; `guide_id`: the colleague whom it was handed to, or
    empty. `open` with nobody is as good as no mark at all.
    """

    member_id: str
    list: MorningList
    cycle: str
    state: ReminderState
    until: str = ""
    guide_id: str = ""
    set_by: str = ""
    set_at: str = ""


def reminder_ref(member_id: str, list_: str, cycle: str) -> Ref:
    """The mark of a row: two tablets that know nothing of each other name the same one."""
    return Ref("reminder", derived_id("reminder", member_id, list_, cycle))
