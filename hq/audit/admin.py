"""The audit log in the console: to be searched, never written."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hq.audit import services
from hq.audit.models import Entry
from hq.console import choices, html
from hq.console.admin_base import ReadOnlyAdmin
from hq.console.deeds import ListLook
from hq.rights.models import ROLES


def _whole(_request: HttpRequest) -> dict[str, object]:
    """Whether an entry was taken out or altered."""
    first = services.broken()
    said = _("Every entry is as it was written.") if first is None else _("Not as it was written, from here on:")
    counted = [[_("entries"), Entry.objects.count()], *([[said, first]] if first is not None else [])]
    return {"explained": said, "table": html.table(["", ""], counted, amounts=(1,)), "spans": []}


@admin.register(Entry)
class EntryAdmin(choices.StoreNamed, ReadOnlyAdmin):
    """Everything that was done in the console, the latest first."""

    fields = ["at", "who", "shown_role", "act", "feature", "key", "shown_store", "told"]
    list_display = ["at", "who", "shown_role", "act", "feature", "key", "shown_store"]
    list_filter: ClassVar[list[Any]] = ["act", "role", choices.StoreFilter, "at"]
    search_fields: ClassVar[list[str]] = ["who__exact", "key__exact", "feature__startswith"]
    search_help_text = gettext_lazy("The name of an operator, the id of a row, or a feature such as orders.order")
    ordering = ["-id"]
    paginator = choices.Newest
    list_deeds = [ListLook("whole", gettext_lazy("Is the log whole?"), "console/counted.html", _whole)]

    @admin.display(description=gettext_lazy("role"), ordering="role")
    def shown_role(self, entry: Entry) -> str:
        """What they were to HQ then."""
        return str(dict(ROLES).get(entry.role, "—"))
