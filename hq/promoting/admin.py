"""Promotions in the admin: an editor that says in words what a promotion does, and the versions that there were."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import msgspec
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hq.console import choices, html
from hq.console.admin_base import ScopedAdmin
from hq.console.deeds import Deed, Done, Look
from hq.console.trade_words import said
from hq.names import in_language
from hq.promoting import currency, goods, history, kinds, trials
from hq.promoting.coupons import ISSUE_COUPONS
from hq.promoting.forms import PromotionForm, form_of
from hq.promoting.trial_admin import TrialAdmin
from hq.promoting.words import Words
from hq.promotions import services
from hq.promotions.mapping import PROMOTION
from hq.promotions.models import Promotion, Trial


class _Standing(admin.SimpleListFilter):
    """Current versions where nothing is chosen."""

    title = gettext_lazy("version")
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("over", gettext_lazy("ended")), ("all", gettext_lazy("all versions"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Promotion]) -> QuerySet[Promotion]:
        if self.value() == "all":
            return queryset
        if self.value() == "over":
            return queryset.exclude(ended_by="")
        return queryset.filter(until_moment=None)


def _say(rows: Iterable[Promotion]) -> None:
    """Gives each row its words as `said`: a few queries for all of them."""
    records = [(row, PROMOTION.to_record(row)) for row in rows]
    called = goods.called(goods.named_in(record for _row, record in records))
    of_scope = {scope: Words(called, currency.of_scope(scope)) for scope in {row.scope for row, _record in records}}
    for row, record in records:
        vars(row)["said"] = of_scope[row.scope].line(record)


def _problems(form: Any) -> list[str]:
    """What is wrong with a form, each with its field."""
    named = ((form.fields[name].label if name in form.fields else "", errors) for name, errors in form.errors.items())
    return [f"{label}: {error}" if label else str(error) for label, errors in named for error in errors]


def _end(item: Promotion, request: HttpRequest) -> Done:
    services.end_promotion(str(item.pk), by=request.user.get_username())
    return Done(_("The promotion is over. Tablets hear of it with their next sync."))


@admin.register(Promotion)
class PromotionAdmin(ScopedAdmin):
    """Promotions of the chain or of a region."""

    form = PromotionForm
    change_form_template = "promotions/promotion.html"
    readonly_fields = ["shown_words", "shown_since"]
    list_display = ["shown_name", "shown_words", "shown_scope", "active", "version", "changed_by", "until_moment"]
    list_filter = [_Standing, "active", "kind"]
    search_fields = ["name_en", "name_zh"]
    deeds = [
        Look("versions", gettext_lazy("Versions"), "promotions/versions.html", lambda item, _: history.shown(item)),
        Deed(
            "end", gettext_lazy("End it now"),
            gettext_lazy("From now on nothing is sold by this promotion. What was sold keeps its price."), _end,
            fits=lambda item: item.until_moment is None,
        ),
        ISSUE_COUPONS,
    ]  # fmt: skip

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        kind = obj.kind if obj else request.GET["kind"]
        return super().get_form(request, obj, change, form=form_of(kind), **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is not None and not self.has_change_permission(request, obj):
            return [(None, {"fields": ["name_zh", "name_en", "shown_words", "version", "shown_since"]})]
        fields = kinds.fieldsets(obj.kind if obj else request.GET["kind"])
        return [*fields, (None, {"fields": ["seen_ver"], "classes": ["hidden"]})]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What a version said is history once it ended; who was changing it meanwhile is told so when they save."""
        over = obj is not None and obj.until_moment is not None and request.method != "POST"
        return not over and super().has_change_permission(request, obj)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> Any:
        """Asks for the kind first."""
        if request.GET.get("kind") in kinds.KINDS:
            return super().add_view(request, form_url, extra_context)
        if not self.has_add_permission(request):
            raise PermissionDenied
        shown = [(kind, said("promotion", kind), one.words) for kind, one in kinds.KINDS.items()]
        context = {**self.admin_site.each_context(request), "opts": self.opts, "title": _("What kind?"), "kinds": shown}
        return TemplateResponse(request, "promotions/kinds.html", context)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        before = str(obj.pk) if change else ""
        scope, by = form.cleaned_data["scope"], request.user.get_username()
        obj.pk = UUID(services.save_promotion(form.record, scope=scope, by=by, before=before))

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own = [
            path("preview/", wrap(self._preview), name="promotions_promotion_preview"),
            path("goods/", wrap(self._goods), name="promotions_promotion_goods"),
            path("try/", wrap(self._try), name="promotions_promotion_try"),
            path("chosen/", wrap(self._chosen), name="promotions_promotion_chosen"),
        ]
        return [*own, *super().get_urls()]

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> Any:
        """The form, with the place where HQ says what it would do."""
        item = self.get_object(request, object_id) if object_id else None
        edited = item is None or self.has_change_permission(request, item)
        asked = urlencode({"kind": item.kind if item else request.GET["kind"], "before": object_id or ""})
        context = {"asked": asked if edited else "", "stores": choices.stores(), **(extra_context or {})}
        return super().changeform_view(request, object_id, form_url, context)

    def _preview(self, request: HttpRequest) -> HttpResponse:
        """What the form says, in both languages, or what is wrong with it."""
        form = self._typed(request)
        said_in: dict[str, str] = {}
        if form.is_valid():
            said_in = Words(goods.called(goods.named_in([form.record])), form.currency).both(form.record)
        return TemplateResponse(request, "promotions/preview.html", {"said": said_in, "problems": _problems(form)})

    def _try(self, request: HttpRequest) -> HttpResponse:
        """Leaves what the form says to be tried, and leads to the trial's page."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        form = self._typed(request)
        if not form.is_valid():
            return TemplateResponse(request, "promotions/preview.html", {"problems": _problems(form)})
        replaced = str(form.instance.of) if form.instance.ver else ""
        says, stores = msgspec.structs.replace(form.record, of=replaced), request.POST.getlist("try_stores")
        trial = trials.ask(says, form.cleaned_data["scope"], stores, by=request.user.get_username())
        response = HttpResponse()
        response.headers["HX-Redirect"] = reverse("admin:promotions_trial_change", args=[trial.pk])
        return response

    def _typed(self, request: HttpRequest) -> Any:
        """The form as it is now."""
        if not self.has_view_permission(request) or request.GET.get("kind") not in kinds.KINDS:
            raise PermissionDenied
        before = request.GET.get("before", "")
        item = self.get_object(request, before) if before else None
        return self.get_form(request, item)(request.POST, instance=item)

    def _goods(self, request: HttpRequest) -> HttpResponse:
        """What may be chosen, by a few letters."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        asked = request.GET.get("q", "")[:60]
        shown = goods.found(asked, brands="brands" in request.GET)
        context = {"found": shown, "asked": asked, "name": request.GET.get("name", "")}
        return TemplateResponse(request, "promotions/goods_found.html", context)

    def _chosen(self, request: HttpRequest) -> HttpResponse:
        """One more that is chosen; nothing where one was taken out. The preview is told."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        value = request.GET.get("value", "")
        if not value:
            response = HttpResponse()
        else:
            field = goods.GoodsField(label="")
            one = goods.called(field.clean([value])).choice(value)
            response = TemplateResponse(
                request, "promotions/goods_chosen.html", {"one": one, "name": request.GET.get("name", "")}
            )
        response.headers["HX-Trigger"] = "goods-changed"
        return response

    @admin.display(description=gettext_lazy("name"), ordering="name_en")
    def shown_name(self, item: Promotion) -> str:
        """What the promotion is called."""
        return in_language(item.name_en, item.name_zh)

    @admin.display(description=gettext_lazy("what it does"))
    def shown_words(self, item: Promotion) -> str:
        """All of it in one line."""
        if not hasattr(item, "said"):
            _say([item])
        return str(vars(item)["said"])

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> Any:
        """Lists whose rows are said in words."""
        return choices.pages_with(_say)

    @admin.display(description=gettext_lazy("current"))
    def shown_since(self, item: Promotion) -> str:
        """From when until when this version was the current one."""
        return f"{html.moment(item.since)} – {html.moment(item.until_moment)}"


admin.site.register(Trial, TrialAdmin)
