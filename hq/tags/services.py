"""Tag rules as HQ changes them."""

from __future__ import annotations

from guide_app.domain import rules
from hq.protocol import saving
from hq.protocol.models import CHAIN_STORE_ID
from hq.tags.mapping import TAG_RULE
from hq.tags.models import TagRule


def save_rule(rule: TagRule, seen: int | None = None) -> None:
    """Saves a rule and publishes it; `seen` as in `saving.save`. Raises RuleProblem where it cannot be read,
    Refused("changed_meanwhile").
    """
    rules.parse(rule.expression)
    record = TAG_RULE.to_record(rule)
    saving.save(TAG_RULE, CHAIN_STORE_ID, {str(rule.id): record}, scope=rule.scope, seen=seen)


def delete_rule(rule: TagRule) -> None:
    """Deletes a rule: whom it tagged carries its tag no more."""
    saving.delete(TAG_RULE, CHAIN_STORE_ID, [str(rule.id)])
