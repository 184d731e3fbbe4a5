from typing import Any

from django.contrib.admin import ModelAdmin as _ModelAdmin
from django.contrib.admin import StackedInline as _StackedInline
from django.contrib.admin import TabularInline as _TabularInline

class ModelAdmin(_ModelAdmin[Any]):
    warn_unsaved_form: bool
    compressed_fields: bool
    list_fullwidth: bool

class TabularInline(_TabularInline[Any, Any]): ...

class StackedInline(_StackedInline[Any, Any]): ...
