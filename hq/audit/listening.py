"""What is noted by itself: Django's own history, in the transaction of the change; sign-ins; refused rights."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry
from django.contrib.auth.models import User
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.db.models.signals import post_save

from hq.audit.models import Act
from hq.audit.services import Told, note
from hq.rights import gate, reach
from hq.stores.models import Store

_ABOUT_PEOPLE = {
    "cards", "joining", "leases", "members", "orders", "payments", "points", "privacy", "quotations", "tags", "talks",
}  # fmt: skip
"""Apps whose rows are somebody's. No entry can be taken out when they are erased, so none holds a word about them."""
_ACTS = {ADDITION: Act.ADDED, CHANGE: Act.CHANGED, DELETION: Act.DELETED}


def begin() -> None:
    """Connects the listeners, once for each process."""
    post_save.connect(_changed, sender=LogEntry, dispatch_uid="audit")
    user_logged_in.connect(_signed_in, dispatch_uid="audit")
    user_logged_out.connect(_signed_out, dispatch_uid="audit")
    user_login_failed.connect(_wrong, dispatch_uid="audit")
    gate.refused.connect(_refused, dispatch_uid="audit")


def _changed(instance: LogEntry, *, created: bool, **_: Any) -> None:
    if not created:
        return
    kind = instance.content_type_id
    model = ContentType.objects.get_for_id(kind).model_class() if kind else None
    row = model._base_manager.filter(pk=instance.object_id).first() if model else None
    label = model._meta.label_lower if model else ""
    note(_by(instance.user, _ACTS[instance.action_flag])._replace(
        feature=label, key=str(instance.object_id), store_id=_store(row), told=_told(model, instance.change_message)
    ))  # fmt: skip


def _told(model: type[Model] | None, message: str) -> str:
    """What was said of the change; of a person's row the deed's own name, or the names of the fields, alone."""
    if model is None or model._meta.app_label not in _ABOUT_PEOPLE:
        return message
    deed = message.partition(": ")[0]
    if deed in {str(one.label) for one in getattr(admin.site._registry.get(model), "deeds", ())}:
        return deed
    try:
        parts = json.loads(message or "[]")
        fields = [name for part in parts for one in part.values() for name in one.get("fields", ())]
    except (ValueError, AttributeError, TypeError):
        return ""
    return ", ".join(str(name) for name in fields)


def _store(row: Any) -> UUID | None:
    found = row.pk if isinstance(row, Store) else getattr(row, "store_id", None)
    return found if isinstance(found, UUID) else None


def _by(user: Any, act: Act) -> Told:
    role = reach.of(user).role
    return Told(act, user.get_username(), role.value if role else "")


def _signed_in(user: Any, **_: Any) -> None:
    note(_by(user, Act.SIGNED_IN))


def _signed_out(user: Any, **_: Any) -> None:
    if user is not None and user.is_authenticated:
        note(_by(user, Act.SIGNED_OUT))


def _wrong(credentials: dict[str, Any], **_: Any) -> None:
    """Names nobody whom HQ does not know: a password is easily typed in the wrong place."""
    typed = str(credentials.get("username", ""))
    known = User.objects.filter(username=typed).values_list("username", flat=True).first()
    note(Told(Act.WRONG, known or ""))


def _refused(user: Any, label: str, what: str, key: str, **_: Any) -> None:
    note(_by(user, Act.REFUSED)._replace(feature=label, key=key[:80], told=what))
