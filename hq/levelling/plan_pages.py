"""The page of paid memberships: which are sold, and what each of them gives."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guide_app.domain.records import MembershipPlan
from hq.catalogue.models import Price, Product
from hq.console import html
from hq.levelling import desk, plan_form, words
from hq.levelling.desk import Desk
from hq.levelling.editor import Changed, Editor, Shown
from hq.names import in_language


class _Plans(Editor):
    name = "memberships"
    label = gettext_lazy("Paid memberships")

    def answer(self, at: Desk, request: HttpRequest) -> Shown | Changed:
        code = request.GET.get("plan")
        if code is None:
            return Shown("levelling/plans.html", {"plans": _known(at)})
        of = next((one for one in at.told.memberships if one.code == code), None)
        form = plan_form.PlanForm(at, of, request.POST if request.method == "POST" else None)
        page = Shown("levelling/plan.html", {"form": form, "plan": of})
        if request.method == "POST" and request.POST.get("do") == "remove" and of is not None:
            said = _("The paid membership “{code}” is not sold any more.").format(code=of.code)
            return Changed(plan_form.with_plans(at, (), of.code), said, page)
        if request.method != "POST" or not form.is_valid():
            return page
        plan = form.plan()
        after = plan_form.with_plans(at, [plan], of.code if of else "")
        if wrong := desk.problems(at, after):
            return page._replace(context={**page.context, "problems": wrong})
        return Changed(after, f"{plan.code}: {_said(at, plan)}", page)


def _known(at: Desk) -> list[dict[str, object]]:
    return [
        {
            "code": one.code, "name": in_language(one.names.en, one.names.zh), "said": _said(at, one),
            "fees": _(", ").join(_fees(at, one)) or _("no price list has its price"),
        }
        for one in at.told.memberships
    ]  # fmt: skip


def _said(at: Desk, plan: MembershipPlan) -> str:
    product = Product.objects.filter(id=plan.product_id).first()
    return words.plan(at, plan, str(product) if product else "?")


def _fees(at: Desk, plan: MembershipPlan) -> list[str]:
    """What it costs, by the price lists that have it."""
    amounts = Price.objects.filter(product_id=plan.product_id).values_list("amount", flat=True)
    return [html.amount(amount, at.currency) for amount in sorted(set(amounts))]


PLANS = _Plans()
