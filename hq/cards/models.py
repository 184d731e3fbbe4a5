"""Batches of gift cards, the PINs of cards, and the ledger. A card itself is an instrument (`hq.leases`)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from hq.leases.models import Instrument


class CardBatch(models.Model):
    """Cards that are made together: so many, with so much on each once it is sold, counting so many months from now."""

    id = models.UUIDField(primary_key=True)
    title_en = models.CharField(_("title (English)"), max_length=120)
    title_zh = models.CharField(_("title (Chinese)"), max_length=120)
    amount = models.BigIntegerField(_("on each card (minor units)"))
    count = models.IntegerField(_("cards"))
    until = models.DateField(_("counts until"), null=True, blank=True)
    store_id = models.UUIDField(_("store"))
    """Where their rows stand until a store has to do with one."""
    made_at = models.DateTimeField(_("made at"), null=True, editable=False)
    made_by = models.CharField(_("made by"), max_length=150, default="", editable=False)

    class Meta:
        db_table = "card_batch"
        verbose_name = _("batch of gift cards")
        verbose_name_plural = _("batches of gift cards")

    def __str__(self) -> str:
        return f"{self.title_zh or self.title_en} × {self.count}"


class CardSecret(models.Model):
    """The keyed hash of a card's PIN, its batch, and how often the PIN was missed since it was last right."""

    card_id = models.UUIDField(primary_key=True)
    batch_id = models.UUIDField(_("batch"))
    pin = models.CharField(max_length=64)
    missed = models.IntegerField(_("wrong PINs"), default=0)

    class Meta:
        db_table = "card_secret"
        indexes = [models.Index(fields=["batch_id"], name="card_secret_batch")]

    def __str__(self) -> str:
        return str(self.card_id)


class CardEntryKind(models.TextChoices):
    """Why a card moved."""

    SOLD = "sold", _("sold, and its order is paid")
    UNSOLD = "unsold", _("its order is not paid any more, or came back")
    HANDED_OUT = "handed_out", _("handed out by HQ")
    SPENT = "spent", _("paid an order")
    GIVEN_BACK = "given_back", _("went back on it")
    ADJUSTED = "adjusted", _("adjusted by hand")
    EXPIRED = "expired", _("expired")


class CardEntry(models.Model):
    """One movement of a card; never changed."""

    id = models.UUIDField(primary_key=True)
    store_id = models.UUIDField(_("store"))
    ver = models.IntegerField(default=0, editable=False)
    card_id = models.UUIDField(_("card"))
    kind = models.CharField(_("kind"), max_length=12, choices=CardEntryKind)
    amount = models.BigIntegerField(_("amount"))
    source = models.UUIDField(_("order"), null=True)
    at = models.DateTimeField(_("at"))
    reason = models.CharField(_("reason"), max_length=200, default="", blank=True)
    by = models.CharField(_("by"), max_length=150, default="", blank=True)

    class Meta:
        db_table = "card_entry"
        verbose_name = _("movement of a gift card")
        verbose_name_plural = _("movements of gift cards")
        indexes = [models.Index(fields=["card_id", "at"], name="card_entry_card")]

    def __str__(self) -> str:
        return f"{self.amount:+}"


class GiftCard(Instrument):
    """The instruments that are gift cards with a number, for HQ's people."""

    class Meta:
        proxy = True
        verbose_name = _("gift card")
        verbose_name_plural = _("gift cards")

    def __str__(self) -> str:
        return f"{self.title_zh or self.title_en} …{self.digits}"
