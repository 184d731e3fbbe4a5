"""Talks and follow-ups: what was said, and what was promised next."""

from __future__ import annotations

from typing import Literal

from guide_app.domain.records.base import Record

Channel = Literal["in_store", "phone", "wechat", "sms", "fitting", "after_sale", "other"]
FollowupState = Literal["open", "done", "dropped"]


class Talk(Record, frozen=True):
    """One contact with a member; `at` UTC."""

    member_id: str
    guide_id: str
    channel: str
    outcome: str
    topic: str
    at: str
    note: str = ""
    products: tuple[str, ...] = ()
    materials: tuple[str, ...] = ()
    void: bool = False
    """Taken back by the guide who logged it: kept, shown nowhere, counted nowhere."""


class Followup(Record, frozen=True):
    """What a guide promised to do; `due_on` is a day of the shop."""

    member_id: str
    guide_id: str
    due_on: str
    state: FollowupState
    note: str = ""
    set_at: str = ""
