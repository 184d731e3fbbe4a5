"""By what the list of material is narrowed."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guide_app.domain import clock
from hq.library import rows
from hq.materials.models import Material, MaterialVersion
from hq.rights.reach import narrowed
from hq.stores.models import Franchise, Region

State = MaterialVersion.State


def _with(queryset: QuerySet[Material], which: Q) -> QuerySet[Material]:
    """Material that has a version so, which whoever asks may see and which none took the place of."""
    versions = MaterialVersion.objects.filter(which, material=OuterRef("pk"), state__in=rows.seen())
    return queryset.filter(Exists(versions.exclude(state=State.REPLACED)))


class StateFilter(admin.SimpleListFilter):
    """How far it is: `in review` is what waits for a second person."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(state, str(State(state).label)) for state in rows.seen() if state != State.REPLACED]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return _with(queryset, Q(state=self.value())) if self.value() else queryset


class KindFilter(admin.SimpleListFilter):
    """What it is."""

    title = gettext_lazy("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(kind, str(words)) for kind, words in rows.KINDS.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(kind=self.value()) if self.value() else queryset


class AudienceFilter(admin.SimpleListFilter):
    """For whom it was made, as far as whoever asks knows them."""

    title = gettext_lazy("audience")
    parameter_name = "audience"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        regions = [(f"regions:{one.pk}", str(one)) for one in narrowed(Region.objects.all())]
        franchises = [(f"franchises:{one.pk}", str(one)) for one in narrowed(Franchise.objects.all())]
        return [("chain", _("the whole chain")), *regions, *franchises]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        sort, _colon, key = (self.value() or "").partition(":")
        if sort == "chain":
            named = Q(reach__has_any_keys=["regions", "stores", "franchises"])
            return _with(queryset, ~named)
        if sort in ("regions", "franchises"):
            return _with(queryset, Q(**{f"reach__{sort}__contains": [key]}))
        return queryset


class ValidityFilter(admin.SimpleListFilter):
    """Whether what is published may be shown now."""

    title = gettext_lazy("validity")
    parameter_name = "validity"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("now", _("may be shown now")), ("later", _("not yet")), ("over", _("over"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        now = clock.to_text(timezone.now())
        over, later = Q(says__valid_until__lte=now), Q(says__valid_from__gt=now)
        if self.value() == "over":
            return _with(queryset, Q(state=State.PUBLISHED) & over)
        if self.value() == "later":
            return _with(queryset, Q(state=State.PUBLISHED) & later)
        if self.value() != "now":
            return queryset
        ended = MaterialVersion.objects.filter(over | later, material=OuterRef("pk"), state=State.PUBLISHED)
        return _with(queryset, Q(state=State.PUBLISHED)).exclude(Exists(ended))
