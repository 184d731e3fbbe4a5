"""Staff in the admin."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hq.console import choices, html
from hq.console.admin_base import ServiceAdmin, ServiceForm
from hq.console.deeds import Deed, Done
from hq.leases.models import Instrument, InstrumentKind, Lease
from hq.staff import services
from hq.staff.models import Staff


def _bought(person: Staff) -> list[tuple[str, int]]:
    """(month, what they paid) of the last two years, minor units, the latest first."""
    limits = Instrument.objects.filter(kind=InstrumentKind.STAFF, owner_id=person.id).order_by("-until")[:24]
    spent = Lease.objects.filter(instrument_id__in=[one.id for one in limits]).values_list("instrument_id")
    sums = dict(spent.annotate(Sum("spent")))
    return [(f"{one.until:%Y-%m}", sums.get(one.id, 0)) for one in limits]


def _reset(person: Staff, _request: HttpRequest) -> Done:
    pin = services.reset_pin(person)
    return Done(_("Tell this PIN to the person alone. It opens the tablet once; they choose their own then."), pin)


class StaffForm(ServiceForm):
    """Chooses the store by name."""

    store_id = choices.reference(choices.stores, gettext_lazy("store"))


def _move(person: Any, request: HttpRequest) -> Done:
    chosen = request.POST.get("choice", "")
    if chosen not in dict(choices.other_stores(person)):
        return Done(_("Choose a store."))
    try:
        with transaction.atomic():
            services.move(person, chosen)
    except IntegrityError:
        return Done(_("Another row has the same number or code. Choose another."))
    return Done(_("Done. The tablets of both stores hear of it with their next sync."))


@admin.register(Staff)
class StaffAdmin(choices.StoreNamed, ServiceAdmin):
    """People who work in the stores."""

    form = StaffForm
    fields = [
        "store_id",
        "staff_no",
        "name",
        "role",
        "active",
        "purchase_limit",
        "purchase_until",
        "purchase_alone",
        "shown_bought",
    ]
    readonly_fields = ["shown_bought"]
    list_display = ["staff_no", "name", "role", "shown_store", "active", "purchase_limit"]
    list_filter = [choices.StoreFilter, "role", "active"]
    search_fields = ["staff_no", "name"]
    deeds = [
        Deed(
            "reset-pin", gettext_lazy("Reset the PIN"),
            gettext_lazy("The person's PIN ends, and a new one for one sign-in is shown."), _reset,
            lambda person: bool(person.active),
        ),
        Deed(
            "move", gettext_lazy("Move to another store"),
            gettext_lazy("The person signs in on the tablets of another store from now on."), _move,
            choices=choices.other_stores,
        ),
    ]  # fmt: skip

    @admin.display(description=gettext_lazy("bought at staff prices"))
    def shown_bought(self, person: Staff) -> str:
        """What they bought month by month, the latest first."""
        return html.table([_("month"), _("amount")], _bought(person), amounts=(1,))

    def save_through(self, item: Any, form: Any, seen: int | None) -> None:
        services.save(item, seen)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """What somebody may buy is HQ's word, not their own manager's."""
        own = [] if self.may(request, "purchase") else ["purchase_limit", "purchase_until", "purchase_alone"]
        return [*self.readonly_fields, *own]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        if "store_id" in form.base_fields:  # people change stores by a hand-over, not by a form
            form.base_fields["store_id"].disabled = obj is not None
        return form
