"""Templates of messages in the admin: an editor that shows, while one types, what a member would read."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse_lazy
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget

from guide_app.domain.contact import CONSENT_OF
from guide_app.domain.messages import LONGEST
from hq.console import choices
from hq.console.admin_base import ScopedAdmin, ServiceForm
from hq.console.trade_words import said
from hq.message_templates import services, words
from hq.message_templates.models import MessageTemplate
from hq.names import in_language

_PREVIEW = reverse_lazy("admin:message_templates_messagetemplate_preview")


def _text(label: Any) -> forms.CharField:
    """A text that HQ fills with examples while it is typed (htmx)."""
    attrs = {
        "rows": 4, "hx-get": _PREVIEW, "hx-trigger": "load, input changed delay:300ms", "hx-target": "#message-preview",
        "hx-include": "#id_text_zh, #id_text_en", "aria-describedby": "message-preview",
    }  # fmt: skip
    return forms.CharField(label=label, max_length=LONGEST, widget=UnfoldAdminTextareaWidget(attrs=attrs))


class MessageTemplateForm(ServiceForm):
    """A template, refused in words while a tablet could not fill it."""

    scope = choices.scope(gettext_lazy("for"))
    situation = forms.ChoiceField(
        choices=lambda: list(words.SITUATIONS.items()), label=gettext_lazy("situation"), widget=UnfoldAdminSelectWidget
    )
    channel = forms.ChoiceField(
        choices=lambda: [(channel, said("channel", channel)) for channel in CONSENT_OF],
        label=gettext_lazy("channel"), widget=UnfoldAdminSelectWidget,
    )  # fmt: skip
    text_zh = _text(gettext_lazy("text (Chinese)"))
    text_en = _text(gettext_lazy("text (English)"))

    def clean_text_zh(self) -> str:
        """Raises ValidationError with what is wrong and where."""
        return _checked(self.cleaned_data["text_zh"])

    def clean_text_en(self) -> str:
        """Raises ValidationError with what is wrong and where."""
        return _checked(self.cleaned_data["text_en"])


def _checked(text: str) -> str:
    if problem := words.problem(text):
        raise ValidationError(problem)
    return text.strip()


@admin.register(MessageTemplate)
class MessageTemplateAdmin(ScopedAdmin):
    """Messages of the chain or of a region."""

    deletable = True
    form = MessageTemplateForm
    change_form_template = "message_templates/template.html"
    fields = [
        "scope", "situation", "channel", "title_zh", "title_en", "text_zh", "text_en", "position", "active",
    ]  # fmt: skip
    list_display = ["shown_title", "shown_situation", "shown_channel", "shown_scope", "position", "active"]
    list_filter = ["active"]
    search_fields = ["title_en", "title_zh", "text_en", "text_zh"]

    def save_through(self, item: Any, form: Any, seen: int | None) -> None:
        services.save_template(item, seen)

    def delete_model(self, request: HttpRequest, obj: MessageTemplate) -> None:
        services.delete_template(obj)

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> Any:
        """The form, with what may stand in braces."""
        context = {"variables": words.VARIABLES.items(), **(extra_context or {})}
        return super().changeform_view(request, object_id, form_url, context)

    def get_urls(self) -> list[URLPattern]:
        preview = path(
            "preview/", self.admin_site.admin_view(self._preview), name="message_templates_messagetemplate_preview"
        )
        return [preview, *super().get_urls()]

    def _preview(self, request: HttpRequest) -> HttpResponse:
        """Both texts as a member would read them, or what is wrong with them."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        typed = {language: request.GET.get(f"text_{language}", "")[:LONGEST] for language in ("zh", "en")}
        shown = [
            {"language": language, "text": words.example(text, language), "problem": words.problem(text)}
            for language, text in typed.items()
            if text.strip()
        ]
        return TemplateResponse(request, "message_templates/preview.html", {"shown": shown})

    @admin.display(description=gettext_lazy("title"))
    def shown_title(self, item: MessageTemplate) -> str:
        """What the template is called."""
        return in_language(item.title_en, item.title_zh)

    @admin.display(description=gettext_lazy("situation"))
    def shown_situation(self, item: MessageTemplate) -> str:
        """When it is sent."""
        return words.situation(item.situation)

    @admin.display(description=gettext_lazy("channel"))
    def shown_channel(self, item: MessageTemplate) -> str:
        """By which way."""
        return said("channel", item.channel)
