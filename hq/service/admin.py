"""Tickets and promises in the admin: to be read, with filters and everything that was done."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guide_app.domain import steps
from guide_app.domain.records import Step
from hq.catalogue.models import Product
from hq.console import choices, html
from hq.console.admin_base import ReadOnlyAdmin
from hq.console.deeds import ListLook
from hq.console.trade_words import said
from hq.members.models import Member
from hq.protocol import convert
from hq.rights.reach import narrowed
from hq.service import counted
from hq.service.models import Promise, Ticket
from hq.staff.models import Staff
from hq.stores.models import Store


def _history(rows: list[Any] | None, *, days: bool) -> str:
    """Everything that was done and by whom; what was taken back says so. `days`: steps carry a day of the shop."""
    history = convert.parts(rows, Step)
    counted = {step.op_id for step in steps.standing(history)}
    people = {str(one.id): str(one) for one in Staff.objects.filter(id__in=_people(history))}
    cells = [
        [
            html.moment(convert.moment(step.at)),
            people.get(step.guide_id, "HQ"),
            said("step", step.what),
            _told(step, people),
            *([step.on] if days else []),
            "" if step.op_id in counted or step.what == "undo" else _("taken back"),
        ]
        for step in history
    ]
    heads = [_("at"), _("guide"), _("what"), _("words"), *([_("day")] if days else []), ""]
    return html.table(heads, cells)


def _people(history: tuple[Step, ...]) -> set[str]:
    return {person for step in history for person in (step.guide_id, step.to) if person}


def _told(step: Step, people: dict[str, str]) -> str:
    parts = [people.get(step.to, ""), f"{step.rating}/5" if step.rating else "", step.words]
    return " · ".join(part for part in parts if part)


class _ServiceAdmin(choices.StoreNamed, ReadOnlyAdmin):
    """What both pages show alike."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """What was taken back, or has not begun here, is of no interest to anybody."""
        return super().get_queryset(request).exclude(state="void")

    @admin.display(description=gettext_lazy("member"))
    def shown_member(self, item: Any) -> str:
        """The member's name and number."""
        return str(Member.objects.filter(id=item.member_id).first() or "")

    @admin.display(description=gettext_lazy("in hand of"))
    def shown_guide(self, item: Any) -> str:
        """The guide's number and name."""
        return str(Staff.objects.filter(id=item.guide_id).first() or "")

    @admin.display(description=gettext_lazy("product"))
    def shown_product(self, item: Any) -> str:
        """The product's name."""
        return str(Product.objects.filter(id=item.product_id).first() or "")


def _days(request: HttpRequest) -> int:
    chosen = request.GET.get("days", "")
    return int(chosen) if chosen in counted.SPANS else counted.USUAL


def _counted(explained: str, heads: list[str], rows: list[list[object]], days: int) -> dict[str, object]:
    """What the page of a table of figures shows, each line of a store or of one of its guides."""
    return {
        "explained": explained,
        "table": html.table([_("store"), _("guide"), *heads], rows, amounts=(2, 3, 4, 5)),
        "spans": [(span, _("{days} days").format(days=span), int(span) == days) for span in counted.SPANS],
    }


def _kept(request: HttpRequest) -> dict[str, object]:
    rows: list[list[object]] = [
        [row.store, row.guide or _("the whole store"), row.tally.open, row.tally.kept, row.tally.late, row.tally.broken]
        for row in counted.kept(_days(request), narrowed(Store.objects.all()))
    ]
    why = _("Late: kept after its day, or past it and not kept yet. What the customer no longer wanted is not counted.")
    return _counted(why, [_("open"), _("kept"), _("late"), _("broken")], rows, _days(request))


def _scores(request: HttpRequest) -> dict[str, object]:
    rows: list[list[object]] = [
        [
            row.store, row.guide or _("the whole store"), row.score.open, row.score.solved, row.score.rated,
            "" if row.score.tenths is None else f"{row.score.tenths / 10:.1f}",
        ]
        for row in counted.scores(_days(request), narrowed(Store.objects.all()))
    ]  # fmt: skip
    why = _("Open: all that are, however old. Solved: of those raised in these days, with what their customers said.")
    return _counted(why, [_("open"), _("solved"), _("rated"), _("of 5")], rows, _days(request))


class RatingFilter(admin.SimpleListFilter):
    """Tickets by what the customer said in the end."""

    title = gettext_lazy("rating")
    parameter_name = "rating"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [*((str(n), f"{n}/5") for n in range(1, 6)), ("0", _("none"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value()
        return queryset.filter(rating=int(value)) if value in dict(self.lookups(request, None)) else queryset


@admin.register(Ticket)
class TicketAdmin(_ServiceAdmin):
    """Tickets of all stores."""

    fields = [
        "number", "kind", "state", "rating", "words", "shown_store", "shown_member", "shown_product", "shown_guide",
        "raised_at", "changed_at", "shown_history",
    ]  # fmt: skip
    list_display = ["raised_at", "number", "kind", "state", "shown_store", "shown_guide", "rating"]
    list_filter = [choices.StoreFilter, "state", "kind", RatingFilter]
    search_fields = ["number__istartswith"]
    ordering = ["-raised_at"]
    list_deeds = [ListLook("scores", gettext_lazy("How are they solved?"), "console/counted.html", _scores)]

    @admin.display(description=gettext_lazy("history"))
    def shown_history(self, ticket: Ticket) -> str:
        """Everything that was done with it."""
        return _history(ticket.history, days=False)


class OutcomeFilter(admin.SimpleListFilter):
    """Promises by what became of them; the day that counts is HQ's."""

    title = gettext_lazy("outcome")
    parameter_name = "outcome"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(code, said("promise", code)) for code in ("open", "late", "kept", "kept_late", "broken", "dropped")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        today = timezone.localdate()
        chosen = {
            "open": Q(state="open", due_on__gte=today),
            "late": Q(state="open", due_on__lt=today),
            "kept": Q(state="kept", settled_on__lte=F("due_on")),
            "kept_late": Q(state="kept", settled_on__gt=F("due_on")),
            "broken": Q(state="broken"),
            "dropped": Q(state="dropped"),
        }.get(self.value() or "")
        return queryset if chosen is None else queryset.filter(chosen)


@admin.register(Promise)
class PromiseAdmin(_ServiceAdmin):
    """Promises of all stores."""

    fields = [
        "kind", "state", "words", "due_on", "settled_on", "shown_store", "shown_member", "shown_product", "quantity",
        "shown_guide", "made_at", "shown_history",
    ]  # fmt: skip
    list_display = ["due_on", "kind", "shown_outcome", "shown_store", "shown_guide", "settled_on"]
    list_filter = [choices.StoreFilter, OutcomeFilter, "kind"]
    ordering = ["-due_on"]
    list_deeds = [ListLook("kept", gettext_lazy("Is the word kept?"), "console/counted.html", _kept)]

    @admin.display(description=gettext_lazy("outcome"), ordering="state")
    def shown_outcome(self, promise: Promise) -> str:
        """What became of it until today."""
        return said("promise", counted.outcome(promise, timezone.localdate()))

    @admin.display(description=gettext_lazy("history"))
    def shown_history(self, promise: Promise) -> str:
        """Everything that was done with it."""
        return _history(promise.history, days=True)
