"""What HQ's people do with coupons: they issue them to many members at once."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from hq.console.deeds import Deed, Done
from hq.leases import issuing
from hq.promotions.models import Promotion


def _receivers(promotion: Promotion) -> Sequence[tuple[str, str]]:
    return [(name, f"{_said(name)} ({count})") for name, count in issuing.receivers(promotion)]


def _said(name: str) -> str:
    if name == issuing.EVERYBODY:
        return _("all members")
    if name.startswith(issuing.LEVEL):
        return _("members of the level {level}").format(level=name.removeprefix(issuing.LEVEL))
    return _("members with the tag {tag}").format(tag=name.removeprefix(issuing.TAG))


def _issue(promotion: Promotion, request: HttpRequest) -> Done:
    to = request.POST.get("choice", "")
    if to not in {name for name, _count in issuing.receivers(promotion)}:
        return Done(_("Please choose who is to have the coupon."), failed=True)
    count = issuing.issue(promotion, to)
    return Done(ngettext("%(count)d coupon was issued.", "%(count)d coupons were issued.", count) % {"count": count})


ISSUE_COUPONS = Deed(
    "issue",
    gettext_lazy("Issue coupons"),
    gettext_lazy("Each of these members is given one coupon of this version, and nobody a second one."),
    _issue,
    fits=lambda promotion: promotion.kind == "coupon" and promotion.until_moment is None,
    choices=_receivers,
)
