"""A tablet takes the files that HQ signed for just this version, and no others."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from guide_app.domain.records import Material, MaterialFile, Names
from sync.protocol import file_lists
from sync.protocol.signature import SigningKey

HQ, STRANGER = SigningKey(b"h" * 32), SigningKey(b"s" * 32)
PAGE = MaterialFile(sha256="a" * 64, bytes=90210, type="image/webp", role="page", page=1)
THUMB = MaterialFile(sha256="b" * 64, bytes=3100, type="image/webp", role="thumb", page=1)
SAID = Material(
    material="0198c0de-0000-7000-8000-000000000001", version=2, kind="image", title=Names(en="Winter", zh="冬"),
    files=(PAGE, THUMB),
)  # fmt: skip
SIGNED = file_lists.sign(HQ, SAID)
change = msgspec.structs.replace


def test_what_hq_signed_is_taken_in_whatever_order_the_files_come() -> None:
    assert file_lists.is_signed(SIGNED, [HQ.public_text])
    assert file_lists.is_signed(change(SIGNED, files=(THUMB, PAGE), title=Names(en="Snow", zh="雪")), [HQ.public_text])


@pytest.mark.parametrize(
    "forged",
    [
        {"files": (change(PAGE, sha256="c" * 64), THUMB)},
        {"files": (change(PAGE, bytes=1), THUMB)},
        {"files": (change(PAGE, type="video/mp4"), THUMB)},
        {"files": (PAGE,)},
        {"files": (PAGE, THUMB, change(THUMB, sha256="d" * 64))},
        {"version": 3},
        {"material": "0198c0de-0000-7000-8000-000000000002"},
        {"signature": ""},
        {"signature": "é"},
        {"signature": "A" * 86},
        {"signature": SIGNED.signature[:-2]},
        {"key": ""},
        {"key": "not a key"},
        {"key": STRANGER.public_text},
    ],
)
def test_anything_else_is_not(forged: dict[str, Any]) -> None:
    assert not file_lists.is_signed(change(SIGNED, **forged), [HQ.public_text, "not a key"])


def test_a_stranger_s_signature_is_none_of_hq_s() -> None:
    theirs = file_lists.sign(STRANGER, SAID)
    assert not file_lists.is_signed(theirs, [HQ.public_text])
    assert not file_lists.is_signed(change(theirs, key=HQ.public_text), [HQ.public_text])
    assert not file_lists.is_signed(SIGNED, [])


def test_what_has_no_files_needs_no_signature() -> None:
    bare = file_lists.sign(HQ, change(SAID, files=()))
    assert (bare.signature, bare.key) == ("", "")
    assert file_lists.is_signed(bare, [])
