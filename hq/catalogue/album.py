"""A product's pictures as a field of its form: those that it has, in an order that can be changed, and new ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guide_app.domain.errors import EnvironmentProblem
from guide_app.domain.records import Picture
from guide_app.domain.records.catalogue import MOST_PICTURES
from hq.files import services, words
from hq.files.pictures import Made

_LAST = 9999
"""The place of a picture without one."""


class Edited(NamedTuple):
    """What was done to the pictures: the place of each by the hash of its large size, which of them go, and files."""

    places: Mapping[str, str]
    gone: frozenset[str]
    added: Sequence[Any]


class Album(NamedTuple):
    """A product's pictures as they are to be: those that stay, in order, and behind them new ones."""

    stay: tuple[Picture, ...]
    new: tuple[Made, ...]


class AlbumWidget(forms.Widget):
    """Each picture with its place and whether it goes; below them a choice of files, several at once."""

    template_name = "catalogue/album.html"
    needs_multipart_form = True

    def __init__(self) -> None:
        super().__init__()
        self.pictures: tuple[Picture, ...] = ()

    def use_required_attribute(self, initial: object) -> bool:
        return False

    def get_context(self, name: str, value: object, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """The pictures as they stand, or as they were being changed when something else was refused."""
        context = super().get_context(name, value, attrs)
        edited = value if isinstance(value, Edited) else Edited({}, frozenset(), ())
        context["pictures"] = [
            {"thumb": one.thumb, "key": one.large.sha256, "gone": one.large.sha256 in edited.gone,
             "number": number, "place": edited.places.get(one.large.sha256, number)}
            for number, one in enumerate(self.pictures, 1)
        ]  # fmt: skip
        context["again"] = len(edited.added)
        return context

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Edited:
        place, gone = f"{name}-place-", f"{name}-gone-"
        return Edited(
            {key.removeprefix(place): data[key] for key in data if key.startswith(place)},
            frozenset(key.removeprefix(gone) for key in data if key.startswith(gone)),
            files.getlist(name) if hasattr(files, "getlist") else (),
        )

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return False


class AlbumField(forms.Field):
    """Cleans to an `Album`; every file that is refused is named with the reason."""

    def __init__(self) -> None:
        told = gettext_lazy(
            "JPEG, PNG, WebP or HEIC, several at once, at most 20 MB each. The first stands for the product. "
            "Where and with what they were taken is not kept."
        )
        super().__init__(label=gettext_lazy("pictures"), required=False, widget=AlbumWidget(), help_text=told)

    def show(self, shown: tuple[Picture, ...]) -> None:
        """These are the product's pictures now."""
        self.widget.pictures = shown

    def has_changed(self, initial: object, data: Any) -> bool:
        return bool(data.added) or self._stay(data) != self.widget.pictures

    def clean(self, value: Any) -> Album:
        stay = self._stay(value)
        if len(stay) + len(value.added) > MOST_PICTURES:
            raise ValidationError(_("A product has at most {most} pictures.").format(most=MOST_PICTURES))
        made: list[Made] = []
        problems: list[str] = []
        for file in value.added:
            try:
                made.append(services.renditions().picture(file.file))
            except EnvironmentProblem as problem:
                problems.append(words.refused(file.name, problem))
        if problems:
            raise ValidationError(problems)
        return Album(stay, tuple(made))

    def _stay(self, edited: Edited) -> tuple[Picture, ...]:
        left = [one for one in self.widget.pictures if one.large.sha256 not in edited.gone]
        return tuple(sorted(left, key=lambda one: _place(edited.places.get(one.large.sha256, ""))))


def _place(text: str) -> int:
    text = text.strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 4 else _LAST
