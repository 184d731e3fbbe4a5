"""What one store has of another's: a copy of a row, once in each store that needs it, as JSON until it leaves."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar, TypeVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from guide_app.domain import clock
from guide_app.domain.records import Record, decode, encode
from hq.protocol import convert
from hq.protocol.mapping import FlatMapping
from hq.protocol.rows import Row


class Copy(models.Model):
    """A copy; whose row it is of is a field of each kind, and with `store_id` its key."""

    store_id = models.UUIDField(_("store"))
    ver = models.IntegerField(default=0)
    until = models.DateTimeField(_("until"))
    record = models.TextField()

    class Meta:
        abstract = True


C = TypeVar("C", bound=Copy)
E = TypeVar("E", bound=Record)


class CopyMapping(FlatMapping[C, E]):
    """The table of one kind of copies; `id_field` names the row that they are of."""

    each_stores: ClassVar[bool] = True

    @abstractmethod
    def ends(self, record: E) -> str:
        """When the copy leaves, RFC 3339 UTC."""

    def to_record(self, item: C) -> E:
        return decode(item.record, self.kind)

    def from_record(self, row: Row, record: E) -> C:
        return self.model(
            store_id=row.store_id, ver=row.ver, until=clock.from_text(self.ends(record)),
            record=encode(record).decode(), **{self.id_field: convert.reference(row.ref.id)},
        )  # fmt: skip
