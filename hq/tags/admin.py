"""Tag rules in the admin: an editor that checks while one types, and says whom the rule would hit."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminTextareaWidget

from guide_app.domain import rules
from guide_app.domain.clock import SystemClock
from guide_app.domain.errors import BadInput
from hq.console import choices
from hq.console.admin_base import ScopedAdmin, ServiceForm
from hq.console.trade_words import all_said
from hq.names import in_language
from hq.rights.reach import narrowed
from hq.stores.models import Store
from hq.tags import services, words
from hq.tags.models import TagRule
from hq.tags.preview import Asked, preview

_CHECK = reverse_lazy("admin:tags_tagrule_check")


def _editor() -> UnfoldAdminTextareaWidget:
    """A text that is checked by HQ while it is typed (htmx)."""
    return UnfoldAdminTextareaWidget(
        attrs={
            "rows": 4, "spellcheck": "false", "autocapitalize": "off", "class": "console-rule", "hx-get": _CHECK,
            "hx-trigger": "input changed delay:300ms", "hx-target": "#rule-check", "aria-describedby": "rule-check",
        }
    )  # fmt: skip


class TagRuleForm(ServiceForm):
    """A rule, refused in words while it cannot be read."""

    scope = choices.scope(gettext_lazy("for"))
    expression = forms.CharField(label=gettext_lazy("rule"), max_length=rules.LENGTH, widget=_editor())

    def clean_expression(self) -> str:
        """Raises ValidationError with what is wrong and where."""
        text = str(self.cleaned_data["expression"]).strip()
        try:
            rules.parse(text)
        except rules.RuleProblem as problem:
            raise ValidationError(words.problem(text, problem)) from None
        return text

    def clean(self) -> dict[str, Any]:
        """Raises ValidationError for days that leave the rule no day."""
        cleaned = super().clean()
        begins, ends = cleaned.get("valid_from"), cleaned.get("valid_until")
        if begins and ends and ends <= begins:
            raise ValidationError({"valid_until": _("This day must come after the one from which the rule is valid.")})
        return cleaned


@admin.register(TagRule)
class TagRuleAdmin(ScopedAdmin):
    """Rules that tag members of the chain or of a region."""

    deletable = True
    form = TagRuleForm
    change_form_template = "tags/rule.html"
    fields = ["scope", "tag", "name_zh", "name_en", "active", "valid_from", "valid_until", "expression"]
    list_display = ["tag", "shown_name", "expression", "shown_scope", "active", "valid_from", "valid_until"]
    list_filter = ["active"]
    search_fields = ["tag", "name_en", "name_zh"]

    def save_through(self, item: Any, form: Any, seen: int | None) -> None:
        services.save_rule(item, seen)

    def delete_model(self, request: HttpRequest, obj: TagRule) -> None:
        services.delete_rule(obj)

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> Any:
        """The form, with what may be used in a rule and the stores that it can be tried on."""
        context = {"usable": _usable(), "stores": choices.stores(), **(extra_context or {})}
        return super().changeform_view(request, object_id, form_url, context)

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own = [
            path("check/", wrap(self._check), name="tags_tagrule_check"),
            path("preview/", wrap(self._preview), name="tags_tagrule_preview"),
        ]
        return [*own, *super().get_urls()]

    def _check(self, request: HttpRequest) -> HttpResponse:
        """Whether what was typed so far is a rule."""
        text = self._asked(request).expression
        try:
            rules.parse(text)
        except rules.RuleProblem as problem:
            return TemplateResponse(request, "tags/check.html", {"problem": words.problem(text, problem)})
        return TemplateResponse(request, "tags/check.html", {"problem": ""})

    def _preview(self, request: HttpRequest) -> HttpResponse:
        """The next batch of members, judged; the page asks on by itself."""
        asked = self._asked(request)
        context: dict[str, object] = {"asked": asked, "may_see": request.user.has_perm("members.view_member")}
        try:
            shown = preview(asked, SystemClock(), of=narrowed(Store.objects.all()))
            following = {**asked._asdict(), "after": shown.after, "seen": shown.seen, "hits": shown.hits}
            context |= {"shown": shown, "following": urlencode(following)}
        except rules.RuleProblem as problem:
            context["problem"] = words.problem(asked.expression, problem)
        except BadInput:
            context["problem"] = _("Choose a store that is open.")
        response = TemplateResponse(request, "tags/preview.html", context)
        response.headers["Cache-Control"] = "no-store"
        return response

    def _asked(self, request: HttpRequest) -> Asked:
        if not self.has_view_permission(request):
            raise PermissionDenied
        told = request.GET
        return Asked(
            expression=told.get("expression", "").strip(), store=told.get("store", ""), after=told.get("after", ""),
            seen=_number(told.get("seen", "")), hits=_number(told.get("hits", "")),
        )  # fmt: skip

    @admin.display(description=gettext_lazy("name"))
    def shown_name(self, rule: TagRule) -> str:
        """What the rule is called."""
        return in_language(rule.name_en, rule.name_zh)


def _usable() -> list[tuple[str, words.Usable, list[tuple[str, str]]]]:
    """(name, what it is, the trade's codes with their words)."""
    return [(name, use, all_said(use.area) if use.area else []) for name, use in words.USABLE.items()]


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 12 else 0
