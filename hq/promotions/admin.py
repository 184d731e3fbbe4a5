"""Promotions in the admin."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy

from hq.console import choices
from hq.console.admin_base import ReadOnlyAdmin
from hq.console.trade_words import said
from hq.names import in_language
from hq.promotions.models import Promotion


@admin.register(Promotion)
class PromotionAdmin(ReadOnlyAdmin):
    """Promotions of the chain or of a region, version by version."""

    fields = [
        "shown_name", "shown_kind", "shown_scope", "version", "since", "until_moment", "changed_by", "ended_by",
        "active", "valid_from", "valid_until", "group", "priority",
    ]  # fmt: skip
    list_display = [
        "shown_name", "shown_kind", "shown_scope", "active", "valid_from", "valid_until", "version", "since",
        "until_moment", "changed_by",
    ]  # fmt: skip
    list_filter = ["active"]
    search_fields = ["name_en", "name_zh"]

    @admin.display(description=gettext_lazy("name"))
    def shown_name(self, item: Promotion) -> str:
        """What the promotion is called."""
        return in_language(item.name_en, item.name_zh)

    @admin.display(description=gettext_lazy("kind"))
    def shown_kind(self, item: Promotion) -> str:
        """What it does."""
        return said("promotion", item.kind)

    @admin.display(description=gettext_lazy("for"))
    def shown_scope(self, item: Any) -> str:
        """The name of the scope."""
        return choices.scope_name(item.scope)
