"""HQ's own people: Django's users with the role of each, in the theme's forms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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

from hq.rights.guarded import Guarded
from hq.rights.models import Account
from hq.rights.table import Role

if TYPE_CHECKING:
    _UserAdmin = DjangoUserAdmin[User]
    _AccountForm = forms.ModelForm[Account]
else:
    _UserAdmin = DjangoUserAdmin
    _AccountForm = forms.ModelForm

_NEEDED = {Role.REGIONAL: "regions", Role.FRANCHISE: "franchise", Role.STORE: "stores"}

admin.site.index_template = "console/index.html"
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


@admin.register(User)
class UserAdmin(_UserAdmin, Guarded):
    """Everybody who signs in to the console. Who may do everything is made by the command alone."""

    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    inlines = [AccountInline]
    actions = None
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
