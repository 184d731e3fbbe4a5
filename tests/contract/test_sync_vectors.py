"""The worked numbers of the sync contract, which every implementation of either side must reproduce."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from guide_app.domain import radar
from sync.protocol import digest, signature
from sync.protocol.signature import SigningKey
from sync.protocol.structured import InnerList, parse_dictionary


@pytest.fixture(scope="module")
def vectors() -> dict[str, Any]:
    numbers: dict[str, Any] = json.loads((Path(__file__).parent / "sync-vectors.json").read_text(encoding="utf-8"))
    return numbers


def test_signing_gives_the_headers(vectors: dict[str, Any]) -> None:
    key = SigningKey(bytes.fromhex(vectors["private_key_hex"]))
    assert key.public_text == vectors["public_key"]
    expected = vectors["headers"]
    basic = {name: expected[name] for name in ("Guide-Protocol", "Guide-App")}
    made = signature.sign(
        "POST",
        "/v1/sync",
        basic,
        vectors["body"].encode(),
        key=key,
        keyid="00000000-0000-4000-8000-0000000000d1",
        created=1800000000,
        nonce="n1",
    )
    assert made == {name: expected[name] for name in ("Content-Digest", "Signature-Input", "Signature")}


def test_the_signature_base(vectors: dict[str, Any]) -> None:
    parameters = parse_dictionary(vectors["headers"]["Signature-Input"])["sig1"]
    assert isinstance(parameters, InnerList)
    assert (
        signature.signature_base("POST", "/v1/sync", vectors["headers"], parameters).decode()
        == vectors["signature_base"]
    )


def test_the_headers_verify(vectors: dict[str, Any]) -> None:
    public = signature.key_from_text(vectors["public_key"])
    claim = signature.verify(
        "POST", "/v1/sync", vectors["headers"], vectors["body"].encode(), key_of=lambda _: public, now=1800000000.0
    )
    assert claim.keyid == "00000000-0000-4000-8000-0000000000d1"


def test_op_sha(vectors: dict[str, Any]) -> None:
    assert digest.op_sha(**vectors["op"]) == vectors["op_sha"]


def test_row_hashes_buckets_and_digest(vectors: dict[str, Any]) -> None:
    rows = [(entity, row_id, ver) for entity, row_id, ver in vectors["rows"]]
    assert [digest.to_hex(digest.row_hash(*row)) for row in rows] == vectors["row_hashes"]
    assert [digest.bucket(entity, row_id) for entity, row_id, _ in rows] == vectors["buckets"]
    assert digest.ScopeSums(rows).digest == vectors["digest"]


def test_a_radar(vectors: dict[str, Any]) -> None:
    told = vectors["radar"]
    salt, key = bytes.fromhex(told["salt"]), bytes.fromhex(told["key"])
    found = radar.made(radar.names(told["phones"], salt), salt, key, told["bits"])
    assert (found.terms.count, found.terms.width, found.version) == (told["count"], told["width"], told["version"])
    assert [bucket.hex() for bucket in found.buckets] == told["buckets"]
    assert _fingerprints_by_hand(told, salt, key) == {_read_by_hand(told["buckets"][0], told["bits"])}


def _fingerprints_by_hand(told: dict[str, Any], salt: bytes, key: bytes) -> set[tuple[int, ...]]:
    """As the page says it, in its own words."""

    def hashed(text: bytes, secret: bytes, person: bytes) -> int:
        return int(hashlib.blake2b(text, digest_size=8, key=secret, person=person).hexdigest(), 16)

    names = {hashed(phone.encode(), salt, b"sg radar name") >> (64 - told["width"]) for phone in told["phones"]}
    room = len(names) * 2 ** told["bits"]
    return {tuple(sorted(hashed(name.to_bytes(8, "big"), key, b"sg radar set") * room >> 64 for name in names))}


def _read_by_hand(bucket: str, rest: int) -> tuple[int, ...]:
    """The values of a bucket of Golomb-Rice codes."""
    bits, values, last = f"{int(bucket, 16):0{4 * len(bucket)}b}", list[int](), 0
    while "0" in bits:
        ones, _, bits = bits.partition("0")
        last += len(ones) * 2**rest + int(bits[:rest], 2)
        values.append(last)
        bits = bits[rest:]
    return tuple(values)
