"""Gifts, signatures and referrals in the admin: to be read."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from hq.catalogue.models import Product
from hq.console import choices
from hq.console.admin_base import ReadOnlyAdmin
from hq.console.trade_words import said
from hq.joining.models import Joining, Referral
from hq.members.models import Member


class TwiceFilter(admin.SimpleListFilter):
    """Gifts of people who had one before."""

    title = _("given twice")
    parameter_name = "twice"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("given twice"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(twice=True) if self.value() == "yes" else queryset


@admin.register(Joining)
class JoiningAdmin(choices.StoreNamed, ReadOnlyAdmin):
    """What was handed over and signed at sign-ups; who was handed a gift before is marked."""

    fields = ["at", "shown_store", "shown_member", "shown_gift", "shown_twice", "shown_signed", "shown_strokes"]
    list_display = ["at", "shown_store", "shown_member", "shown_gift", "shown_twice", "shown_signed"]
    list_filter = [TwiceFilter, choices.StoreFilter]
    ordering = ["-at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        before = Joining.objects.filter(person=OuterRef("person"), product_id__isnull=False).filter(
            Q(at__lt=OuterRef("at")) | Q(at=OuterRef("at"), id__lt=OuterRef("id"))
        )
        of_somebody = Q(product_id__isnull=False) & ~Q(person="")
        shown: QuerySet[Any] = super().get_queryset(request).annotate(twice=Exists(before) & of_somebody)
        return shown

    @admin.display(description=_("member"))
    def shown_member(self, item: Joining) -> str:
        """The member's name and number, while they are one under this id."""
        return str(Member.objects.filter(id=item.member_id).first() or "—") if item.member_id else "—"

    @admin.display(description=_("sign-up gift"))
    def shown_gift(self, item: Joining) -> str:
        """What was handed over."""
        return str(Product.objects.filter(id=item.product_id).first() or "—") if item.product_id else "—"

    @admin.display(description=_("given twice"))
    def shown_twice(self, item: Any) -> str:
        """Said only where it is so."""
        return str(_("given twice")) if item.twice else ""

    @admin.display(description=_("signed by hand"))
    def shown_signed(self, item: Joining) -> str:
        """Which policies were signed."""
        return " · ".join(said("consent", kind) for kind in item.signed) or "—"

    @admin.display(description=_("signature"))
    def shown_strokes(self, item: Joining) -> str:
        """As it was drawn."""
        if not item.strokes:
            return "—"
        return format_html(
            '<svg viewBox="0 0 1000 400" width="500" height="200" fill="none" stroke="currentColor" stroke-width="6"'
            ' stroke-linecap="round" stroke-linejoin="round" role="img" aria-label="{}"><path d="{}"/></svg>',
            _("signature"),
            item.strokes,
        )


@admin.register(Referral)
class ReferralAdmin(choices.StoreNamed, ReadOnlyAdmin):
    """Who brought whom, and whether both have their points."""

    fields = ["shown_store", "shown_member", "shown_referrer", "points", "paid"]
    list_display = ["shown_member", "shown_store", "shown_referrer", "points", "paid"]
    list_filter = ["paid", choices.StoreFilter]
    search_fields = ["id__exact", "referrer_id__exact"]
    ordering = ["store_id", "id"]

    @admin.display(description=_("member"))
    def shown_member(self, item: Referral) -> str:
        """Who was brought."""
        return str(Member.objects.filter(id=item.id).first() or "—")

    @admin.display(description=_("referred by"))
    def shown_referrer(self, item: Referral) -> str:
        """Who brought them."""
        return str(Member.objects.filter(id=item.referrer_id).first() or "—")
