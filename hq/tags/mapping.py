"""Tag rules as records and as a table."""

from __future__ import annotations

from guide_app.domain.records import Names
from guide_app.domain.records import TagRule as TagRuleRecord
from hq.protocol import convert
from hq.protocol.mapping import FlatMapping
from hq.protocol.rows import Row
from hq.tags.models import TagRule


class TagRuleMapping(FlatMapping[TagRule, TagRuleRecord]):
    """The table `tag_rule`."""

    entity = "tag_rule"
    kind = TagRuleRecord
    model = TagRule
    in_store = False

    def scope(self, item: TagRule) -> str:
        return item.scope

    def to_record(self, item: TagRule) -> TagRuleRecord:
        return TagRuleRecord(
            names=Names(en=item.name_en, zh=item.name_zh), tag=item.tag, expression=item.expression,
            active=item.active, valid_from=convert.day_text(item.valid_from) if item.valid_from else "",
            valid_until=convert.day_text(item.valid_until) if item.valid_until else "",
        )  # fmt: skip

    def from_record(self, row: Row, record: TagRuleRecord) -> TagRule:
        return TagRule(
            id=row.ref.id, ver=row.ver, scope=row.scope, name_en=record.names.en, name_zh=record.names.zh,
            tag=record.tag, expression=record.expression, active=record.active,
            valid_from=convert.day(record.valid_from) if record.valid_from else None,
            valid_until=convert.day(record.valid_until) if record.valid_until else None,
        )  # fmt: skip


TAG_RULE = TagRuleMapping()
