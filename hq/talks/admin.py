"""Talks and follow-ups in the admin: to be read."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from hq.console import choices
from hq.console.admin_base import ReadOnlyAdmin
from hq.console.trade_words import said
from hq.members.models import Member
from hq.staff.models import Staff
from hq.talks.models import Followup, Reminder, Talk


class _WithPeople(choices.StoreNamed, ReadOnlyAdmin):
    """Names the member and the guide of a row."""

    @admin.display(description=_("member"))
    def shown_member(self, item: Any) -> str:
        """The member's name and number."""
        return str(Member.objects.filter(id=item.member_id).first() or "")

    @admin.display(description=_("guide"))
    def shown_guide(self, item: Any) -> str:
        """The guide's number and name."""
        return str(Staff.objects.filter(id=item.guide_id).first() or "")


@admin.register(Talk)
class TalkAdmin(_WithPeople):
    """Talks."""

    fields = [
        "at",
        "shown_store",
        "shown_member",
        "shown_guide",
        "shown_channel",
        "shown_outcome",
        "shown_topic",
        "note",
    ]
    list_display = ["at", "shown_store", "shown_channel", "shown_outcome", "shown_topic", "shown_void"]
    list_filter = [choices.StoreFilter, "void"]
    ordering = ["-at"]

    @admin.display(description=_("taken back"))
    def shown_void(self, talk: Talk) -> str:
        """Said only where it is so: a cross on every other row would look like a fault."""
        return str(_("taken back")) if talk.void else ""

    @admin.display(description=_("channel"))
    def shown_channel(self, talk: Talk) -> str:
        """By which way they talked."""
        return said("channel", talk.channel)

    @admin.display(description=_("outcome"))
    def shown_outcome(self, talk: Talk) -> str:
        """What came of it."""
        return said("outcome", talk.outcome)

    @admin.display(description=_("topic"))
    def shown_topic(self, talk: Talk) -> str:
        """What it was about."""
        return said("topic", talk.topic)


@admin.register(Followup)
class FollowupAdmin(_WithPeople):
    """Follow-ups."""

    fields = ["due_on", "state", "shown_store", "shown_member", "shown_guide", "note", "set_at"]
    list_display = ["due_on", "state", "shown_store", "note"]
    list_filter = [choices.StoreFilter, "state"]
    ordering = ["-due_on"]


@admin.register(Reminder)
class ReminderAdmin(_WithPeople):
    """Marks that guides set on rows of the morning lists."""

    fields = ["list", "state", "until", "shown_store", "shown_member", "shown_guide", "shown_setter", "set_at"]
    list_display = ["set_at", "list", "state", "until", "shown_store"]
    list_filter = [choices.StoreFilter, "list", "state"]
    ordering = ["-set_at"]

    @admin.display(description=_("set by"))
    def shown_setter(self, item: Reminder) -> str:
        """The guide's number and name."""
        return str(Staff.objects.filter(id__in=[item.set_by]).first() or "")
