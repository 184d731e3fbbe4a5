"""Policies and settings as records and as tables."""

from __future__ import annotations

import msgspec

from guide_app.domain.records import Names
from guide_app.domain.records import Policy as PolicyRecord
from guide_app.domain.records import Settings as SettingsRecord
from hq.policies.models import Policy, ScopeSettings
from hq.protocol.mapping import FlatMapping
from hq.protocol.rows import Row


class PolicyMapping(FlatMapping[Policy, PolicyRecord]):
    """The table `policy`."""

    entity = "policy"
    kind = PolicyRecord
    model = Policy
    in_store = False

    def to_record(self, item: Policy) -> PolicyRecord:
        return PolicyRecord(
            kind=item.kind, version=item.version, title=Names(en=item.title_en, zh=item.title_zh),
            text=Names(en=item.text_en, zh=item.text_zh), required=item.required, position=item.position,
            current=item.current, signed=item.signed,
        )  # fmt: skip

    def from_record(self, row: Row, record: PolicyRecord) -> Policy:
        return Policy(
            id=row.ref.id, ver=row.ver, kind=record.kind, version=record.version, title_en=record.title.en,
            title_zh=record.title.zh, text_en=record.text.en, text_zh=record.text.zh, required=record.required,
            position=record.position, current=record.current, signed=record.signed,
        )  # fmt: skip


class SettingsMapping(FlatMapping[ScopeSettings, SettingsRecord]):
    """The table `scope_settings`."""

    entity = "settings"
    kind = SettingsRecord
    model = ScopeSettings
    in_store = False

    def scope(self, item: ScopeSettings) -> str:
        return item.scope

    def to_record(self, item: ScopeSettings) -> SettingsRecord:
        return msgspec.convert(item.values, SettingsRecord)

    def from_record(self, row: Row, record: SettingsRecord) -> ScopeSettings:
        return ScopeSettings(id=row.ref.id, ver=row.ver, scope=row.scope, values=msgspec.to_builtins(record))


POLICY = PolicyMapping()
SETTINGS = SettingsMapping()
