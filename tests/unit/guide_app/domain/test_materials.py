"""What is wrong with a material is found before it is published."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from guide_app.domain import materials
from guide_app.domain.records import Material, MaterialFile, Names
from guide_app.domain.records.base import decode, encode

ID = "0198c0de-0000-7000-8000-000000000001"


def file(role: str, page: int = 0) -> MaterialFile:
    return MaterialFile(sha256=f"{len(role) * 100 + page:064x}", bytes=9, type="image/webp", role=role, page=page)


GOOD = Material(
    material=ID, version=1, kind="image", title=Names(en="Winter skin", zh="冬季护肤三步"),
    files=(file("page", 1), file("page", 2), file("thumb", 1), file("thumb", 2)),
)  # fmt: skip


@pytest.mark.parametrize(
    ("said", "flaw"),
    [
        ({}, ""),
        ({"kind": "hologram"}, "material_kind"),
        ({"title": Names(en="Winter")}, "material_title"),
        ({"title": Names(en="Winter", zh="  ")}, "material_title"),
        ({"valid_from": "2026-12-01T00:00:00.000Z", "valid_until": "2026-12-01T00:00:00.000Z"}, "material_validity"),
        ({"roles": ("cashier",)}, "material_roles"),
        ({"roles": ("guide", "manager")}, ""),
        ({"text": Names(en="Hello {name}", zh="{name}您好")}, ""),
        ({"text": Names(en="Hello {nmae}", zh="{name}您好")}, "variable_unknown"),
        ({"text": Names(en="x" * 4001, zh="字")}, "material_text_long"),
        ({"files": ()}, "material_files"),
        ({"files": (file("page", 1),)}, "material_files"),
        ({"files": (file("page", 1), file("thumb", 1), file("video"))}, "material_files"),
        ({"files": (file("page", 1), file("page", 3), file("thumb", 1))}, "material_pages"),
        ({"kind": "video", "files": (file("video"), file("poster"), file("thumb", 1))}, ""),
        ({"kind": "video", "files": (file("video"), file("thumb", 1))}, "material_files"),
        ({"kind": "text", "files": ()}, "material_text"),
        ({"kind": "text", "files": (), "text": Names(en="Words", zh="话")}, ""),
        ({"kind": "text", "files": (file("spell", 1),), "text": Names(en="Words", zh="话")}, "material_files"),
    ],
)
def test_a_flaw_is_named(said: dict[str, Any], flaw: str) -> None:
    assert materials.flaw(msgspec.structs.replace(GOOD, **said)) == flaw


def test_a_kind_that_this_version_does_not_know_is_kept_and_not_shown() -> None:
    later = decode(encode(msgspec.structs.replace(GOOD, kind="hologram")), Material)
    assert later.kind == "hologram"
    assert materials.why_not(later, "guide", materials.Moment("2026-11-22T10:00:00.000Z")) == "unknown"


@pytest.mark.parametrize("media_type", ["image/webp\nx", "IMAGE/WEBP", "webp", ""])
def test_a_type_that_could_stand_for_another_line_of_the_signed_list_is_none(media_type: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({**msgspec.to_builtins(file("page", 1)), "type": media_type}, MaterialFile)
