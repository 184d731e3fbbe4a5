"""What every page of the console stands on: rows, rights and choices of whoever asks, and no others."""

from __future__ import annotations

from typing import Any

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from hq.rights import reach
from hq.rights.table import FEATURES, Kept

_LONGEST = 300


class Guarded(ModelAdmin):
    """Shows and changes what the table lets the person, within their reach. The gate opens no page that is not such."""

    def may(self, request: HttpRequest, what: str, obj: Model | None = None) -> bool:
        """Whether the person may, with this row where there is one."""
        person = reach.of(request.user)
        if not person.may(self.opts.label_lower, what, doing=what != "view"):
            return False
        return obj is None or obj.pk is None or self._holds(person.reach, obj, writing=what != "view")

    def _holds(self, own: reach.Reach, obj: Model, *, writing: bool) -> bool:
        kept = FEATURES[self.opts.label_lower].kept
        rows = type(obj)._base_manager.filter(own.writes(kept) if writing else own.rows(kept))
        return own.chain or rows.filter(pk=obj.pk).exists()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return reach.narrowed(super().get_queryset(request))

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> Any:
        """What was changed; of what is the chain's own also from what to what, of people's rows the fields alone."""
        message = super().construct_change_message(request, form, formsets, add)
        feature = FEATURES.get(self.opts.label_lower)
        if not isinstance(message, list) or feature is None or feature.kept in (Kept.STORE, Kept.HQ):
            return message
        names = [name for name in form.changed_data if name != "seen_ver"]
        values = {name: [_short(form.initial.get(name)), _short(form.cleaned_data.get(name))] for name in names}
        return [*message, {"values": values}] if values else message

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> QuerySet[Any] | None:
        """What may be chosen for a reference."""
        rows = super().get_field_queryset(db, db_field, request)
        rows = db_field.remote_field.model._default_manager.all() if rows is None else rows
        return reach.narrowed(rows)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.may(request, "view", obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.may(request, "add")

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.may(request, "change", obj)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.may(request, "delete", obj)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.may(request, "view")


def _short(value: object) -> str:
    return str(value)[:_LONGEST]
