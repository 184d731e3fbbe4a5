"""Material in the feeds as records and as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import cast

import msgspec

from guide_app.domain import clock
from guide_app.domain.records import Material, Share
from guide_app.domain.records import MaterialUse as UseRecord
from guide_app.domain.records.share import ShareChannel
from hq.materials import values
from hq.materials.models import MaterialEvent, MaterialPlace, MaterialShare, MaterialUse
from hq.protocol import convert
from hq.protocol.mapping import FlatMapping
from hq.protocol.rows import Row


class MaterialMapping(FlatMapping[MaterialPlace, Material]):
    """The table `material_place`."""

    entity = "material"
    kind = Material
    model = MaterialPlace
    in_store = False

    def scope(self, item: MaterialPlace) -> str:
        return item.scope

    def rows(self, items: Sequence[MaterialPlace]) -> list[Row]:
        """Rows of a shop's own scope stand under the shop."""
        return [replace(row, store_id=str(item.store_id)) for row, item in zip(super().rows(items), items, strict=True)]

    def to_record(self, item: MaterialPlace) -> Material:
        return msgspec.convert(convert.ordered(item.record), Material)

    def from_record(self, row: Row, record: Material) -> MaterialPlace:
        return MaterialPlace(
            id=row.ref.id, ver=row.ver, store_id=convert.reference(row.store_id), scope=row.scope,
            material=convert.reference(record.material), record=msgspec.to_builtins(record),
        )  # fmt: skip


class MaterialUseMapping(FlatMapping[MaterialUse, UseRecord]):
    """The table `material_use`; a row's id follows from guide and material, once in each store where they work."""

    entity = "material_use"
    kind = UseRecord
    model = MaterialUse
    id_field = "use_id"
    each_stores = True

    def to_record(self, item: MaterialUse) -> UseRecord:
        return UseRecord(
            material=convert.id_text(item.material), guide_id=convert.id_text(item.guide_id), favourite=item.favourite,
            read=item.read, shown=item.shown, used_at=convert.moment_text(item.used_at),
        )  # fmt: skip

    def from_record(self, row: Row, record: UseRecord) -> MaterialUse:
        return MaterialUse(
            store_id=row.store_id, use_id=row.ref.id, ver=row.ver, material=convert.reference(record.material),
            guide_id=convert.reference(record.guide_id), favourite=record.favourite, read=record.read,
            shown=record.shown, used_at=convert.moment(record.used_at),
        )  # fmt: skip


class ShareMapping(FlatMapping[MaterialShare, Share]):
    """The table `material_share`."""

    entity = "share"
    kind = Share
    model = MaterialShare

    def to_record(self, item: MaterialShare) -> Share:
        return Share(
            material=convert.id_text(item.material), version=item.version, guide_id=convert.id_text(item.guide_id),
            channel=cast("ShareChannel", convert.word(item.channel)), member_id=convert.id_text(item.member_id),
            at=convert.moment_text(item.at),
        )  # fmt: skip

    def from_record(self, row: Row, record: Share) -> MaterialShare:
        return MaterialShare(
            id=convert.reference(row.ref.id), store_id=row.store_id, ver=row.ver,
            material=convert.reference(record.material), version=record.version,
            guide_id=convert.reference(record.guide_id), channel=record.channel,
            member_id=convert.id_value(record.member_id), at=clock.from_text(record.at),
        )  # fmt: skip


class MaterialEventMapping(FlatMapping[MaterialEvent, values.MaterialEvent]):
    """The table `material_event`."""

    entity = "material_event"
    kind = values.MaterialEvent
    model = MaterialEvent

    def to_record(self, item: MaterialEvent) -> values.MaterialEvent:
        return values.MaterialEvent(
            material=convert.id_text(item.material), version=item.version, what=item.what,
            at=convert.moment_text(item.at), guide_id=convert.id_text(item.guide_id), scope=item.scope,
        )  # fmt: skip

    def from_record(self, row: Row, record: values.MaterialEvent) -> MaterialEvent:
        return MaterialEvent(
            id=convert.reference(row.ref.id), store_id=row.store_id, ver=row.ver,
            material=convert.reference(record.material), version=record.version, what=record.what,
            at=clock.from_text(record.at), guide_id=convert.reference(record.guide_id), scope=record.scope,
        )  # fmt: skip


USE = MaterialUseMapping()
SHARE = ShareMapping()
EVENT = MaterialEventMapping()
MATERIAL = MaterialMapping()
