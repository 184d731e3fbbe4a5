"""A material's form: what it says, its files, and whom it is for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any, ClassVar

import msgspec
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget, UnfoldBooleanSwitchWidget

from guide_app.domain import clock, materials
from guide_app.domain.materials import Reach
from guide_app.domain.records import Material as Record
from guide_app.domain.records import Names
from guide_app.domain.records.material import MOST_TAGS
from hq.console import choices
from hq.console.admin_base import ServiceForm
from hq.library import pages, products, rows
from hq.materials.models import MaterialVersion
from hq.materials.placing import record_of
from hq.message_templates import words
from hq.stores.models import Franchise, Region

_NOBODYS = "00000000-0000-0000-0000-000000000000"
_LONGEST = 120
_FILES_TOLD = gettext_lazy(
    "Pictures, one PDF, one film (with a picture that stands for it, if you like) or plain text. What breaks off "
    "goes on by itself; after a restart of the browser choose the same files again. Without files it is a text."
)
_TEXT_TOLD = gettext_lazy("May have {name}, {guide}, {store}, {product}, {date} and {points}, as message templates.")


def _line(label: Any, *, required: bool = False, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label, required=required, max_length=_LONGEST, widget=UnfoldAdminTextInputWidget(), help_text=help_text
    )


def _text(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label, required=False, max_length=materials.LONGEST, help_text=_TEXT_TOLD,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}),
    )  # fmt: skip


def _some(label: Any, told: Callable[[], Iterable[tuple[str, Any]]]) -> forms.MultipleChoiceField:
    attrs = {"class": "library-some"}
    return forms.MultipleChoiceField(
        label=label, required=False, choices=told, widget=forms.CheckboxSelectMultiple(attrs=attrs)
    )


def _moment(label: Any) -> forms.DateTimeField:
    shape = "border border-base-200 bg-white px-3 py-2 rounded-default dark:border-base-700 dark:bg-base-900"
    widget = forms.DateTimeInput(attrs={"type": "datetime-local", "class": shape}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, required=False, widget=widget, input_formats=["%Y-%m-%dT%H:%M"])


class MaterialForm(ServiceForm):
    """One version. `who`: the name of whoever is writing, whose uploads are taken."""

    who: ClassVar[str] = ""

    title_zh = _line(gettext_lazy("title (Chinese)"), required=True)
    title_en = _line(gettext_lazy("title (English)"), required=True)
    brought = pages.PagesField(label=gettext_lazy("files"), help_text=_FILES_TOLD)
    text_zh = _text(gettext_lazy("text (Chinese)"))
    text_en = _text(gettext_lazy("text (English)"))
    topic_zh = _line(gettext_lazy("topic (Chinese)"))
    topic_en = _line(gettext_lazy("topic (English)"))
    products = products.ProductsField(label=gettext_lazy("goes with"))
    campaign = _line(gettext_lazy("campaign"))
    tags = _line(gettext_lazy("tags"), help_text=gettext_lazy("With a comma between them."))
    must_read = forms.BooleanField(
        label=gettext_lazy("must be read"), required=False, widget=UnfoldBooleanSwitchWidget(),
        help_text=gettext_lazy("Each guide confirms that they read it."),
    )  # fmt: skip
    regions = _some(gettext_lazy("regions"), lambda: [(str(one.pk), str(one)) for one in Region.objects.all()])
    franchises = _some(gettext_lazy("franchises"), lambda: [(str(one.pk), str(one)) for one in Franchise.objects.all()])
    stores = _some(gettext_lazy("shops"), choices.stores)
    roles = _some(gettext_lazy("only for"), lambda: list(rows.ROLES.items()))
    valid_from = _moment(gettext_lazy("may be shown from"))
    valid_until = _moment(gettext_lazy("may be shown until"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        version = None if self.instance._state.adding else rows.version_of(self.instance)
        self.base = record_of(version) if version else None
        self.fields["brought"].widget.base = self.base
        self.fields["seen_ver"].initial = version.edit if version and version.state in MaterialVersion.OPEN else 0
        if self.base is not None and version is not None:
            self.initial.update(_initial(self.base, msgspec.convert(version.reach, Reach)))

    def clean_text_zh(self) -> str:
        """Raises ValidationError with what is wrong and where."""
        return _checked(self.cleaned_data["text_zh"])

    def clean_text_en(self) -> str:
        """Raises ValidationError with what is wrong and where."""
        return _checked(self.cleaned_data["text_en"])

    def clean_tags(self) -> tuple[str, ...]:
        """The tags, each once; raises ValidationError for too many."""
        named = (one.strip() for one in re.split(r"[,，、;；]", self.cleaned_data["tags"]))
        tags = tuple(dict.fromkeys(filter(None, named)))
        if len(tags) > MOST_TAGS:
            raise ValidationError(_("At most {most} tags.").format(most=MOST_TAGS))
        return tags

    def clean(self) -> dict[str, Any]:
        """Makes the record and its files; raises ValidationError in words."""
        told = super().clean()
        begins, ends = told.get("valid_from"), told.get("valid_until")
        if begins and ends and ends <= begins:
            self.add_error("valid_until", _("This is before it begins."))
        if not self.errors:
            try:
                self.made = pages.made(told["brought"], self.base, self.who)
            except ValidationError as problem:
                self.add_error("brought", problem)
            else:
                self._told(told)
        return told

    @property
    def reach(self) -> Reach:
        """Whom it is for."""
        return reach_of(self.cleaned_data)

    def _told(self, told: dict[str, Any]) -> None:
        brought = list(self.made.texts)
        text = {language: told[f"text_{language}"] or (brought.pop(0) if brought else "") for language in ("zh", "en")}
        self.record = Record(
            material=_NOBODYS, version=1, kind=self.made.kind, files=self.made.files,
            title=Names(en=told["title_en"], zh=told["title_zh"]),
            topic=Names(en=told["topic_en"], zh=told["topic_zh"]),
            text=Names(en=text["en"], zh=text["zh"]), products=tuple(told["products"]), campaign=told["campaign"],
            tags=told["tags"], must_read=told["must_read"],
            valid_from=clock.to_text(told["valid_from"]) if told["valid_from"] else "",
            valid_until=clock.to_text(told["valid_until"]) if told["valid_until"] else "",
        )  # fmt: skip


def reach_of(told: Any) -> Reach:
    """The audience that a form's values name."""
    return Reach(**{name: tuple(sorted(told.get(name, ()))) for name in ("regions", "stores", "franchises", "roles")})


def _initial(says: Record, reach: Reach) -> dict[str, Any]:
    return {
        "title_zh": says.title.zh, "title_en": says.title.en, "brought": [one.token for one in pages.shown_of(says)],
        "text_zh": says.text.zh, "text_en": says.text.en, "topic_zh": says.topic.zh, "topic_en": says.topic.en,
        "products": list(says.products), "campaign": says.campaign, "tags": ", ".join(says.tags),
        "must_read": says.must_read, "regions": list(reach.regions), "franchises": list(reach.franchises),
        "stores": list(reach.stores), "roles": list(reach.roles),
        **{name: clock.from_text(at) if at else None
           for name, at in (("valid_from", says.valid_from), ("valid_until", says.valid_until))},
    }  # fmt: skip


def _checked(text: str) -> str:
    if problem := words.problem(text):
        raise ValidationError(problem)
    return text.strip()
