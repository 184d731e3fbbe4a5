"""Running parked operations again from the console, once what they wait for is there."""

from __future__ import annotations

import logging
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hq.console.deeds import Deed, Done, ListDeed, log_without_name
from hq.console.trade_words import said
from hq.database import statements
from hq.ledger.port import Transient
from hq.protocol.models import OpLog
from hq.sync_api import directory

_log = logging.getLogger(__name__)
_LABEL = gettext_lazy("Run again")


def entry_of(op_id: str) -> OpLog | None:
    """The operation's entry in the log of the store by which it is known; None where there is none."""
    try:
        asked = UUID(op_id)
    except ValueError:
        return None
    known = statements.rows("SELECT store_id FROM op_directory WHERE op_id = %s", (asked,))
    return OpLog.objects.filter(op_id=asked, store_id=known[0][0]).first() if known else None


def can_run(entry: OpLog) -> bool:
    """Whether the operation waits and is of a form that can be run at all."""
    return entry.status == "parked" and entry.kind != ""


def _one(entry: OpLog, _request: HttpRequest) -> Done:
    try:
        directory.replay_parked({str(entry.op_id)})
    except Transient:
        return _busy()
    became = entry_of(str(entry.op_id)) or entry
    if became.status == "parked":
        return Done(_("It still waits: {why}.").format(why=said("code", became.code)))
    return Done(
        _("It was run: {became}. Its tablet hears of it at its next sync.").format(became=said("status", became.status))
    )


def _all(request: HttpRequest) -> Done:
    waited = _waiting()
    try:
        done = directory.replay_parked(waited)
    except Transient:
        _logged(request, waited - _waiting())
        return _busy()
    _logged(request, waited)
    return Done(_("{done} done, {waiting} still waiting").format(done=done.done, waiting=done.waiting))


def _waiting() -> set[str]:
    waits = OpLog.objects.filter(status="parked").exclude(kind="")
    return {str(op_id) for op_id in waits.values_list("op_id", flat=True)}


def _logged(request: HttpRequest, op_ids: set[str]) -> None:
    for op_id in sorted(op_ids):
        log_without_name(request, OpLog, op_id, str(_LABEL))


def _busy() -> Done:
    _log.warning("parked operations could not be run again now", exc_info=True)
    return Done(_("The database could not do it now. What was run stays done; try again in a minute."), failed=True)


RUN_AGAIN = Deed(
    "run-again", _LABEL,
    gettext_lazy("HQ runs this operation again. Mend first what it waits for; nothing is ever done twice."),
    _one, can_run, alone=True,
)  # fmt: skip
RUN_ALL_AGAIN = ListDeed(
    "run-all-again", gettext_lazy("Run all that wait again"),
    gettext_lazy("HQ runs every operation that waits again, in order. Mend first what they wait for; nothing is ever"
                 " done twice."),
    _all,
)  # fmt: skip
