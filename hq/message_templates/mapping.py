"""Templates of messages as records and as a table."""

from __future__ import annotations

from typing import cast

from guide_app.domain.records import MessageTemplate as MessageTemplateRecord
from guide_app.domain.records import Names
from guide_app.domain.records.message import MessageChannel
from hq.message_templates.models import MessageTemplate
from hq.protocol.mapping import FlatMapping
from hq.protocol.rows import Row


class MessageTemplateMapping(FlatMapping[MessageTemplate, MessageTemplateRecord]):
    """The table `message_template`."""

    entity = "message_template"
    kind = MessageTemplateRecord
    model = MessageTemplate
    in_store = False

    def scope(self, item: MessageTemplate) -> str:
        return item.scope

    def to_record(self, item: MessageTemplate) -> MessageTemplateRecord:
        return MessageTemplateRecord(
            situation=item.situation, channel=cast("MessageChannel", item.channel),
            title=Names(en=item.title_en, zh=item.title_zh), text=Names(en=item.text_en, zh=item.text_zh),
            position=item.position, active=item.active,
        )  # fmt: skip

    def from_record(self, row: Row, record: MessageTemplateRecord) -> MessageTemplate:
        return MessageTemplate(
            id=row.ref.id, ver=row.ver, scope=row.scope, situation=record.situation, channel=record.channel,
            title_en=record.title.en, title_zh=record.title.zh, text_en=record.text.en, text_zh=record.text.zh,
            position=record.position, active=record.active,
        )  # fmt: skip


MESSAGE_TEMPLATE = MessageTemplateMapping()
