"""What HQ remembers of its own past: nothing in here is about a person but an id that leads nowhere."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ErasedPerson(models.Model):
    """An id that stood for a person who was erased; nothing is made with it again."""

    id = models.UUIDField(_("id"), primary_key=True)
    store_id = models.UUIDField(_("store"))
    erased_at = models.DateTimeField(_("erased at"))
    finished_at = models.DateTimeField(_("carried through at"), null=True)

    class Meta:
        db_table = "erased_person"
        verbose_name = _("erased person")
        verbose_name_plural = _("erased persons")
        indexes = [
            models.Index(fields=["erased_at"], condition=models.Q(finished_at=None), name="erased_person_begun"),
            models.Index(fields=["finished_at"], name="erased_person_finished"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class ErasedMark(models.Model):
    """A keyed fingerprint of what an erased person could be named by: a phone or a number. Without HQ's secret it tells
    nothing; with it only whether a given phone was somebody's who is erased."""

    mark = models.CharField(primary_key=True, max_length=16)

    class Meta:
        db_table = "erased_mark"

    def __str__(self) -> str:
        return self.mark


class FeedMark(models.Model):
    """How far a scope had come at a time: what stands at or before `head` is as old as that."""

    id = models.BigAutoField(primary_key=True)
    store_id = models.UUIDField()
    scope = models.CharField(max_length=12)
    at = models.DateTimeField()
    head = models.BigIntegerField()

    class Meta:
        db_table = "feed_mark"
        indexes = [models.Index(fields=["scope", "at"], name="feed_mark_scope")]

    def __str__(self) -> str:
        return f"{self.scope} {self.head}"


class Fork(models.Model):
    """A tablet's database file that goes on from another one: it was restored or cloned."""

    incarnation = models.UUIDField(_("incarnation"), primary_key=True)
    store_id = models.UUIDField(_("store"))
    device_id = models.UUIDField(_("tablet"))
    forked_from = models.CharField(_("went on from"), max_length=40)
    at = models.DateTimeField(_("at"))

    class Meta:
        db_table = "stream_fork"
        verbose_name = _("restored or cloned tablet")
        verbose_name_plural = _("restored or cloned tablets")

    def __str__(self) -> str:
        return str(self.incarnation)


class Witness(models.Model):
    """One row that counts up while HQ runs; its last value stands in a file too (`hq.history.witness`)."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    count = models.BigIntegerField(default=0)

    class Meta:
        db_table = "witness"

    def __str__(self) -> str:
        return str(self.count)
