"""The files of a material in its form: pages that stand already and files that were just brought, in one order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from guide_app.domain.errors import EnvironmentProblem
from guide_app.domain.records import Material as Record
from guide_app.domain.records import MaterialFile
from hq.console.refusal import refusal
from hq.files import words
from hq.files.models import Upload
from hq.materials import making

_ID = re.compile(r"u:([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})")
_OLD = re.compile(r"p:([0-9]{1,3})")
_REFUSED_FILE = ("upload", "picture", "film", "paper", "rendition", "files")


class Made(NamedTuple):
    """What the chosen files make: the kind, its files, and the words of texts that were brought."""

    kind: str
    files: tuple[MaterialFile, ...] = ()
    texts: tuple[str, ...] = ()


class Shown(NamedTuple):
    """One of them in the form. `token`: ``p:`` and a page that stands (0: the film), or ``u:`` and an upload."""

    token: str
    label: str
    thumb: str = ""


class PagesWidget(forms.Widget):
    """A place for files, how far each is on its way, and the pages in an order that can be changed."""

    template_name = "materials/pages.html"

    def __init__(self) -> None:
        super().__init__()
        self.base: Record | None = None

    def use_required_attribute(self, initial: object) -> bool:
        return False

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        return list(dict.fromkeys(data.getlist(name)))

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return False

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """The pages as they stand, or as they were being changed when something else was refused."""
        context = super().get_context(name, value, attrs)
        standing = {one.token: one for one in shown_of(self.base)}
        ids = [found[1] for one in value or () if (found := _ID.fullmatch(one))]
        brought = {f"u:{one.id}": Shown(f"u:{one.id}", one.name) for one in Upload.objects.filter(id__in=ids)}
        context["pages"] = [one for token in value or () if (one := {**standing, **brought}.get(token))]
        return context


def shown_of(record: Record | None) -> list[Shown]:
    """What stands of a material."""
    files = record.files if record else ()
    if record is not None and record.kind == "video":
        thumb = next((file.sha256 for file in files if file.role == "thumb"), "")
        return [Shown("p:0", _("film"), thumb)] if files else []
    small = {file.page: file.sha256 for file in files if file.role == "thumb"}
    return [Shown(f"p:{page}", _("page {page}").format(page=page), small[page]) for page in sorted(small)]


class PagesField(forms.Field):
    """A list of tokens; `made` makes files of them."""

    def __init__(self, *, label: Any, help_text: Any) -> None:
        super().__init__(label=label, required=False, widget=PagesWidget(), help_text=help_text)

    def clean(self, value: Any) -> list[str]:
        """Raises ValidationError for what the page never sent."""
        tokens = list(value or [])
        if any(not (_ID.fullmatch(one) or _OLD.fullmatch(one)) for one in tokens):
            raise ValidationError(_("Choose the files again."))
        return tokens


def made(tokens: Sequence[str], base: Record | None, by: str) -> Made:
    """What these are together. Raises ValidationError in words for what is refused."""
    uploads = {str(one.id): one for one in Upload.objects.filter(id__in=[one[2:] for one in tokens if one[0] == "u"])}
    texts = [key for key, one in uploads.items() if one.kind == "text"]
    try:
        if texts or not tokens:
            if len(texts) < len(tokens):
                raise ValidationError(_("A text comes alone, without pictures, films or PDFs."))
            return Made("text", texts=tuple(making.text_of(one[2:], by) for one in tokens))
        if all(one[0] == "u" for one in tokens):
            return Made(*making.files_of([one[2:] for one in tokens], by))
        return _mixed(tokens, base, by)
    except EnvironmentProblem as problem:
        if problem.code.startswith(_REFUSED_FILE):
            named = ", ".join(one.name for one in uploads.values())
            raise ValidationError(words.refused(named, problem)) from problem
        raise ValidationError(refusal(problem)) from problem


def _mixed(tokens: Sequence[str], base: Record | None, by: str) -> Made:
    """Pages that stand, in their new order, with new pictures between them."""
    if base is None or (base.kind == "video" and list(tokens) != ["p:0"]):
        raise ValidationError(_("A film is replaced as a whole: take the old one out first."))
    if base.kind == "video":
        return Made(base.kind, base.files)
    pages: list[MaterialFile] = []
    for number, token in enumerate(tokens, 1):
        old = _OLD.fullmatch(token)
        if old:
            found = tuple(file for file in base.files if file.page == int(old[1]))
        else:
            kind, found = making.files_of([token[2:]], by)
            if kind != base.kind or sum(file.role == "thumb" for file in found) != 1:
                raise ValidationError(_("Only pictures can be put between the pages that are there already."))
        pages += [msgspec.structs.replace(file, page=number) for file in found]
    return Made(base.kind, tuple(pages))
