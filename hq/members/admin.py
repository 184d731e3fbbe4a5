"""Members in the admin."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from guide_app.domain import clock, phone
from guide_app.domain.errors import EnvironmentProblem, Refused
from guide_app.domain.periods import months_on
from hq import exports, words
from hq.catalogue.models import Product
from hq.console import choices, html
from hq.console.admin_base import ServiceAdmin, ServiceForm
from hq.console.deeds import Deed, Done, ListLook
from hq.console.refusal import refusal
from hq.console.trade_words import all_said, said
from hq.history import services as erasing
from hq.history.words import REASONS
from hq.members import renewals
from hq.members.models import Member
from hq.privacy import services as privacy
from hq.rights.reach import narrowed
from hq.staff.models import Staff
from hq.stores.models import Store
from hq.sync_api import visits

_MONTHS = 12
"""Months back from this one whose renewals can be looked at, this one among them."""


def _show_phone(member: Member, request: HttpRequest) -> Done:
    privacy.saw(member, request.user.get_username(), "phone", timezone.now())
    return Done(_("The phone number of this member:"), shown=phone.display(member.phone, phone_region(member)))


def _export(member: Member, request: HttpRequest) -> Done:
    now = timezone.now()
    made = exports.export(member, now)
    privacy.saw(member, request.user.get_username(), "export", now)
    return Done(made.name, file=(made.name, made.content))


def phone_region(member: Member) -> str:
    """The country by which the store's people write numbers."""
    return Store.objects.get(id=member.store_id).country


def _erase(member: Member, _request: HttpRequest) -> Done:
    try:
        blocked = erasing.begin(str(member.id), timezone.now())
    except EnvironmentProblem as problem:
        return Done(words.problem(problem), failed=True)
    if not blocked:
        return Done(_("HQ is busy and erases the person's data within the hour, each tablet at its next sync."))
    return Done(_("HQ erases the person's data within minutes, each tablet at its next sync."))


class MemberForm(ServiceForm):
    """Chooses the owner among the staff of the member's store."""

    owner_id = choices.reference(lambda: (), gettext_lazy("owner"), required=False)

    source = forms.ChoiceField(label=gettext_lazy("source"), required=False, widget=UnfoldAdminSelectWidget)

    new_phone = forms.CharField(
        label=gettext_lazy("new phone"), required=False, max_length=40, widget=UnfoldAdminTextInputWidget,
        help_text=gettext_lazy("To replace the number; a button shows the one there is, and that is kept."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = all_said("source")
        own = self.instance.source
        if own not in dict(known):
            known.append((own, own or "—"))
        self.fields["source"].choices = known  # type: ignore[attr-defined]
        staff = Staff.objects.filter(store_id=self.instance.store_id)
        self.fields["owner_id"].choices = [("", "—"), *((str(one.id), str(one)) for one in staff)]  # type: ignore[attr-defined]


def _move(member: Any, request: HttpRequest) -> Done:
    chosen = request.POST.get("choice", "")
    if chosen not in dict(choices.other_stores(member)):
        return Done(_("Choose a store."), failed=True)
    try:
        visits.move(str(member.id), str(member.store_id), chosen)
    except Refused as refused:
        return Done(refusal(refused), failed=True)
    return Done(_("Done. The tablets of both stores hear of it with their next sync."))


def _renewals(request: HttpRequest) -> dict[str, object]:
    """Paid memberships that end in a month, and how many were renewed."""
    chosen, today = request.GET.get("days", ""), timezone.localdate()
    back = int(chosen) if chosen.isdecimal() and int(chosen) < _MONTHS else 0
    names = {str(store.id): str(store) for store in narrowed(Store.objects.all())}
    rows = [
        [
            one.plan, names[one.store_id], one.due, one.renewed, f"{one.rate:.0%}",
            format_html_join(", ", '<a href="/admin/members/member/{}/change/">{}</a>', one.left),
        ]
        for one in renewals.ended(months_on(today.replace(day=1), -back))
        if one.store_id in names
    ]  # fmt: skip
    heads = [_("paid membership"), _("store"), _("due"), _("renewed"), _("renewal rate"), _("not renewed")]
    months = [months_on(today.replace(day=1), -n) for n in range(_MONTHS)]
    return {
        "explained": _("Paid memberships that end in the month. Renewed is what another one of its kind follows."),
        "table": html.table(heads, rows, amounts=(2, 3, 4)),
        "spans": [(f"{n}", date_format(month, "YEAR_MONTH_FORMAT"), n == back) for n, month in enumerate(months)],
    }


@admin.register(Member)
class MemberAdmin(choices.StoreNamed, ServiceAdmin):
    """Members: looked up and put right. New ones sign up in the stores."""

    form = MemberForm
    readonly_fields = [
        "shown_phone", "member_no", "shown_store", "joined_at", "order_count", "shown_spent", "last_contact_at",
        "shown_consents", "shown_conflicts", "shown_sizes", "shown_wishes", "shown_dates", "shown_household",
        "shown_gift", "shown_signed",
    ]  # fmt: skip
    fields = [
        "name", "shown_phone", "new_phone", "gender", "birthday", "source", "level", "tags", "likes", "owner_id",
        "referrer", "touch_point", "note",
        *(name for name in readonly_fields if name != "shown_phone"),
    ]  # fmt: skip
    list_display = ["name", "shown_phone", "member_no", "shown_store", "level", "order_count", "last_contact_at"]
    list_filter = [choices.StoreFilter, "level", "gender"]
    search_fields = [
        "name",
        "phone__endswith",
        "member_no__istartswith",
        "pinyin__istartswith",
        "initials__istartswith",
    ]
    ordering = ["-joined_at"]
    deeds = [
        Deed(
            "phone", gettext_lazy("Show the phone number"),
            gettext_lazy("The number is shown once, and HQ keeps that you saw it."),
            _show_phone, fits=lambda member: bool(member.phone), alone=True,
        ),
        Deed(
            "export", gettext_lazy("Export this person's data"),
            gettext_lazy("All that HQ holds about them, as one file to be given to them. HQ keeps that you took it."),
            _export, alone=True,
        ),
        Deed(
            "erase", gettext_lazy("Erase this person's data"),
            gettext_lazy(
                "Their name, phone, consents, talks, follow-ups, promises and tickets are erased for ever, also what"
                " tablets sent about them; their orders stay without them. This cannot be undone."
            ),
            _erase, reasons=REASONS, alone=True,
        ),
        Deed(
            "move", gettext_lazy("Move to another store"),
            gettext_lazy(
                "The member goes to another store with their open follow-ups, promises and tickets. Orders and talks"
                " stay with the store that made them, which still finds the member for 30 days."
            ),
            _move, choices=choices.other_stores,
        ),
    ]  # fmt: skip

    list_deeds = [ListLook("renewals", gettext_lazy("Renewals"), "console/counted.html", _renewals)]

    def save_through(self, item: Any, form: Any, seen: int | None) -> None:
        item.phone = form.cleaned_data["new_phone"] or item.phone
        visits.save(item, seen)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @admin.display(description=gettext_lazy("phone"))
    def shown_phone(self, member: Member) -> str:
        """The phone, masked: a list of people shows no more than it needs."""
        return phone.mask(member.phone, "CN") if member.phone else ""

    @admin.display(description=gettext_lazy("spent"))
    def shown_spent(self, member: Member) -> str:
        """What the member spent, in the currency of the store."""
        return html.amount_in_store(member.spent, member.store_id)

    @admin.display(description=gettext_lazy("consents"))
    def shown_consents(self, member: Member) -> str:
        """What the member agreed to, and when."""
        rows = [
            [
                said("consent", one.kind),
                _("given") if one.granted else _("withdrawn"),
                one.policy_version,
                html.moment(one.at),
            ]
            for one in member.consents.order_by("position")
        ]
        return html.table([_("kind"), _("state"), _("policy version"), _("at")], rows)

    @admin.display(description=gettext_lazy("conflicts"))
    def shown_conflicts(self, member: Member) -> str:
        """Fields that two people edited: what stayed, and what waits to be settled."""
        rows = [[one["field"], one.get("hq") or "—", one.get("theirs") or "—"] for one in member.conflicts or []]
        return html.table([_("field"), _("kept"), _("the other")], rows)

    @admin.display(description=gettext_lazy("sizes"))
    def shown_sizes(self, member: Member) -> str:
        """What is measured, and the size."""
        return html.table([_("what"), _("size")], [[what, size] for what, size in sorted((member.sizes or {}).items())])

    @admin.display(description=gettext_lazy("wish list"))
    def shown_wishes(self, member: Member) -> str:
        """The products that the member would like to have."""
        wishes = member.wishes or []
        names = {str(one.id): str(one) for one in Product.objects.filter(id__in=[one["product_id"] for one in wishes])}
        rows = [[names.get(one["product_id"], "—"), html.moment(clock.from_text(one["since"]))] for one in wishes]
        return html.table([_("product"), _("since")], rows)

    @admin.display(description=gettext_lazy("important dates"))
    def shown_dates(self, member: Member) -> str:
        """The days that matter to the member."""
        return html.table([_("occasion"), _("day")], [[one["label"], one["day"]] for one in member.dates or []])

    @admin.display(description=gettext_lazy("household"))
    def shown_household(self, member: Member) -> str:
        """Who belongs to the member's household."""
        rows = [[one["relation"], one.get("name", ""), one.get("birthday", "")] for one in member.household or []]
        return html.table([_("relation"), _("name"), _("birthday")], rows)

    @admin.display(description=gettext_lazy("sign-up gift"))
    def shown_gift(self, member: Member) -> str:
        """What was handed over at the sign-up, and when."""
        if not member.gift:
            return "—"
        product = Product.objects.filter(id=member.gift["product_id"]).first()
        return f"{product or '—'} · {member.gift['on']}"

    @admin.display(description=gettext_lazy("signed by hand"))
    def shown_signed(self, member: Member) -> str:
        """Which policies the member signed by hand."""
        return " · ".join(said("consent", kind) for kind in member.signed) or "—"
