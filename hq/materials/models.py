"""Material: its versions, of which none changes once it was published, their history, and where they stand."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from hq.names import in_language


class Material(models.Model):
    """What all versions have in common. Whoever changes anything of a material holds its row until they have done."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=20)
    made_at = models.DateTimeField(_("since"))
    made_by = models.CharField(_("by"), max_length=150)

    class Meta:
        db_table = "material"
        verbose_name = _("material")
        verbose_name_plural = _("material")

    def __str__(self) -> str:
        """What it was called where a page gave it `version`, which whoever asks may see."""
        return str(vars(self).get("version") or self.id)


class MaterialVersion(models.Model):
    """One version. `says`: the record; `reach`: for whom (`guide_app.domain.materials.Reach`); `wrote`: who changed it;
    `edit`: counts the changes, so that nobody overwrites another's.
    """

    class State(models.TextChoices):
        """As `guide_app.domain.materials` has them."""

        DRAFT = "draft", _("draft")
        IN_REVIEW = "in_review", _("in review")
        PUBLISHED = "published", _("published")
        REPLACED = "replaced", _("replaced")
        WITHDRAWN = "withdrawn", _("withdrawn")

    OPEN = (State.DRAFT, State.IN_REVIEW)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    material = models.ForeignKey(Material, on_delete=models.PROTECT, related_name="versions")
    version = models.IntegerField(_("version"))
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.DRAFT)
    title_en = models.CharField(_("title (English)"), max_length=120)
    title_zh = models.CharField(_("title (Chinese)"), max_length=120)
    says = models.JSONField()
    reach = models.JSONField()
    wrote = ArrayField(models.CharField(max_length=150))
    edit = models.IntegerField(default=1)
    changed_at = models.DateTimeField(_("changed at"))
    published_at = models.DateTimeField(_("published at"), null=True)
    ended_at = models.DateTimeField(_("ended at"), null=True)

    class Meta:
        db_table = "material_version"
        verbose_name = _("version of a material")
        verbose_name_plural = _("versions of material")
        ordering = ["material_id", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["material", "version"], name="material_version_once"),
            models.UniqueConstraint(
                fields=["material"], condition=models.Q(state="published"), name="material_one_published"
            ),
            models.UniqueConstraint(
                fields=["material"], condition=models.Q(state__in=("draft", "in_review")), name="material_one_open"
            ),
        ]

    def __str__(self) -> str:
        return in_language(self.title_en, self.title_zh)


class MaterialDeed(models.Model):
    """What somebody did with a version. `changed`: the fields that an edit changed; `note`: what they said to it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey(MaterialVersion, on_delete=models.PROTECT, related_name="deeds")
    deed = models.CharField(_("deed"), max_length=20)
    by = models.CharField(_("by"), max_length=150)
    at = models.DateTimeField(_("at"))
    changed = ArrayField(models.CharField(max_length=40), default=list)
    note = models.CharField(_("note"), max_length=500, blank=True, default="")

    class Meta:
        db_table = "material_deed"
        verbose_name = _("deed")
        verbose_name_plural = _("deeds")
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.deed} {self.by}"


class MaterialPlace(models.Model):
    """A material in the feed of one scope: the row that tablets have. Its id follows from both."""

    id = models.UUIDField(primary_key=True, editable=False)
    ver = models.IntegerField(default=0)
    store_id = models.UUIDField()
    scope = models.CharField(max_length=12)
    material = models.UUIDField()
    record = models.JSONField()

    class Meta:
        db_table = "material_place"
        verbose_name = _("place of a material")
        verbose_name_plural = _("places of material")
        constraints = [models.UniqueConstraint(fields=["material", "scope"], name="material_place_once")]

    def __str__(self) -> str:
        return f"{self.material} {self.scope}"


class MaterialUse(models.Model):
    """What one guide of a store does with a material (`guide_app.domain.records.MaterialUse`)."""

    pk = models.CompositePrimaryKey("store_id", "use_id")
    store_id = models.UUIDField(_("store"))
    use_id = models.UUIDField()
    ver = models.IntegerField(default=0)
    material = models.UUIDField(_("material"))
    guide_id = models.UUIDField(_("guide"))
    favourite = models.BooleanField(_("kept at hand"), default=False)
    read = models.IntegerField(_("version read"), default=0)
    shown = models.IntegerField(_("version shown last"), default=0)
    used_at = models.DateTimeField(_("shown last"), null=True)

    class Meta:
        db_table = "material_use"
        verbose_name = _("use of a material")
        verbose_name_plural = _("use of material")
        indexes = [models.Index(fields=["material", "store_id"], name="material_use_of")]

    def __str__(self) -> str:
        return f"{self.material} {self.guide_id}"


class MaterialShare(models.Model):
    """A version that was handed to a customer (`guide_app.domain.records.Share`); its id is in the link."""

    id = models.UUIDField(primary_key=True)
    store_id = models.UUIDField(_("store"))
    ver = models.IntegerField(default=0)
    material = models.UUIDField(_("material"))
    version = models.IntegerField(_("version"))
    guide_id = models.UUIDField(_("guide"))
    channel = models.CharField(_("channel"), max_length=8)
    member_id = models.UUIDField(_("member"), null=True)
    at = models.DateTimeField(_("at"))

    class Meta:
        db_table = "material_share"
        verbose_name = _("sharing of a material")
        verbose_name_plural = _("sharings of material")
        indexes = [
            models.Index(fields=["material", "at"], name="material_share_of"),
            models.Index(fields=["store_id", "at"], name="material_share_in"),
            models.Index(fields=["member_id"], name="material_share_to", condition=models.Q(member_id__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.at:%Y-%m-%d %H:%M}"


class MaterialEvent(models.Model):
    """One showing, reading or sharing of a version, by a guide on the tablet of `scope`; never changed, and counted."""

    id = models.UUIDField(primary_key=True)
    store_id = models.UUIDField(_("store"))
    ver = models.IntegerField(default=1, editable=False)
    material = models.UUIDField(_("material"))
    version = models.IntegerField(_("version"))
    what = models.CharField(_("what"), max_length=8)
    at = models.DateTimeField(_("at"))
    guide_id = models.UUIDField(_("guide"))
    scope = models.CharField(max_length=12, default="")

    class Meta:
        db_table = "material_event"
        verbose_name = _("showing of a material")
        verbose_name_plural = _("showings of material")
        indexes = [
            models.Index(fields=["material", "at"], name="material_event_of"),
            models.Index(fields=["store_id", "at"], name="material_event_in"),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.at:%Y-%m-%d %H:%M}"
