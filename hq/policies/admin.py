"""Policies and settings in the admin."""

from __future__ import annotations

from typing import Any

import msgspec
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guide_app.domain.records import Settings
from hq.console import choices
from hq.console.admin_base import ScopedAdmin, ServiceAdmin, ServiceForm
from hq.console.trade_words import said
from hq.levelling import desk
from hq.levelling.level_pages import LEVELS
from hq.levelling.plan_pages import PLANS
from hq.policies import services
from hq.policies.mapping import SETTINGS
from hq.policies.models import Policy, ScopeSettings


@admin.register(Policy)
class PolicyAdmin(ServiceAdmin):
    """Policies, version by version: the words of one that people agreed to are never changed."""

    fields = [
        "kind", "version", "title_zh", "title_en", "text_zh", "text_en", "required", "signed", "position", "current",
    ]  # fmt: skip
    list_display = ["shown_kind", "version", "title_zh", "title_en", "required", "current"]
    list_filter = ["current"]

    @admin.display(description=gettext_lazy("kind"))
    def shown_kind(self, policy: Policy) -> str:
        """What people agree to."""
        return said("consent", policy.kind)

    def save_through(self, item: Any, form: Any, seen: int | None) -> None:
        services.save_policy(item, seen)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["kind", "version", "text_zh", "text_en"] if obj else []


class SettingsForm(ServiceForm):
    """The record as JSON, checked against its form."""

    scope = choices.scope(gettext_lazy("for"))

    def clean_values(self) -> Any:
        """Raises ValidationError naming what is not of the record's form."""
        try:
            told = msgspec.convert(self.cleaned_data["values"], _Strict).record()
        except msgspec.ValidationError as error:
            raise ValidationError(_("This cannot be used as settings: {why}").format(why=error)) from None
        kept = ScopeSettings.objects.filter(id=self.instance.id).first()
        if found := desk.wrong(told, SETTINGS.to_record(kept) if kept else None, timezone.localdate()):
            raise ValidationError(found)
        return msgspec.to_builtins(told)


class _Strict(Settings, frozen=True, forbid_unknown_fields=True):
    """The settings, refusing a misspelt name."""

    def record(self) -> Settings:
        """As the record that travels."""
        return Settings(**msgspec.structs.asdict(self))


@admin.register(ScopeSettings)
class ScopeSettingsAdmin(ScopedAdmin):
    """What HQ decides for the tablets of the chain or of a region."""

    form = SettingsForm
    fields = ["scope", "values"]
    list_display = ["shown_scope"]
    deeds = [LEVELS, PLANS]

    def save_through(self, item: Any, form: Any, seen: int | None) -> None:
        services.save_settings(item, seen)
