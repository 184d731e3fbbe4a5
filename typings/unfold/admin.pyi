# django-unfold 0.91: Django's own classes with another look, and the options that Store Guide sets.
from collections.abc import Sequence
from typing import Any, ClassVar, TypeVar

from django.contrib import admin
from django.db.models import Model

_M = TypeVar("_M", bound=Model)
_P = TypeVar("_P", bound=Model)

class ModelAdmin(admin.ModelAdmin[_M]):
    compressed_fields: ClassVar[bool]
    warn_unsaved_form: ClassVar[bool]
    list_filter_submit: ClassVar[bool]
    list_filter_sheet: ClassVar[bool]
    list_fullwidth: ClassVar[bool]
    list_horizontal_scrollbar_top: ClassVar[bool]
    list_disable_select_all: ClassVar[bool]
    list_before_template: ClassVar[str | None]
    list_after_template: ClassVar[str | None]
    change_form_before_template: ClassVar[str | None]
    change_form_after_template: ClassVar[str | None]
    actions_list: ClassVar[Sequence[Any]]
    actions_row: ClassVar[Sequence[Any]]
    actions_detail: ClassVar[Sequence[Any]]
    actions_submit_line: ClassVar[Sequence[Any]]

class TabularInline(admin.TabularInline[_M, _P]):
    tab: ClassVar[bool]
    hide_title: ClassVar[bool]

class StackedInline(admin.StackedInline[_M, _P]):
    tab: ClassVar[bool]
    hide_title: ClassVar[bool]
