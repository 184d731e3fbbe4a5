"""Material in the feeds as records and as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import msgspec

from guide_app.domain.records import Material
from hq.materials.models import MaterialPlace
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


MATERIAL = MaterialMapping()
