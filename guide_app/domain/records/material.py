"""Material: what HQ lends its guides to show, read and hand over. `docs/library.md` says how it comes to be."""

from __future__ import annotations

from typing import Annotated

import msgspec

from guide_app.domain.ids import derived_id
from guide_app.domain.records.base import Instant, Names, Part, Record, Ref, Short, Uuid
from guide_app.domain.records.files import Sha256

MOST_FILES, MOST_TAGS, MOST_PRODUCTS = 900, 20, 100
MediaType = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9]+/[a-z0-9.+-]+\Z", max_length=80)]


class MaterialFile(Part, frozen=True):
    """A file of a material, `bytes` long.

    `role`: "page" (a picture for the whole screen), "thumb" (of the page `page`, for lists), "video", "poster" (what
    stands for a film). `page` counts from 1. One page may come in two sizes, by `width` and `height`. `seconds`: how
    long a film is.
    """

    sha256: Sha256
    bytes: Annotated[int, msgspec.Meta(ge=1)]
    type: MediaType
    role: Short
    page: Annotated[int, msgspec.Meta(ge=0, le=999)] = 0
    width: Annotated[int, msgspec.Meta(ge=0)] = 0
    height: Annotated[int, msgspec.Meta(ge=0)] = 0
    seconds: Annotated[int, msgspec.Meta(ge=0)] = 0


class Material(Record, frozen=True):
    """A material in its newest published version, as the scope that the row stands in has it.

    `material` names it through all versions and scopes. `kind`: image, video, pdf, text; `state`: published or
    withdrawn: then no file is left, and `ended_at` says since when. `text` may hold the placeholders of
    `guide_app.domain.messages`. `products`: product ids. `roles`: which of the shop's people it is for; none: all of
    them. It may be shown from `valid_from` (inclusive) until `valid_until` (exclusive), UTC, empty: open.
    `signature`: HQ's, base64url, over `guide_app.domain.materials.file_list`; `key`: the public key that made it.
    """

    material: Uuid
    version: Annotated[int, msgspec.Meta(ge=1)]
    kind: Short
    title: Names
    state: Short = "published"
    topic: Names = Names()
    text: Names = Names()
    products: Annotated[tuple[Uuid, ...], msgspec.Meta(max_length=MOST_PRODUCTS)] = ()
    campaign: Short = ""
    tags: Annotated[tuple[Short, ...], msgspec.Meta(max_length=MOST_TAGS)] = ()
    must_read: bool = False
    files: Annotated[tuple[MaterialFile, ...], msgspec.Meta(max_length=MOST_FILES)] = ()
    roles: tuple[Short, ...] = ()
    valid_from: Instant = ""
    valid_until: Instant = ""
    published_at: Instant = ""
    ended_at: Instant = ""
    signature: Short = ""
    key: Short = ""


class MaterialUse(Record, frozen=True):
    """What one guide of a store does with a material. `favourite`: they keep it at hand; `read`: the newest version of
    which they said that they have read it, `shown`: that they showed last (0: none); `used_at`: when they did."""

    material: str
    guide_id: str
    favourite: bool = False
    read: int = 0
    shown: int = 0
    used_at: Instant = ""


def use_ref(material: str, guide_id: str) -> Ref:
    """What a guide does with a material: all tablets of the store name the same row."""
    return Ref("material_use", derived_id("material_use", material, guide_id))
