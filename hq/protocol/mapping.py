"""How an aggregate stands in its feature's tables. Each feature writes `to_record` and `from_record`; the rest is here.

`feed.data == encode(to_record(row))` holds for every row: what is published is what was read back from the models.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from functools import cached_property
from itertools import islice
from typing import ClassVar, Generic, TypeVar

from django.db.models import Model

from guide_app.domain.errors import Defect
from guide_app.domain.records import Record, Ref
from hq.database import statements
from hq.database.table import Table
from hq.protocol.models import CHAIN_STORE_ID
from hq.protocol.rows import Row

M = TypeVar("M", bound=Model)
P = TypeVar("P", bound=Model)
R = TypeVar("R", bound=Record)
_CHUNK = 2000


class Mapping(ABC, Generic[M, R]):
    """The tables of one entity."""

    entity: ClassVar[str]
    kind: type[R]
    model: type[M]
    id_field: ClassVar[str] = "id"
    in_store: ClassVar[bool] = True
    """Whether rows belong to a store; those of a region or the chain carry the reserved store id."""

    each_stores: ClassVar[bool] = False
    """Whether a row's id is another entity's, so that each store may have one of that id."""

    @abstractmethod
    def rows(self, items: Sequence[M]) -> list[Row]:
        """The rows that the models stand for."""

    @abstractmethod
    def save(self, rows: Sequence[Row]) -> list[Row]:
        """Inserts or updates the rows with the versions they carry; returns them exactly as they can be derived now.

        Raises IntegrityError where a uniqueness of the tables is hurt, BadInput where a value cannot be kept.
        """

    @cached_property
    def table(self) -> Table[M]:
        """The model's table."""
        return Table(self.model)

    def scope(self, item: M) -> str:
        """The scope of the row where it does not follow from its store."""
        return ""

    def load(self, store_id: str, ids: Collection[str], *, lock: bool = False) -> dict[str, Row]:
        """The rows of these ids in this store, by id; absent ones are left out. `lock`: until the transaction ends.

        Rows of the region or chain are found whatever the store.
        """
        if not ids:
            return {}
        where, named = self.table.any_of(self.id_field, ids)
        values: list[object] = [named]
        if self.in_store:
            # with "=" a planner without statistics takes an index of the store's rows, and passes over them all
            where += f" AND store_id {'=' if self.each_stores else 'IS NOT DISTINCT FROM'} %s::uuid"
            values.append(store_id)
        held = " FOR UPDATE" if lock else ""
        found = self.table.select(f'{where} ORDER BY "{self.id_field}"{held}', values)
        return {row.ref.id: row for row in self.rows(found)}

    def every(self, store_id: str | None = None) -> Iterator[Row]:
        """All rows, of one store or (None) of all: for checks."""
        found = self.model._default_manager.all()
        if self.in_store and store_id is not None:
            found = found.filter(store_id=store_id)
        items = found.iterator(_CHUNK)
        while chunk := list(islice(items, _CHUNK)):
            yield from self.rows(chunk)

    def delete(self, store_id: str, ids: Collection[str]) -> None:
        """Deletes the rows of these ids."""
        found = self.model._default_manager.filter(**{f"{self.id_field}__in": list(ids)})
        (found.filter(store_id=store_id) if self.in_store else found).delete()

    def _row(self, item: M, record: R) -> Row:
        values = vars(item)
        store_id = str(values["store_id"]) if self.in_store else CHAIN_STORE_ID
        return Row(Ref(self.entity, str(values[self.id_field])), values["ver"], store_id, record, self.scope(item))

    def _record(self, row: Row) -> R:
        if not isinstance(row.record, self.kind):
            raise Defect(f"{row.ref.entity} is saved as {self.entity}")
        return row.record


class FlatMapping(Mapping[M, R]):
    """An entity in one table."""

    @abstractmethod
    def to_record(self, item: M) -> R:
        """The record that the model stands for."""

    @abstractmethod
    def from_record(self, row: Row, record: R) -> M:
        """The model that stands for the record; raises BadInput where a value cannot be kept."""

    def rows(self, items: Sequence[M]) -> list[Row]:
        return [self._row(item, self.to_record(item)) for item in items]

    def save(self, rows: Sequence[Row]) -> list[Row]:
        items = [self.from_record(row, self._record(row)) for row in rows]
        self.table.upsert(items)
        return self.rows(items)


class PartsMapping(Mapping[M, R], Generic[M, P, R]):
    """An entity with parts in a table of their own, in the order of their `position`."""

    part: type[P]
    owner_field: ClassVar[str]

    @abstractmethod
    def to_record(self, item: M, parts: Sequence[P]) -> R:
        """The record that the model and its parts stand for."""

    @abstractmethod
    def from_record(self, row: Row, record: R) -> tuple[M, list[P]]:
        """The models that stand for the record; raises BadInput where a value cannot be kept."""

    @cached_property
    def parts(self) -> Table[P]:
        """The parts' table."""
        return Table(self.part)

    def rows(self, items: Sequence[M]) -> list[Row]:
        parts: dict[object, list[P]] = defaultdict(list)
        where, owners = self.parts.any_of(self.owner_field, [str(item.pk) for item in items])
        for part in self.parts.select(f"{where} ORDER BY position", (owners,)) if items else ():
            parts[getattr(part, self.owner_field)].append(part)
        return [self._row(item, self.to_record(item, parts[item.pk])) for item in items]

    def save(self, rows: Sequence[Row]) -> list[Row]:
        pairs = [self.from_record(row, self._record(row)) for row in rows]
        self.table.upsert([item for item, _parts in pairs])
        self._drop_surplus([str(item.pk) for item, _parts in pairs], [len(parts) for _item, parts in pairs])
        self.parts.upsert([part for _item, parts in pairs for part in parts])
        return [self._row(item, self.to_record(item, parts)) for item, parts in pairs]

    def _drop_surplus(self, owners: list[str], kept: list[int]) -> None:
        """Deletes the parts behind those that each owner has now: positions count from 0."""
        where, named = self.parts.any_of(self.owner_field, owners)
        statements.run(
            f"DELETE FROM {self.parts.name} p USING unnest(%s::uuid[], %s::int[]) AS k(owner, kept)"
            f' WHERE p.{where} AND p."{self.owner_field}" = k.owner AND p.position >= k.kept',
            (owners, kept, named),
        )
