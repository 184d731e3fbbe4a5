"""HQ's own people: Django's users with the role of each, in the theme's forms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group, User
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import StackedInline
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from hq.console.admin_base import PagesAdmin
from hq.console.deeds import Deed, Done
from hq.rights.models import Account
from hq.rights.table import Role
from hq.two_factor import pages, services

if TYPE_CHECKING:
    _UserAdmin = DjangoUserAdmin[User]
    _AccountForm = forms.ModelForm[Account]
else:
    _UserAdmin = DjangoUserAdmin
    _AccountForm = forms.ModelForm

_NEEDED = {Role.REGIONAL: "regions", Role.FRANCHISE: "franchise", Role.STORE: "stores"}

admin.site.index_template = "console/index.html"
vars(admin.site)["extra_urls"] = pages.addresses
admin.site.unregister(User)
admin.site.unregister(Group)


class AccountForm(_AccountForm):
    """A role with what it needs."""

    def clean(self) -> dict[str, Any]:
        """Raises ValidationError for a role over nothing: that would be a mistake."""
        told = super().clean() or self.cleaned_data
        needed = _NEEDED.get(Role(told["role"])) if told.get("role") else None
        if needed and not told.get(needed):
            raise ValidationError({needed: _("This role needs one.")})
        return told


class AccountInline(StackedInline):
    """Somebody's role and its reach."""

    model = Account
    form = AccountForm
    can_delete = True
    verbose_name = gettext_lazy("role")
    verbose_name_plural = gettext_lazy("role")


def _reset_two_factor(user: Any, request: HttpRequest) -> Done:
    by = cast(User, request.user)
    if user.pk == by.pk:
        return Done(_("Another operator does this for you."), failed=True)
    if user.is_superuser and not by.is_superuser:
        return Done(_("This is for somebody who may do everything, or for the command line."), failed=True)
    services.reset(user, by)
    return Done(_("Done. They were signed out, and set up two-factor sign-in when they sign in next."))


RESET_TWO_FACTOR = Deed(
    "reset-two-factor",
    gettext_lazy("Reset the second factor"),
    gettext_lazy(
        "Their authenticator app and recovery codes count no more, they are signed out everywhere, and their next"
        " sign-in sets up a new app. Do it only when you know that it is they who ask."
    ),
    _reset_two_factor,
    fits=services.has,
)


@admin.register(User)
class UserAdmin(_UserAdmin, PagesAdmin):
    """Everybody who signs in to the console. Who may do everything is made by the command alone."""

    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    inlines = [AccountInline]
    deeds = [RESET_TWO_FACTOR]
    filter_horizontal = ()
    list_display = ("username", "first_name", "last_name", "shown_role", "is_active")
    list_filter = ("is_active",)
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (gettext_lazy("Person"), {"fields": ("first_name", "last_name", "email")}),
        (gettext_lazy("Rights"), {"fields": ("is_active", "is_staff")}),
    )

    @admin.display(description=gettext_lazy("role"))
    def shown_role(self, user: User) -> str:
        """What they are to HQ."""
        account = Account.objects.filter(user=user).first()
        return str(account or (_("HQ operator") if user.is_superuser else _("none")))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody but one of them changes somebody who may do everything, nor takes their password."""
        above = obj is not None and obj.is_superuser and not request.user.is_superuser
        return not above and super().has_change_permission(request, obj)
