"""Gift cards in the admin: made in batches, looked up with their history, handed out, bound, blocked."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminTextInputWidget

from hq.cards import services
from hq.cards.models import CardBatch, CardEntry, CardSecret, GiftCard
from hq.console import choices, html
from hq.console.admin_base import PagesAdmin, ReadOnlyAdmin
from hq.console.deeds import Deed, Done
from hq.leases.mapping import INSTRUMENT
from hq.leases.models import Lease
from hq.members.models import Member
from hq.orders.models import Order

_GIVEN = (
    ("goodwill", gettext_lazy("goodwill")), ("campaign", gettext_lazy("a campaign")),
    ("replaced", gettext_lazy("instead of another card")), ("staff", gettext_lazy("for a colleague")),
)  # fmt: skip
_BLOCKED = (
    ("lost", gettext_lazy("lost or stolen")), ("misused", gettext_lazy("misused")),
    ("asked", gettext_lazy("its owner asked for it")),
)  # fmt: skip
_OPENED = (("found", gettext_lazy("found again")), ("settled", gettext_lazy("settled")))


def _make(batch: CardBatch, request: HttpRequest) -> Done:
    kept = services.make(str(batch.id), request.user.get_username())
    return Done(_("The cards are made."), file=(f"gift-cards-{batch.id}.csv", kept))


def _hand_out(card: GiftCard, request: HttpRequest) -> Done:
    services.hand_out(card.id, str(dict(_GIVEN)[request.POST["reason"]]), request.user.get_username())
    return Done(_("The card has its value from now on."))


def _block(card: GiftCard, _request: HttpRequest) -> Done:
    services.block(card.id, blocked=True)
    return Done(_("Nothing of it is set aside for a tablet any more. What tablets have comes back within days."))


def _unblock(card: GiftCard, _request: HttpRequest) -> Done:
    services.block(card.id, blocked=False)
    return Done(_("The card can be used again."))


class CardBatchForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    """What each card of a batch is; the cards are made on a page of their own."""

    store_id = choices.reference(choices.stores, gettext_lazy("store"))
    amount = forms.IntegerField(
        label=gettext_lazy("on each card (minor units)"), min_value=1, max_value=10**9,
        widget=UnfoldAdminTextInputWidget,
    )  # fmt: skip
    count = forms.IntegerField(
        label=gettext_lazy("cards"), min_value=1, max_value=services.MOST, widget=UnfoldAdminTextInputWidget
    )

    class Meta:
        model = CardBatch
        fields = ("title_zh", "title_en", "amount", "count", "until", "store_id")


@admin.register(CardBatch)
class CardBatchAdmin(choices.StoreNamed, PagesAdmin):
    """Batches. Once its cards are made a batch stays as it is; their PINs are in the file that was kept then, alone."""

    form = CardBatchForm
    list_display = ["title_zh", "title_en", "amount", "count", "until", "shown_store", "made_at", "made_by"]
    ordering = ["-made_at", "title_zh"]
    deeds = (
        Deed(
            "make",
            gettext_lazy("Make the cards"),
            gettext_lazy("A file with the numbers and PINs is kept by your browser. Nobody can see the PINs again."),
            _make,
            fits=lambda batch: batch.made_at is None,
        ),
    )

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        obj.id = obj.id or uuid4()
        super().save_model(request, obj, form, change)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        made = obj is not None and obj.made_at is not None and "/make/" not in request.path
        return not made and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is not None and obj.made_at is None and super().has_delete_permission(request, obj)


class StateFilter(admin.SimpleListFilter):
    """Cards by what can be done with them."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("new", gettext_lazy("not sold")), ("active", gettext_lazy("in use")),
            ("blocked", gettext_lazy("blocked")),
        ]  # fmt: skip

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        match self.value():
            case "new":
                return queryset.filter(active=False, blocked=False)
            case "active":
                return queryset.filter(active=True, blocked=False)
            case "blocked":
                return queryset.filter(blocked=True)
        return queryset


class BindForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    """Whose card it is; once it is somebody's it stays theirs."""

    member_no = forms.CharField(
        label=gettext_lazy("member number"), required=False, max_length=40, widget=UnfoldAdminTextInputWidget,
        help_text=gettext_lazy("The card shows in this member's wallet from then on."),
    )  # fmt: skip

    class Meta:
        model = GiftCard
        fields = ()

    def clean_member_no(self) -> str:
        """Raises ValidationError where nobody has the number."""
        told = str(self.cleaned_data["member_no"]).strip()
        if told and not Member.objects.filter(member_no=told).exists():
            raise forms.ValidationError(_("Nobody has this member number."))
        return told


@admin.register(GiftCard)
class GiftCardAdmin(choices.StoreNamed, PagesAdmin):
    """Cards with their history; who may only look sees all of it, and the PIN nobody."""

    form = BindForm
    list_display = ["shown_number", "title_zh", "title_en", "shown_state", "shown_left", "until", "shown_member"]
    list_filter = [StateFilter]
    search_fields = ["number__startswith", "digits__exact", "id__exact"]
    ordering = ["number"]
    readonly_fields = [
        "shown_number", "shown_state", "shown_left", "held", "owed", "face", "until", "shown_member", "shown_order",
        "shown_missed", "shown_history", "shown_leases",
    ]  # fmt: skip
    deeds = (
        Deed(
            "hand-out",
            gettext_lazy("Hand out"),
            gettext_lazy("The card has its value from now on, without being sold."),
            _hand_out,
            fits=lambda card: not card.active and card.sold_by is None and not card.blocked,
            reasons=_GIVEN,
        ),
        Deed(
            "block",
            gettext_lazy("Block"),
            gettext_lazy("Nothing of it can be set aside for a tablet any more."),
            _block,
            fits=lambda card: not card.blocked,
            reasons=_BLOCKED,
        ),
        Deed(
            "unblock",
            gettext_lazy("Unblock"),
            gettext_lazy("It can be used again; its PIN can be tried again."),
            _unblock,
            fits=lambda card: card.blocked,
            reasons=_OPENED,
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).filter(number__isnull=False)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        bind = [] if obj is not None and obj.owner_id else ["member_no"]
        return [*self.readonly_fields, *(bind if self.has_change_permission(request, obj) else [])]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        if told := form.cleaned_data.get("member_no"):
            services.bind(obj.id, told)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=gettext_lazy("number"))
    def shown_number(self, card: GiftCard) -> str:
        """The last of it: the whole is on the card, and found by the search."""
        return f"… {card.digits}"

    @admin.display(description=gettext_lazy("state"))
    def shown_state(self, card: GiftCard) -> str:
        """What can be done with it."""
        if card.blocked:
            return _("blocked")
        if not card.active:
            return _("waits until its order is paid") if card.sold_by else _("not sold")
        return _("in use")

    @admin.display(description=gettext_lazy("left on it"))
    def shown_left(self, card: GiftCard) -> int:
        """Its value less what orders spent."""
        spent = sum(Lease.objects.filter(instrument_id=card.id).values_list("spent", flat=True))
        return INSTRUMENT.to_record(card).balance - card.owed - spent

    @admin.display(description=gettext_lazy("member"))
    def shown_member(self, card: GiftCard) -> str:
        """Whose it is."""
        member = Member.objects.filter(id=card.owner_id).first() if card.owner_id else None
        return str(member or "—")

    @admin.display(description=gettext_lazy("sold with the order"))
    def shown_order(self, card: GiftCard) -> str:
        """The number of that order."""
        found = Order.objects.filter(id=card.sold_by) if card.sold_by else Order.objects.none()
        return found.values_list("number", flat=True).first() or "—"

    @admin.display(description=gettext_lazy("wrong PINs"))
    def shown_missed(self, card: GiftCard) -> int:
        """Since the PIN was last right."""
        return CardSecret.objects.filter(card_id=card.id).values_list("missed", flat=True).first() or 0

    @admin.display(description=gettext_lazy("history"))
    def shown_history(self, card: GiftCard) -> str:
        """Every movement, the latest first."""
        heads = [_("at"), _("kind"), _("amount"), _("order"), _("reason"), _("by")]
        found = list(services.history(card.id))
        sources = [one.source for one in found if one.source]
        numbers = dict(Order.objects.filter(id__in=sources).values_list("id", "number"))
        rows = [
            [
                html.moment(one.at), one.get_kind_display(), one.amount,
                numbers.get(one.source, "") if one.source else "", one.reason, one.by,
            ]
            for one in found
        ]  # fmt: skip
        return html.table(heads, rows, amounts=(2,))

    @admin.display(description=gettext_lazy("leases"))
    def shown_leases(self, card: GiftCard) -> str:
        """What tablets have of it."""
        heads = [_("granted at"), _("granted"), _("spent"), _("given back"), _("overspent"), _("expires at")]
        rows = [
            [html.moment(one.granted_at), one.amount, one.spent, one.returned, one.overspent,
             html.moment(one.expires_at)]
            for one in Lease.objects.filter(instrument_id=card.id).order_by("-granted_at")[:100]
        ]  # fmt: skip
        return html.table(heads, rows, amounts=(1, 2, 3, 4))


@admin.register(CardEntry)
class CardEntryAdmin(choices.StoreNamed, ReadOnlyAdmin):
    """Every movement of every card, the latest first."""

    fields = ["at", "shown_store", "card_id", "kind", "amount", "source", "reason", "by"]
    list_display = ["at", "shown_store", "card_id", "kind", "amount", "reason", "by"]
    list_filter = ["kind", choices.StoreFilter]
    search_fields = ["card_id__exact", "source__exact", "by__exact"]
    ordering = ["-at"]
