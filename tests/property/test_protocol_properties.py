"""Laws of the wire: what is written reads back, and no input whatever raises anything but the protocol's own errors."""

from __future__ import annotations

import json
from contextlib import suppress
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from sync.protocol import codec, digest, messages, signature
from sync.protocol.errors import ProtocolError, SignatureRefused
from sync.protocol.signature import SigningKey
from sync.protocol.structured import FieldInvalid, InnerList, Item, Token, parse_dictionary, serialise_dictionary
from sync.protocol.versions import parse_app

keys = st.from_regex(r"[a-z*][a-z0-9_.*-]{0,8}", fullmatch=True)
bare = st.one_of(
    st.integers(-(10**15) + 1, 10**15 - 1),
    st.integers(-(10**15) + 1, 10**15 - 1).map(lambda n: Decimal(n) / 1000),
    st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E)),
    st.from_regex(r"[A-Za-z*][A-Za-z0-9!#$%&'*+.^_`|~:/-]{0,8}", fullmatch=True).map(Token),
    st.binary(),
    st.booleans(),
)
params = st.dictionaries(keys, bare, max_size=4)
items = st.builds(Item, bare, params)
inner_lists = st.builds(InnerList, st.lists(items, max_size=4).map(tuple), params)


@given(st.dictionaries(keys, items | inner_lists, max_size=4))
def test_structured_fields_read_back(members: dict[str, Item | InnerList]) -> None:
    text = serialise_dictionary(members)
    back = parse_dictionary(text)
    assert back == members
    assert list(back) == list(members)
    assert serialise_dictionary(back) == text


@given(st.text(st.sampled_from('abA01.-*=;,:()"\\? \t?é\n~/'), max_size=40) | st.text(max_size=40))
def test_parsing_raises_only_its_own_error(text: str) -> None:
    with suppress(FieldInvalid):
        parse_dictionary(text)


KEY = SigningKey(bytes(range(32)))
SIGNED_FIELDS = ("signature", "signature-input", "content-digest", "guide-app", "host")


@given(
    st.sampled_from(["GET", "POST"]),
    st.from_regex(r"/[a-z0-9/%.]{0,20}(\?[a-z0-9=&%?]{0,20})?", fullmatch=True),
    st.binary(max_size=200),
    st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), min_size=1), st.integers(0, 10**10),
)  # fmt: skip
def test_what_is_signed_verifies(method: str, target: str, body: bytes, text: str, created: int) -> None:
    basic = {"guide-protocol": "1", "guide-app": "1.0.0"}
    made = signature.sign(method, target, basic, body, key=KEY, keyid=text, created=created, nonce=text)
    claim = signature.verify(method, target, {**basic, **made}, body, key_of=lambda _: KEY.public, now=created)
    assert (claim.keyid, claim.nonce) == (text, text)


@given(
    st.dictionaries(
        st.sampled_from(["signature", "signature-input", "content-digest", "guide-app", "host"]), st.text(max_size=60)
    ),
    st.binary(max_size=9),
)
def test_verifying_raises_only_refusals(headers: dict[str, str], body: bytes) -> None:
    try:
        signature.verify("POST", "/v1/sync", headers, body, key_of=lambda _: KEY.public, now=0)
    except SignatureRefused:
        return
    raise AssertionError("nobody can forge a signature by chance")


@given(st.data())
def test_a_header_changed_anywhere_is_refused(data: st.DataObject) -> None:
    basic = {"guide-protocol": "1", "guide-app": "1.0.0"}
    headers = {**basic, **signature.sign("POST", "/v1/sync", basic, b"x", key=KEY, keyid="d", created=5, nonce="n")}
    name = data.draw(st.sampled_from(["guide-app", "guide-protocol", "Content-Digest", "Signature-Input"]))
    place = data.draw(st.integers(0, len(headers[name]) - 1))
    char = data.draw(st.characters(min_codepoint=0x21, max_codepoint=0x7E).filter(lambda c: c != headers[name][place]))
    headers[name] = headers[name][:place] + char + headers[name][place + 1 :]
    try:
        signature.verify("POST", "/v1/sync", headers, b"x", key_of=lambda _: KEY.public, now=5)
    except SignatureRefused:
        return
    raise AssertionError("an altered header was taken")


@given(st.binary(max_size=3000), st.sampled_from(["zstd", "gzip", "identity"]))
def test_packing_reads_back(plain: bytes, encoding: codec.Encoding) -> None:
    assert codec.unpack(codec.pack(plain, encoding), encoding) == plain


@settings(max_examples=300)
@given(
    st.binary(max_size=200), st.sampled_from(["zstd", "gzip"]), st.integers(0, 200), st.binary(min_size=1, max_size=4)
)
def test_damaged_packs_raise_only_protocol_errors(
    plain: bytes, encoding: codec.Encoding, place: int, junk: bytes
) -> None:
    packed = codec.pack(plain, encoding)
    for damaged in (plain, packed[:place] + junk + packed[place + len(junk) :], packed[:place], packed + junk):
        with suppress(ProtocolError):
            codec.unpack(damaged, encoding, limit=1000)


json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
UUID_TEXT = "00000000-0000-4000-8000-000000000001"
FIELDS = ("seq", "op_id", "kind", "schema_v", "store_id", "guide_id", "made_at", "body", "sha")
GOOD = dict(
    zip(
        FIELDS,
        (1, UUID_TEXT, "talk.log", 1, UUID_TEXT, UUID_TEXT, "2026-11-21T10:00:00.000Z", "{}", "0" * 64),
        strict=True,
    )
)


@given(st.dictionaries(st.sampled_from(FIELDS), json_values, max_size=3), st.booleans())
def test_any_op_is_an_op_an_odd_op_or_a_broken_envelope(over: dict[str, Any], surrogates: bool) -> None:
    request = {"incarnation": UUID_TEXT, "epoch": "e", "next_seq": 9, "ops": [{**GOOD, **over}, {**GOOD, "seq": 2}]}
    try:
        ops = messages.read_request(json.dumps(request, ensure_ascii=surrogates).encode("utf-8", "surrogatepass"))[1]
    except ProtocolError:
        return
    assert len(ops) == 2
    assert isinstance(ops[1], messages.WireOp)


@given(
    st.dictionaries(
        st.sampled_from(["incarnation", "epoch", "next_seq", "ops", "after", "want", "forked_from"]), json_values
    )
)
def test_any_envelope_is_read_or_refused(request: dict[str, Any]) -> None:
    base = {"incarnation": UUID_TEXT, "epoch": "e", "next_seq": 9}
    with suppress(ProtocolError):
        messages.read_request(json.dumps({**base, **request}).encode())


rows = st.dictionaries(
    st.tuples(st.sampled_from(["member", "order"]), st.text(max_size=5)), st.integers(1, 10**6), max_size=20
)


@given(rows, rows)
def test_sums_do_not_depend_on_the_way(before: dict[tuple[str, str], int], after: dict[tuple[str, str], int]) -> None:
    kept = digest.ScopeSums((*key, ver) for key, ver in before.items())
    for key in before.keys() | after.keys():
        kept.move(*key, before.get(key), after.get(key))
    assert kept.texts() == digest.ScopeSums((*key, ver) for key, ver in after.items()).texts()


@given(st.text(max_size=30))
def test_any_version_is_read_or_refused(text: str) -> None:
    with suppress(ProtocolError):
        parse_app(text)
