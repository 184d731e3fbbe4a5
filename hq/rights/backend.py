"""Django's question whether somebody may, answered by the table."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend

from hq.rights import reach
from hq.rights.table import FEATURES


class TableBackend(ModelBackend):
    """Signs in as Django does; its own permissions of users and groups count for nothing."""

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        """`perm` as Django writes it: app, dot, right, underscore, model."""
        app, _dot, code = perm.partition(".")
        right, _bar, model = code.partition("_")
        return reach.of(user_obj).may(f"{app}.{model}", right, doing=right != "view")

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        """Whether anything of the app may be looked at."""
        person = reach.of(user_obj)
        return any(person.may(label, "view") for label in FEATURES if label.startswith(f"{app_label}."))

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """None that are written down anywhere else."""
        return set()
