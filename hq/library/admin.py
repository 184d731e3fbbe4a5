"""Material in the admin: the list, the form with its files, and the deeds from draft to withdrawn."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from hq.console import choices
from hq.console.admin_base import ServiceAdmin
from hq.console.deeds import ListLook
from hq.files import services as files
from hq.files.models import FileUse, StoredFile
from hq.library import became, filters, products, rows, sending
from hq.library.deeds import DEEDS, actor
from hq.library.forms import MaterialForm, reach_of
from hq.materials import services
from hq.materials.models import Material, MaterialVersion
from hq.rights import reach
from hq.stores.models import Store

_WRITTEN = (
    (None, {"fields": ["title_zh", "title_en", "brought", "text_zh", "text_en"]}),
    (gettext_lazy("Whom it is for"), {"fields": ["regions", "franchises", "stores", "roles"]}),
    (gettext_lazy("When"), {"fields": ["valid_from", "valid_until"]}),
    (gettext_lazy("How it is found"), {
        "fields": ["topic_zh", "topic_en", "products", "campaign", "tags", "must_read"],
    }),
    (None, {"fields": ["seen_ver"], "classes": ["hidden"]}),
)  # fmt: skip
_LOOKED_AT = ["shown_title", "shown_state", "shown_kind", "shown_pages", "shown_text", "shown_audience",
              "shown_validity"]  # fmt: skip


class Became(ListLook):
    """What became of material; asked for as a table, it is a file."""

    def page(self, owner: admin.ModelAdmin[Any], request: HttpRequest) -> HttpResponse:
        """The page, or the file."""
        if "csv" not in request.GET:
            return super().page(owner, request)
        if not self.may(owner, request):
            raise PermissionDenied
        return became.as_csv(request)


@admin.register(Material)
class MaterialAdmin(ServiceAdmin):
    """Material, the newest first."""

    form = MaterialForm
    change_form_template = "materials/material.html"
    readonly_fields = _LOOKED_AT
    list_display = ["shown_thumb", "shown_title", "shown_state", "shown_kind", "shown_audience", "shown_validity"]
    list_display_links = ["shown_title"]
    list_filter = [filters.StateFilter, filters.KindFilter, filters.AudienceFilter, filters.ValidityFilter]
    search_fields: ClassVar[list[str]] = ["versions__title_en", "versions__title_zh", "versions__says__campaign"]
    ordering = ["-made_at"]
    deeds = DEEDS
    list_deeds = [Became("became", gettext_lazy("What became of it"), "materials/became.html", became.shown)]

    class Media:
        """The page's own script."""

        js = ("library/uploads.js",)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        writes = self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        return _WRITTEN if writes else [(None, {"fields": _LOOKED_AT})]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.who = request.user.get_username()
        return form

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """The row with its version, which names it."""
        item = super().get_object(request, object_id, from_field)
        if item is not None:
            rows.fill([item])
        return item

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What waits for a second person is not written on; who was writing meanwhile is told so when they save."""
        version = rows.version_of(obj) if obj is not None else None
        held = version is not None and version.state == MaterialVersion.State.IN_REVIEW and request.method != "POST"
        return not held and super().has_change_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        seen, material_id = (form.cleaned_data.get("seen_ver"), str(obj.pk)) if change else (None, "")
        version = services.write(
            form.record, form.reach, by=actor(request.user), material_id=material_id, seen=seen
        )  # fmt: skip
        obj.pk = version.material_id
        rows.fill([obj])

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own = [
            path("goods/", wrap(self._goods), name="materials_material_goods"),
            path("reach/", wrap(self._reach), name="materials_material_reach"),
            path("file/<str:sha256>/", wrap(self._file), name="materials_material_file"),
        ]
        return [*own, *super().get_urls()]

    def _goods(self, request: HttpRequest) -> HttpResponse:
        """Products by a few letters, or one that was chosen."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        chosen = request.GET.get("value", "")
        if products.ID.fullmatch(chosen):
            one = products.called([chosen])[0]
            return TemplateResponse(request, "materials/product.html", {"one": one})
        asked = request.GET.get("q", "")[:60]
        return TemplateResponse(
            request, "materials/products_found.html", {"found": products.found(asked), "asked": asked}
        )

    def _reach(self, request: HttpRequest) -> HttpResponse:
        """How many shops the audience reaches that is ticked in the form."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        names = ("regions", "stores", "franchises")
        told = {name: [one for one in request.POST.getlist(name) if products.ID.fullmatch(one)] for name in names}
        return HttpResponse(rows.reached(reach_of(told)), content_type="text/plain; charset=utf-8")

    def _file(self, request: HttpRequest, sha256: str) -> HttpResponse:
        """A picture or a film of material that whoever asks may see."""
        found = _file_of(sha256, reach.of(request.user).reach)
        if found is None or not sending.shown(found):
            raise Http404
        return sending.sent(request, found)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> Any:
        """Lists whose rows have their version."""
        return choices.pages_with(rows.fill)

    @admin.display(description=gettext_lazy("picture"))
    def shown_thumb(self, item: Material) -> SafeString | str:
        """The first page, small."""
        small = rows.thumbs(rows.said_of(item))
        return _pictured(small[0].sha256) if small else "—"

    @admin.display(description=gettext_lazy("title"))
    def shown_title(self, item: Material) -> str:
        """What it is called."""
        return str(rows.version_of(item) or "—")

    @admin.display(description=gettext_lazy("state"))
    def shown_state(self, item: Material) -> str:
        """How far it is."""
        return rows.state(item)

    @admin.display(description=gettext_lazy("kind"), ordering="kind")
    def shown_kind(self, item: Material) -> str:
        """What it is."""
        return rows.kind(item)

    @admin.display(description=gettext_lazy("for whom"))
    def shown_audience(self, item: Material) -> str:
        """For whom, in numbers."""
        return rows.audience(rows.version_of(item))

    @admin.display(description=gettext_lazy("validity"))
    def shown_validity(self, item: Material) -> str:
        """When it may be shown."""
        record = rows.said_of(item)
        return rows.validity(record) if record else "—"

    @admin.display(description=gettext_lazy("pages"))
    def shown_pages(self, item: Material) -> SafeString | str:
        """All of them, small."""
        small = rows.thumbs(rows.said_of(item))
        return format_html_join(" ", "{}", ((_pictured(one.sha256),) for one in small)) if small else "—"

    @admin.display(description=gettext_lazy("text"))
    def shown_text(self, item: Material) -> str:
        """As it was written, in both languages."""
        record = rows.said_of(item)
        return "\n".join(filter(None, (record.text.zh, record.text.en))) if record and record.text else "—"


def _pictured(sha256: str) -> SafeString:
    address = reverse("admin:materials_material_file", args=[sha256])
    return format_html('<img class="library-thumb" src="{}" alt="">', address)


def _file_of(sha256: str, own: reach.Reach) -> StoredFile | None:
    """Drafts' too for who reaches the chain; for others what stands in their shops' feeds."""
    if own.chain:
        named = FileUse.objects.filter(sha256=sha256, entity__in=("material_version", "material"))
        return StoredFile.objects.filter(sha256=sha256).first() if named.exists() else None
    shops = Store.objects.filter(id__in=own.stores).values_list("scope", flat=True)
    return files.find(sha256, [*own.scopes, *shops])
