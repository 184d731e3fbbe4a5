"""Policies and settings as HQ changes them."""

from __future__ import annotations

from dataclasses import replace

import msgspec
from django.db import transaction

from guide_app.domain.errors import Refused
from guide_app.domain.records import Ref
from hq.policies.mapping import POLICY, SETTINGS
from hq.policies.models import Policy, ScopeSettings
from hq.protocol import rows, saving
from hq.protocol.models import CHAIN_STORE_ID, Scope


def save_policy(policy: Policy, seen: int | None = None) -> None:
    """Saves a new or changed version of a policy. A current one takes the place of the kind's other current ones."""
    with transaction.atomic():
        saving.save(POLICY, CHAIN_STORE_ID, {str(policy.id): POLICY.to_record(policy)}, seen=seen)
        if policy.current:
            others = Policy.objects.filter(kind=policy.kind, current=True).exclude(id=policy.id)
            records = {
                str(other.id): msgspec.structs.replace(POLICY.to_record(other), current=False) for other in others
            }
            saving.save(POLICY, CHAIN_STORE_ID, dict(records))


def save_settings(item: ScopeSettings, seen: int | None = None) -> None:
    """Saves the settings of a scope; `seen` as in `saving.save`. Raises Refused("changed_meanwhile"), and
    msgspec.ValidationError where they are not of the record's form.
    """
    scope = Scope.objects.get(id=item.scope)
    with transaction.atomic():
        before = SETTINGS.load(CHAIN_STORE_ID, [str(item.id)], lock=True).get(str(item.id))
        ver = (before.ver if before else 0) + 1
        if seen is not None and before is not None and before.ver != seen:
            raise Refused("changed_meanwhile", "settings")
        row = rows.Row(Ref("settings", str(item.id)), ver, str(scope.store_id), SETTINGS.to_record(item), item.scope)
        rows.publish([replace(saved, store_id=str(scope.store_id)) for saved in SETTINGS.save([row])])
