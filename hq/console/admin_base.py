"""The admin's pages for HQ's features: every save goes through the feature's service and so reaches the feed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy

from hq.console import choices
from hq.console.deeds import ItemPage, ListDeed, ListLook
from hq.console.refusal import REFUSED, refusal
from hq.rights.guarded import Guarded

if TYPE_CHECKING:
    _ModelForm = forms.ModelForm[Any]
else:
    _ModelForm = forms.ModelForm


class ServiceForm(_ModelForm):
    """A form that knows which version of the row the person had before their eyes, and what its service refused."""

    seen_ver = forms.IntegerField(label="", required=False, widget=forms.HiddenInput)
    refused: ClassVar[str] = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seen_ver"].initial = getattr(self.instance, "ver", None)

    def clean(self) -> dict[str, Any]:
        """Raises ValidationError with the service's refusal."""
        cleaned = super().clean() or {}
        if self.refused:
            raise ValidationError(self.refused)
        return cleaned


class PagesAdmin(Guarded):
    """Its rows and its list have pages besides their form: `deeds`, `list_deeds`. No action goes round them."""

    actions = None
    show_full_result_count = False
    change_form_template = "console/change_form.html"
    change_list_template = "console/change_list.html"
    deeds: ClassVar[Sequence[ItemPage]] = ()
    list_deeds: ClassVar[Sequence[ListDeed | ListLook]] = ()

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> Any:
        """The row's page, with links to its others."""
        context = {"deeds": self._shown_deeds(request, object_id), **(extra_context or {})}
        return super().changeform_view(request, object_id, form_url, context)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """The list, with links to what can be done to all of it."""
        may = [deed for deed in self.list_deeds if deed.may(self, request)]
        shown = [{"url": f"admin:{self._deed_url(deed)}", "label": deed.label} for deed in may]
        return super().changelist_view(request, {"list_deeds": shown, **(extra_context or {})})

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        rows = [
            path(f"<path:object_id>/{deed.name}/", wrap(partial(self._deed_page, deed)), name=self._deed_url(deed))
            for deed in self.deeds
        ]
        lists = [
            path(f"{deed.name}/", wrap(partial(self._list_deed_page, deed)), name=self._deed_url(deed))
            for deed in self.list_deeds
        ]
        return [*lists, *rows, *super().get_urls()]

    def _deed_page(self, deed: ItemPage, request: HttpRequest, object_id: str) -> HttpResponse:
        return deed.page(self, request, object_id)

    def _list_deed_page(self, deed: ListDeed | ListLook, request: HttpRequest) -> HttpResponse:
        return deed.page(self, request)

    def _deed_url(self, deed: ItemPage | ListDeed | ListLook) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{deed.name}"

    def _shown_deeds(self, request: HttpRequest, object_id: str | None) -> list[dict[str, object]]:
        if object_id is None or not self.deeds:
            return []
        item = self.get_object(request, object_id)
        return [
            {"url": f"admin:{self._deed_url(deed)}", "label": deed.label}
            for deed in self.deeds
            if item is not None and deed.fits(item) and deed.may(self, request)
        ]


class ReadOnlyAdmin(PagesAdmin):
    """Looks, and changes nothing by a form."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class ListOnlyAdmin(choices.StoreNamed, ReadOnlyAdmin):
    """A list whose rows have no page of their own: their key is of several columns."""

    list_display_links = None


class ServiceAdmin(PagesAdmin):
    """Saves through `save_through`; there is no action that goes round it. `deletable`: whoever has the right to may
    delete rows, by `delete_model`."""

    deletable: ClassVar[bool] = False
    form = ServiceForm
    warn_unsaved_form = True

    def save_through(self, item: Any, form: Any, seen: int | None) -> None:
        """Saves the row by its feature's service."""
        raise NotImplementedError

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        self.save_through(obj, form, form.cleaned_data.get("seen_ver") if change else None)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.deletable and super().has_delete_permission(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        for item in queryset:
            self.delete_model(request, item)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.refused = getattr(request, "refused", "")
        return form

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        if all("seen_ver" not in options["fields"] for _name, options in fieldsets):
            return [*fieldsets, (None, {"fields": ["seen_ver"], "classes": ["hidden"]})]
        return fieldsets

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> Any:
        """The page; what the service refuses is said on it, with all that was typed."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except REFUSED as error:
            vars(request)["refused"] = refusal(error)
            return super().changeform_view(request, object_id, form_url, extra_context)

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> Any:
        """Asks, and deletes; what the service refuses is said on the question's page."""
        try:
            return super().delete_view(request, object_id, extra_context)
        except REFUSED as error:
            self.message_user(request, refusal(error), messages.ERROR)
            return HttpResponseRedirect(request.path)


class ScopedAdmin(ServiceAdmin):
    """Rows of the chain or of a region: that is chosen once, in the form's field `scope`."""

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        if "scope" in form.base_fields:
            form.base_fields["scope"].disabled = obj is not None  # rows never change their scope
        return form

    @admin.display(description=gettext_lazy("for"))
    def shown_scope(self, item: Any) -> str:
        """The name of the scope."""
        return choices.scope_name(item.scope)
