"""Templates of messages as HQ changes them."""

from __future__ import annotations

from guide_app.domain import messages
from guide_app.domain.errors import BadInput
from hq.message_templates.mapping import MESSAGE_TEMPLATE
from hq.message_templates.models import MessageTemplate
from hq.protocol import saving
from hq.protocol.models import CHAIN_STORE_ID


def save_template(item: MessageTemplate, seen: int | None = None) -> None:
    """Saves a template and publishes it; `seen` as in `saving.save`. Raises BadInput("variable_unknown") for a text
    that no tablet could fill, Refused("changed_meanwhile").
    """
    if messages.faults(item.text_en) or messages.faults(item.text_zh):
        raise BadInput("variable_unknown")
    record = MESSAGE_TEMPLATE.to_record(item)
    saving.save(MESSAGE_TEMPLATE, CHAIN_STORE_ID, {str(item.id): record}, scope=item.scope, seen=seen)


def delete_template(item: MessageTemplate) -> None:
    """Deletes a template; what was sent with it stays logged."""
    saving.delete(MESSAGE_TEMPLATE, CHAIN_STORE_ID, [str(item.id)])
