"""What a guide does with material: showing it, having read it, keeping it at hand. Never refused: it has happened."""

from __future__ import annotations

from typing import Annotated, ClassVar, TypeVar

import msgspec

from guide_app.domain.records import MaterialUse, Ref
from guide_app.domain.records.base import Uuid
from guide_app.domain.records.material import use_ref
from guide_app.operations.base import Body, Context, Effect, Operation, Refusal, Snapshot

Version = Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)]


class Told(Body, frozen=True):
    """Of a material, by the guide who does it: the row that holds it is theirs."""

    material: Uuid
    guide_id: Uuid


class Show(Told, frozen=True):
    """This version was shown to a customer."""

    version: Version


class Read(Told, frozen=True):
    """The guide has seen all of this version."""

    version: Version


class Keep(Told, frozen=True):
    """Whether the guide keeps it at hand."""

    favourite: bool


T = TypeVar("T", bound=Told)


class _OfMaterial(Operation[T]):
    """Touches the row of the guide and the material, and nobody else's."""

    def touches(self, body: T) -> tuple[Ref, ...]:
        return (_ref(body),)

    def check(self, body: T, state: Snapshot, context: Context) -> Refusal | None:
        return None if body.guide_id == context.guide_id else Refusal("parked", "body_invalid")


class MaterialShow(_OfMaterial[Show]):
    """A customer saw it; HQ counts each showing."""

    kind: ClassVar[str] = "material.show"
    body = Show

    def effect(self, body: Show, state: Snapshot, context: Context) -> Effect:
        before, at = _before(body, state), context.bounded(context.made_at)
        if at < before.used_at:
            return Effect({})
        return Effect({_ref(body): msgspec.structs.replace(before, shown=body.version, used_at=at)})


class MaterialRead(_OfMaterial[Read]):
    """A guide confirms that they have read it; the newest version counts."""

    kind: ClassVar[str] = "material.read"
    body = Read

    def effect(self, body: Read, state: Snapshot, context: Context) -> Effect:
        before = _before(body, state)
        return Effect({_ref(body): msgspec.structs.replace(before, read=max(before.read, body.version))})


class MaterialKeep(_OfMaterial[Keep]):
    """Keeps it at hand or no longer; the latest by HQ's order stands."""

    kind: ClassVar[str] = "material.keep"
    body = Keep

    def effect(self, body: Keep, state: Snapshot, context: Context) -> Effect:
        return Effect({_ref(body): msgspec.structs.replace(_before(body, state), favourite=body.favourite)})


def _ref(body: Told) -> Ref:
    return use_ref(body.material, body.guide_id)


def _before(body: Told, state: Snapshot) -> MaterialUse:
    empty = MaterialUse(material=body.material, guide_id=body.guide_id)
    return state.get(_ref(body), MaterialUse) or empty
