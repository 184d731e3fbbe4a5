"""Somebody's role and its reach. What a role may do stands in `table`, nowhere else."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from hq.rights.table import Role
from hq.stores.models import Franchise, Region, Store

ROLES = [
    (Role.OPERATOR.value, _("HQ operator")), (Role.REVIEWER.value, _("reviewer")),
    (Role.REGIONAL.value, _("regional manager")), (Role.FRANCHISE.value, _("franchise owner")),
    (Role.STORE.value, _("store manager")), (Role.AUDITOR.value, _("auditor")),
]  # fmt: skip


class Account(models.Model):
    """The role of one of HQ's users, and over what: who has none may do nothing."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="account")
    role = models.CharField(_("role"), max_length=1, choices=ROLES)
    regions = models.ManyToManyField(
        Region, verbose_name=_("regions"), blank=True, related_name="+",
        help_text=_("Of a regional manager; of a reviewer or auditor who is not to see the whole chain."),
    )  # fmt: skip
    franchise = models.ForeignKey(
        Franchise, verbose_name=_("franchise"), null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        help_text=_("Of a franchise owner."),
    )  # fmt: skip
    stores = models.ManyToManyField(
        Store, verbose_name=_("stores"), blank=True, related_name="+", help_text=_("Of a store manager.")
    )

    class Meta:
        db_table = "rights_account"
        verbose_name = _("role")
        verbose_name_plural = _("roles")

    def __str__(self) -> str:
        return str(self.get_role_display())
