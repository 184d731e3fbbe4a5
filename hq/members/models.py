"""Members: one row a person, consents item by item beside it, conflicts and tags inside it."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from hq.protocol.copies import Copy


class Gender(models.TextChoices):
    """As a member gave it."""

    UNKNOWN = "", _("not told")
    FEMALE = "f", _("female")
    MALE = "m", _("male")
    OTHER = "x", _("other")


class Member(models.Model):
    """A member. `phone` is E.164; `pinyin` and `initials` are search keys of the name; `spent` in minor units."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    store_id = models.UUIDField(_("store"), editable=False)
    ver = models.IntegerField(default=0, editable=False)
    member_no = models.CharField(_("member number"), max_length=40, editable=False)
    phone = models.CharField(_("phone"), max_length=20)
    name = models.CharField(_("name"), max_length=120)
    pinyin = models.CharField(max_length=400, blank=True, default="", editable=False)
    initials = models.CharField(max_length=120, blank=True, default="", editable=False)
    gender = models.CharField(_("gender"), max_length=1, choices=Gender, blank=True, default="")
    birthday = models.CharField(
        _("birthday"), max_length=10, blank=True, default="", help_text=_("MM-DD or YYYY-MM-DD"),
        validators=[RegexValidator(
            r"^(([0-9]{4}-)?(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01]))?\Z", _("Write it as MM-DD or YYYY-MM-DD.")
        )],
    )  # fmt: skip
    source = models.CharField(_("source"), max_length=120, blank=True, default="")
    level = models.CharField(_("level"), max_length=120, blank=True, default="")
    tags = ArrayField(models.CharField(max_length=120), verbose_name=_("tags"), blank=True, default=list)
    note = models.TextField(_("note"), max_length=2000, blank=True, default="")
    conflicts = models.JSONField(_("conflicts"), null=True, editable=False)
    owner_id = models.UUIDField(_("owner"), null=True, blank=True)
    home_store_id = models.UUIDField(null=True, editable=False)
    referrer = models.CharField(_("referred by"), max_length=120, blank=True, default="")
    joined_at = models.DateTimeField(_("joined at"), null=True, editable=False)
    order_count = models.IntegerField(_("orders"), default=0, editable=False)
    spent = models.BigIntegerField(_("spent"), default=0, editable=False)
    last_contact_at = models.DateTimeField(_("last contact at"), null=True, editable=False)
    other_numbers = ArrayField(models.CharField(max_length=40), blank=True, default=list, editable=False)
    sizes = models.JSONField(_("sizes"), null=True, editable=False)
    likes = ArrayField(models.CharField(max_length=120), verbose_name=_("preferences"), blank=True, default=list)
    wishes = models.JSONField(_("wish list"), null=True, editable=False)
    dates = models.JSONField(_("important dates"), null=True, editable=False)
    household = models.JSONField(_("household"), null=True, editable=False)
    touch_point = models.CharField(_("touch point"), max_length=120, blank=True, default="")
    gift = models.JSONField(_("sign-up gift"), null=True, editable=False)
    signed = ArrayField(
        models.CharField(max_length=120), verbose_name=_("signed by hand"), blank=True, default=list, editable=False
    )
    counted = models.JSONField(_("bought by day"), null=True, editable=False)
    given = models.JSONField(_("level given"), null=True, editable=False)
    memberships = models.JSONField(_("paid memberships"), null=True, editable=False)
    level_look = models.CharField(max_length=10, default="", db_default="", editable=False)
    received_at = models.DateTimeField(editable=False, db_default=Now())
    """When HQ first had the member here, by its own clock: where two are one person, the one received first stays."""

    class Meta:
        db_table = "member"
        verbose_name = _("member")
        verbose_name_plural = _("members")
        constraints = [
            models.UniqueConstraint(fields=["store_id", "phone"], condition=~Q(phone=""), name="member_phone"),
            models.UniqueConstraint(fields=["store_id", "member_no"], name="member_number"),
        ]
        indexes = [
            models.Index(fields=["store_id", "joined_at"], name="member_by_time"),
            models.Index(fields=["phone"], condition=~Q(phone=""), name="member_chain_phone"),
            models.Index(fields=["member_no"], name="member_chain_number"),
            GinIndex(fields=["other_numbers"], name="member_other_numbers"),
            models.Index(fields=["store_id", "level_look"], condition=~Q(level_look=""), name="member_level_look"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.member_no}"


class Consent(models.Model):
    """One consent of a member, in the order in which they were first asked."""

    pk = models.CompositePrimaryKey("member_id", "position")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="consents", db_index=False)
    position = models.SmallIntegerField()
    kind = models.CharField(_("kind"), max_length=120)
    granted = models.BooleanField(_("granted"))
    policy_version = models.CharField(_("policy version"), max_length=120)
    ver = models.IntegerField(default=0)
    at = models.DateTimeField(_("at"), null=True)

    class Meta:
        db_table = "member_consent"
        verbose_name = _("consent")
        verbose_name_plural = _("consents")

    def __str__(self) -> str:
        return self.kind


class Visitor(Copy):
    """A member of another store while they are dealt with in this one: a copy, as JSON."""

    pk = models.CompositePrimaryKey("store_id", "member_id")
    member_id = models.UUIDField(_("member"))

    class Meta:
        db_table = "visitor"
        verbose_name = _("visitor")
        verbose_name_plural = _("visitors")
        indexes = [
            models.Index(fields=["member_id"], name="visitor_member"),
            models.Index(fields=["until"], name="visitor_until"),
        ]

    def __str__(self) -> str:
        return str(self.member_id)


class MemberAlias(models.Model):
    """A member id that vanished in a merge, and the member that it stands for now, in a store that dealt with it."""

    pk = models.CompositePrimaryKey("store_id", "id")
    id = models.UUIDField()
    store_id = models.UUIDField()
    ver = models.IntegerField(default=0)
    member_id = models.UUIDField()

    class Meta:
        db_table = "member_alias"
        verbose_name = _("merged member")
        verbose_name_plural = _("merged members")
        indexes = [
            models.Index(fields=["store_id", "member_id"], name="alias_survivor"),
            models.Index(fields=["id"], name="alias_vanished"),
        ]

    def __str__(self) -> str:
        return f"{self.id} → {self.member_id}"
