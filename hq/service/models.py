"""What customers asked of the shops, and what the shops promised them; the history stands whole in each row."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Ticket(models.Model):
    """A complaint, a question, praise or an after-sale case."""

    KINDS = {
        "complaint": _("complaint"),
        "question": _("question"),
        "praise": _("praise"),
        "after_sale": _("after-sale"),
    }
    STATES = {"open": _("open"), "solved": _("solved"), "void": _("taken back")}

    id = models.UUIDField(primary_key=True)
    store_id = models.UUIDField(_("store"))
    ver = models.IntegerField(default=0)
    member_id = models.UUIDField(_("member"))
    number = models.CharField(_("number"), max_length=120, default="")
    kind = models.CharField(_("kind"), max_length=20, default="", choices=KINDS)
    words = models.TextField(_("what it is about"), default="")
    order_id = models.UUIDField(_("order"), null=True)
    product_id = models.UUIDField(_("product"), null=True)
    raised_by = models.UUIDField(_("raised by"), null=True)
    raised_at = models.DateTimeField(_("raised at"), null=True)
    state = models.CharField(_("state"), max_length=8, choices=STATES)
    guide_id = models.UUIDField(_("in hand of"), null=True)
    rating = models.IntegerField(_("rating"), default=0)
    changed_at = models.DateTimeField(_("changed at"), null=True)
    history = models.JSONField(_("history"), null=True)

    class Meta:
        db_table = "ticket"
        verbose_name = _("ticket")
        verbose_name_plural = _("tickets")
        indexes = [
            models.Index(fields=["store_id", "state", "raised_at"], name="ticket_by_state"),
            models.Index(fields=["member_id"], name="ticket_by_member"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.get_kind_display()}"


class Promise(models.Model):
    """What somebody of a shop told a customer they would do; `due_on` and `settled_on` are days of the shop."""

    KINDS = {"hold": _("hold"), "call": _("call"), "order": _("order in"), "other": _("other")}
    STATES = {
        "open": _("open"),
        "kept": _("kept"),
        "broken": _("broken"),
        "dropped": _("no longer wanted"),
        "void": _("taken back"),
    }

    id = models.UUIDField(primary_key=True)
    store_id = models.UUIDField(_("store"))
    ver = models.IntegerField(default=0)
    member_id = models.UUIDField(_("member"))
    kind = models.CharField(_("kind"), max_length=20, default="", choices=KINDS)
    words = models.TextField(_("what was said"), default="")
    product_id = models.UUIDField(_("product"), null=True)
    quantity = models.IntegerField(_("quantity"), default=0)
    due_on = models.DateField(_("due on"), null=True)
    made_by = models.UUIDField(_("made by"), null=True)
    made_at = models.DateTimeField(_("made at"), null=True)
    state = models.CharField(_("state"), max_length=8, choices=STATES)
    guide_id = models.UUIDField(_("guide"), null=True)
    settled_on = models.DateField(_("settled on"), null=True)
    changed_at = models.DateTimeField(_("changed at"), null=True)
    history = models.JSONField(_("history"), null=True)

    class Meta:
        db_table = "promise"
        verbose_name = _("promise")
        verbose_name_plural = _("promises")
        indexes = [
            models.Index(fields=["store_id", "due_on", "state"], name="promise_by_day"),
            models.Index(fields=["member_id"], name="promise_by_member"),
        ]

    def __str__(self) -> str:
        return f"{self.due_on or ''} {self.get_kind_display()}"
