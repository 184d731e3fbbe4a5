"""Who saw whose data, in the admin: to be searched, never written."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from hq.console import choices
from hq.console.admin_base import ListOnlyAdmin
from hq.console.trade_words import said
from hq.devices.models import Device
from hq.members.models import Member, MemberAlias
from hq.privacy.models import Showing
from hq.staff.models import Staff

_MOST = 1000
"""Members, or people, that one search looks for."""


def _named(rows: Iterable[Any]) -> None:
    """Gives each row of a page its store, member, guide and tablet: one query for all of each."""
    rows = list(rows)
    choices.name_stores(rows)
    members = Member.objects.in_bulk([row.member_id for row in rows])
    staff = Staff.objects.in_bulk([row.guide_id for row in rows if row.guide_id])
    tablets = {one.scope: one for one in Device.objects.filter(scope__in={row.scope for row in rows} - {""})}
    for row in rows:
        row.member_shown = members.get(row.member_id)
        row.who_shown = staff.get(row.guide_id) or row.operator
        row.tablet_shown = tablets.get(row.scope)


class WhatFilter(choices.SaidFilter):
    """By what was shown."""

    title = _("what")
    parameter_name = "what"
    area = "showing"


@admin.register(Showing)
class ShowingAdmin(ListOnlyAdmin):
    """Showings, the latest first."""

    list_display = ["at", "shown_who", "shown_what", "shown_member", "shown_store", "shown_tablet"]
    list_filter: ClassVar[list[Any]] = [WhatFilter, choices.StoreFilter, "at"]
    search_fields: ClassVar[list[str]] = ["operator"]
    search_help_text = _("A member's name, number or last digits of the phone; a guide's name or number; an operator")
    ordering = ["-at"]
    paginator = choices.Newest

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """By whom it was about, and by who saw it."""
        told = search_term.strip()
        if not told:
            return queryset, False
        number = told.upper().replace("-", "")
        about = Q(name=told) | Q(member_no__istartswith=number) | Q(other_numbers__contains=[number])
        if told.isdecimal() and len(told) >= 4:
            about |= Q(phone__endswith=told)
        members = list(Member.objects.filter(about).values_list("id", flat=True)[:_MOST])
        merged = list(MemberAlias.objects.filter(member_id__in=members).values_list("id", flat=True))
        people = Staff.objects.filter(Q(name=told) | Q(staff_no=told)).values_list("id", flat=True)[:_MOST]
        found = Q(member_id__in=[*members, *merged]) | Q(guide_id__in=list(people)) | Q(operator__iexact=told)
        return queryset.filter(found), False

    @admin.display(description=_("who saw it"))
    def shown_who(self, item: Any) -> str:
        """The guide, or HQ's operator."""
        return str(item.who_shown or item.guide_id)

    @admin.display(description=_("what"))
    def shown_what(self, item: Any) -> str:
        """What was shown."""
        return said("showing", item.what)

    @admin.display(description=_("member"))
    def shown_member(self, item: Any) -> str:
        """Whom it was about; of somebody who was erased the id alone."""
        return str(item.member_shown or item.member_id)

    @admin.display(description=_("tablet"))
    def shown_tablet(self, item: Any) -> str:
        """Where it was shown; empty at HQ."""
        return str(item.tablet_shown or "")

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return choices.pages_with(_named)
