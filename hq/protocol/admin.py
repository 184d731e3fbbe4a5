"""The protocol's tables in the admin: to be looked at, never written."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from guide_app.domain.records import ENTITIES
from hq.console import choices
from hq.console.admin_base import ListOnlyAdmin, ReadOnlyAdmin
from hq.console.again import RUN_AGAIN, RUN_ALL_AGAIN, entry_of
from hq.console.trade_words import said
from hq.protocol.models import DeviceStream, Epoch, FeedRow, OpConflict, OpLog, Scope, ScopeHead, Step


@admin.register(Scope)
class ScopeAdmin(ListOnlyAdmin):
    """The directory of scopes."""

    list_display = ["id", "kind", "shown_store"]
    list_filter = ["kind"]
    search_fields = ["id"]


@admin.register(ScopeHead)
class ScopeHeadAdmin(ListOnlyAdmin):
    """How far each scope's feed has come."""

    list_display = ["scope", "shown_store", "head", "floor", "digest"]
    search_fields = ["scope"]


class _EntityFilter(admin.SimpleListFilter):
    """Rows of one kind, as the protocol names them; known beforehand, not read off the whole feed."""

    title = _("entity")
    parameter_name = "entity"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(entity, entity) for entity in sorted(ENTITIES)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(entity=self.value()) if self.value() else queryset


@admin.register(FeedRow)
class FeedRowAdmin(ListOnlyAdmin):
    """The feed scope by scope, newest rows first (as its index has them); without their data, which is people's."""

    list_display = ["scope", "seq", "entity", "entity_id", "ver", "op"]
    list_filter: ClassVar[list[Any]] = [choices.StoreFilter, _EntityFilter]
    search_fields = ["scope__exact"]
    ordering = ["-store_id", "-scope", "-seq"]
    paginator = choices.Newest


class _StatusFilter(choices.SaidFilter):
    """Operations by what became of them."""

    title = _("what became of it")
    parameter_name = "status"
    area = "status"


class _KindFilter(choices.SaidFilter):
    """Operations by what was done."""

    title = _("what was done")
    parameter_name = "kind"
    area = "operation"


class _CodeFilter(choices.SaidFilter):
    """Operations by what HQ said about them."""

    title = _("code")
    parameter_name = "code"
    area = "code"


@admin.register(OpLog)
class OpLogAdmin(choices.StoreNamed, ReadOnlyAdmin):
    """The operations that arrived; those that wait can be run again."""

    list_display = ["received_at", "shown_kind", "shown_status", "shown_code", "shown_store", "op_id"]
    list_filter: ClassVar[list[Any]] = [choices.StoreFilter, _StatusFilter, _CodeFilter, _KindFilter]
    fields = [
        "received_at", "shown_kind", "shown_status", "shown_code", "code", "message", "shown_store", "made_at", "op_id",
    ]  # fmt: skip
    search_fields = ["op_id__exact"]
    ordering = ["-received_at"]
    paginator = choices.Newest
    deeds = [RUN_AGAIN]
    list_deeds = [RUN_ALL_AGAIN]

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> OpLog | None:
        """The operation as HQ knows it: one that was sent on stands in the log of the store it came to as well."""
        return entry_of(object_id)

    @admin.display(description=_("what was done"))
    def shown_kind(self, entry: OpLog) -> str:
        """The kind of operation."""
        return said("operation", entry.kind)

    @admin.display(description=_("why"))
    def shown_code(self, entry: OpLog) -> str:
        """The code in words."""
        return said("code", entry.code)

    @admin.display(description=_("what became of it"))
    def shown_status(self, entry: OpLog) -> str:
        """The outcome."""
        return said("status", entry.status)

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> Any:
        try:
            return super().get_search_results(request, queryset, search_term)
        except ValueError:
            return queryset.none(), False


@admin.register(OpConflict)
class OpConflictAdmin(ListOnlyAdmin):
    """Operations that came with two contents."""

    list_display = ["received_at", "op_id", "sha", "shown_store"]
    ordering = ["-received_at"]


@admin.register(DeviceStream)
class DeviceStreamAdmin(ListOnlyAdmin):
    """How far each tablet's operations have come."""

    list_display = ["incarnation", "device_id", "shown_store", "last_seq"]


@admin.register(Step)
class StepAdmin(ListOnlyAdmin):
    """Second steps that leave a store."""

    list_display = ["step_id", "kind", "shown_store", "done_at"]


@admin.register(Epoch)
class EpochAdmin(ReadOnlyAdmin):
    """HQ's history."""

    list_display = ["epoch", "began_at", "reason", "system_identifier", "timeline"]
    ordering = ["-began_at"]
