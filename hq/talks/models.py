"""Talks with members, and what was promised next."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class Talk(models.Model):
    """One contact with a member."""

    id = models.UUIDField(primary_key=True)
    store_id = models.UUIDField(_("store"))
    ver = models.IntegerField(default=0)
    member_id = models.UUIDField(_("member"))
    guide_id = models.UUIDField(_("guide"))
    channel = models.CharField(_("channel"), max_length=120)
    outcome = models.CharField(_("outcome"), max_length=120)
    topic = models.CharField(_("topic"), max_length=120)
    at = models.DateTimeField(_("at"))
    note = models.TextField(_("note"), default="")
    products = ArrayField(models.CharField(max_length=40), verbose_name=_("products"), default=list)
    materials = ArrayField(models.CharField(max_length=40), verbose_name=_("material shown"), default=list)
    void = models.BooleanField(_("taken back"), default=False, db_default=False)

    class Meta:
        db_table = "talk"
        verbose_name = _("talk")
        verbose_name_plural = _("talks")
        indexes = [
            models.Index(fields=["store_id", "member_id", "at"], name="talk_by_member"),
            models.Index(fields=["store_id", "at"], name="talk_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"


class Reminder(models.Model):
    """What a guide did about a row of the morning lists."""

    id = models.UUIDField(primary_key=True)
    store_id = models.UUIDField(_("store"))
    ver = models.IntegerField(default=0)
    member_id = models.UUIDField(_("member"))
    list = models.CharField(
        _("list"), max_length=12,
        choices={
            "birthday": _("birthday"), "refill": _("refill"), "lapsed": _("not here for long"), "renewal": _("renewal"),
        },
    )  # fmt: skip
    cycle = models.CharField(_("cycle"), max_length=120)
    state = models.CharField(
        _("state"), max_length=8, choices={"open": _("open"), "snoozed": _("put off"), "done": _("done")}
    )
    until = models.DateField(_("until"), null=True)
    guide_id = models.UUIDField(_("handed to"), null=True)
    set_by = models.UUIDField(_("set by"), null=True)
    set_at = models.DateTimeField(_("set at"), null=True)

    class Meta:
        db_table = "reminder"
        verbose_name = _("mark on a list")
        verbose_name_plural = _("marks on lists")
        indexes = [models.Index(fields=["store_id", "member_id"], name="reminder_by_member")]

    def __str__(self) -> str:
        return f"{self.get_list_display()}: {self.get_state_display()}"


class Followup(models.Model):
    """What a guide promised to do; `due_on` is a day of the shop."""

    id = models.UUIDField(primary_key=True)
    store_id = models.UUIDField(_("store"))
    ver = models.IntegerField(default=0)
    member_id = models.UUIDField(_("member"))
    guide_id = models.UUIDField(_("guide"))
    due_on = models.DateField(_("due on"))
    state = models.CharField(
        _("state"), max_length=8, choices={"open": _("open"), "done": _("done"), "dropped": _("dropped")}
    )
    note = models.TextField(_("note"), default="")
    set_at = models.DateTimeField(_("set at"), null=True)

    class Meta:
        db_table = "followup"
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")
        indexes = [models.Index(fields=["store_id", "due_on"], name="followup_due")]

    def __str__(self) -> str:
        return f"{self.due_on} {self.get_state_display()}"
