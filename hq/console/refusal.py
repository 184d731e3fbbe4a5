"""What the console says where something could not be saved or done."""

from __future__ import annotations

from django.db import IntegrityError
from django.utils.translation import gettext as _

from guide_app.domain.errors import EnvironmentProblem
from hq.console.trade_words import all_said
from hq.ledger.port import Clash, Transient

REFUSED = (EnvironmentProblem, IntegrityError, Transient, Clash)
"""What a service may raise that is nobody's fault: nothing was changed by the transaction that it ended."""


def refusal(error: Exception, *, whole: bool = True) -> str:
    """Why the service did not save, and what to do about it. `whole`: it does everything in one transaction."""
    words = {
        "changed_meanwhile": _("Somebody changed this in the meantime. Open it again and repeat your change."),
        "phone_taken": _("Another member of this store has this phone number."),
        "phone_invalid": _("This is not a phone number. Write it with its country code, such as +86 138 0000 0000."),
        "erased": _("This person's data was erased. Nothing can be written about them again."),
        "variable_unknown": _("The text has a variable that there is none of."),
        "batch_made": _("The cards of this batch were made before."),
        "card_taken": _("This card was sold or handed out before."),
        "card_bound": _("This card is another member's."),
        "not_paid": _("This order is not paid. Nothing of it is sent off or handed over before."),
        "already_shipped": _("The goods have left already: they go no other way."),
        "already_cancelled": _("This order was cancelled."),
        "busy": _("Others are writing the same rows just now. Nothing was changed: try again in a moment.")
        if whole
        else _("Others are writing the same rows just now. Look at what was done, and try again in a moment."),
        "files_failed": _("HQ cannot keep files just now. Its disk may be full: tell who runs HQ."),
        "row_too_large": _("This is too long to be sent to the tablets. Shorten it."),
        **dict(all_said("flaw")),
        **dict(all_said("material")),
    }
    if isinstance(error, (Transient, Clash)):
        return words["busy"]
    if isinstance(error, EnvironmentProblem):
        return words.get(error.code, _("This cannot be saved ({code}).").format(code=error.code))
    return _("Another row has the same number or code. Choose another.")
