"""What somebody on the line, or with a tablet of their own, may do to a signed request; and what HQ has to answer."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random
from typing import Any

import msgspec

from sync.protocol import codec
from sync.protocol.messages import SyncRequest
from sync.protocol.signature import COVERED, SigningKey, content_digest, signature_base
from sync.protocol.structured import InnerList, Item, serialise_dictionary
from tests.tablet_client import VERSIONS, Tablet

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Letter:
    """A request as it goes out, and what it was signed with, so that it can be signed otherwise."""

    method: str
    target: str
    headers: Headers
    body: bytes
    key: SigningKey
    keyid: str
    created: int
    nonce: str

    def header(self, name: str) -> str:
        return next(value for there, value in self.headers if there.lower() == name.lower())

    def but(self, **changed: str | None) -> Letter:
        """With other headers (underscores for hyphens); None: without."""
        changes = {name.replace("_", "-").lower(): value for name, value in changed.items()}
        kept = [(name, value) for name, value in self.headers if name.lower() not in changes]
        return replace(self, headers=(*kept, *((name, value) for name, value in changes.items() if value is not None)))


def signed(letter: Letter, *, covered: tuple[str, ...] = COVERED, **parameters: Any) -> Letter:
    """The letter signed anew; `parameters` come on top of created, nonce and keyid, None takes one away."""
    given = {"created": letter.created, "nonce": letter.nonce, "keyid": letter.keyid, **parameters}
    params = {name: value for name, value in given.items() if value is not None}
    inner = InnerList(tuple(Item(name) for name in covered), params)
    plain = {name.lower(): value for name, value in letter.headers}
    unrepeated = InnerList(tuple(Item(name) for name in dict.fromkeys(covered)), params)
    signature = letter.key.sign(signature_base(letter.method, letter.target, plain, unrepeated))
    return letter.but(
        signature_input=serialise_dictionary({"sig1": inner}), signature=serialise_dictionary({"sig1": Item(signature)})
    )


def letter_of(tablet: Tablet, op: Any, random: Random) -> Letter:
    """A valid request of the tablet with this operation; packed or not, as it happens."""
    request = SyncRequest(
        incarnation=tablet.incarnation, epoch=tablet.told.epoch, next_seq=tablet.maker.next_seq,
        ops=[msgspec.Raw(codec.encode(op))], after={}, want=0,
    )  # fmt: skip
    encoding = random.choice(("identity", "zstd", "gzip"))
    body = codec.pack(codec.encode(request), codec.parse_encoding(encoding))
    headers = {**VERSIONS, "content-type": "application/json", "content-digest": content_digest(body)}
    if encoding != "identity":
        headers["content-encoding"] = encoding
    letter = Letter(
        "POST", "/v1/sync", tuple(headers.items()), body, tablet.key, tablet.told.device_id, int(time.time()),
        secrets.token_hex(8),
    )  # fmt: skip
    return signed(letter)


Change = Callable[[Letter, Random, Tablet], Letter]


@dataclass(frozen=True)
class Alteration:
    """What is changed, and the answers (status, code) that are right."""

    change: Change
    refused: frozenset[tuple[int, str]]


def _flip(data: bytes, random: Random) -> bytes:
    at = random.randrange(len(data))
    return data[:at] + bytes([data[at] ^ (1 << random.randrange(8))]) + data[at + 1 :]


def _body_flipped(letter: Letter, random: Random, _other: Tablet) -> Letter:
    return replace(letter, body=_flip(letter.body, random))


def _body_cut(letter: Letter, random: Random, _other: Tablet) -> Letter:
    return replace(letter, body=letter.body[: random.randrange(1, len(letter.body))])


def _body_and_digest(letter: Letter, random: Random, _other: Tablet) -> Letter:
    body = _flip(letter.body, random)
    return replace(letter, body=body).but(content_digest=content_digest(body))


def _signature_flipped(letter: Letter, random: Random, _other: Tablet) -> Letter:
    raw = letter.key.sign(b"something else") if random.random() < 0.5 else random.randbytes(64)
    return letter.but(signature=serialise_dictionary({"sig1": Item(raw)}))


def _parameter(name: str, change: Callable[[Letter, Random], str]) -> Change:
    """The parameter's text replaced after signing."""

    def altered(letter: Letter, random: Random, _other: Tablet) -> Letter:
        said = letter.header("signature-input")
        head, _, rest = said.partition(f";{name}=")
        return letter.but(signature_input=f"{head};{name}={change(letter, random)}{rest[_length(rest) :]}")

    return altered


def _length(rest: str) -> int:
    """Of a parameter's value at the beginning of the text."""
    end = rest.find(";")
    return len(rest) if end < 0 else end


def _other_time(letter: Letter, random: Random, _other: Tablet) -> Letter:
    off = random.choice((-1, 1)) * random.randint(310, 10**7)
    return signed(replace(letter, created=letter.created + off))


def _uncovered(letter: Letter, random: Random, _other: Tablet) -> Letter:
    left_out = random.choice(COVERED)
    return signed(letter, covered=tuple(name for name in COVERED if name != left_out))


def _digest_of(letter: Letter, random: Random, _other: Tablet) -> Letter:
    """Signed as it stands: the digest of another body, of no known kind, or none that can be read."""
    wrong = random.choice((content_digest(random.randbytes(9)), "sha-512=:AAAA:", "sha-256=AAAA", "sha-256=::", "?"))
    return signed(letter.but(content_digest=wrong))


def _twice(name: str) -> Change:
    def altered(letter: Letter, _random: Random, _other: Tablet) -> Letter:
        return replace(letter, headers=(*letter.headers, (name, letter.header(name))))

    return altered


def _wrong_encoding(letter: Letter, _random: Random, _other: Tablet) -> Letter:
    said = dict(letter.headers).get("content-encoding")
    return letter.but(content_encoding="zstd" if said == "gzip" else "gzip")


UNSIGNED, COVERAGE, DIGEST = (401, "unsigned"), (401, "coverage"), (401, "digest")
SIGNATURE, CLOCK, UNKNOWN = (401, "signature"), (401, "clock"), (401, "key_unknown")


def _is(change: Change, *refused: tuple[int, str]) -> Alteration:
    return Alteration(change, frozenset(refused))


ALTERATIONS: dict[str, Alteration] = {
    "body: a bit": _is(_body_flipped, DIGEST),
    "body: cut": _is(_body_cut, DIGEST),
    "body: a bit, digest made anew": _is(_body_and_digest, SIGNATURE),
    "body: empty": _is(lambda one, _r, _o: replace(one, body=b""), DIGEST),
    "digest: wrong and signed": _is(_digest_of, DIGEST),
    "digest: left out": _is(lambda one, _r, _o: one.but(content_digest=None), COVERAGE),
    "signature: left out": _is(lambda one, _r, _o: one.but(signature=None), UNSIGNED),
    "signature: another": _is(_signature_flipped, SIGNATURE),
    "signature: not one": _is(lambda one, r, _o: one.but(signature=f"sig1={r.randrange(10**9)}"), COVERAGE),
    "signature: another label": _is(
        lambda one, _r, _o: one.but(signature=one.header("signature").replace("sig1", "sig2", 1)), UNSIGNED
    ),
    "signature input: unreadable": _is(lambda one, _r, _o: one.but(signature_input='sig1=("@method'), UNSIGNED),
    "key: not known to HQ": _is(lambda one, _r, _o: signed(replace(one, keyid=secrets.token_hex(16))), UNKNOWN),
    "key: another one": _is(lambda one, r, _o: signed(replace(one, key=SigningKey(r.randbytes(32)))), SIGNATURE),
    "key: another device's": _is(lambda one, _r, other: signed(replace(one, key=other.key)), SIGNATURE),
    "device: another one's name": _is(
        lambda one, _r, other: signed(replace(one, keyid=other.told.device_id)), SIGNATURE
    ),
    "device: named after signing": _is(
        lambda one, _r, other: one.but(
            signature_input=one.header("signature-input").replace(one.keyid, other.told.device_id)
        ),
        SIGNATURE,
    ),
    "time: too old or not yet": _is(_other_time, CLOCK),
    "time: changed after signing": _is(
        _parameter("created", lambda one, r: str(one.created + r.choice((-1, 1)) * r.randint(1, 250))), SIGNATURE
    ),
    "time: given twice": _is(
        lambda one, _r, _o: one.but(signature_input=f"{one.header('signature-input')};created={one.created - 1}"),
        SIGNATURE,
    ),
    "time: no number": _is(lambda one, r, _o: signed(one, created=str(r.randrange(10**9))), COVERAGE),
    "time: left out": _is(lambda one, _r, _o: signed(one, created=None), COVERAGE),
    "nonce: changed after signing": _is(_parameter("nonce", lambda _one, r: f'"{r.randrange(10**9)}"'), SIGNATURE),
    "nonce: left out": _is(lambda one, _r, _o: signed(one, nonce=None), COVERAGE),
    "nonce: empty": _is(lambda one, _r, _o: signed(one, nonce=""), COVERAGE),
    "nonce: huge": _is(lambda one, r, _o: signed(one, nonce="n" * r.randint(9_000, 20_000)), UNSIGNED),
    "key id: left out": _is(lambda one, _r, _o: signed(one, keyid=None), COVERAGE),
    "algorithm: named": _is(lambda one, _r, _o: signed(one, alg="ed25519"), COVERAGE),
    "component: not covered": _is(_uncovered, COVERAGE),
    "component: covered twice": _is(lambda one, r, _o: signed(one, covered=(*COVERED, r.choice(COVERED))), COVERAGE),
    "header: another app": _is(lambda one, r, _o: one.but(guide_app=f"9.{r.randrange(99)}.0"), SIGNATURE),
    "header: app twice": _is(_twice("guide-app"), SIGNATURE),
    "header: digest twice": _is(_twice("content-digest"), SIGNATURE),
    "header: another protocol": _is(lambda one, _r, _o: one.but(guide_protocol="2"), (426, "protocol_unknown")),
    "header: another type": _is(lambda one, _r, _o: one.but(content_type="text/plain"), (415, "type_unknown")),
    "header: unknown encoding": _is(lambda one, _r, _o: one.but(content_encoding="br"), (415, "encoding_unknown")),
    "header: a wrong encoding": _is(_wrong_encoding, (422, "envelope_invalid")),
    "query: added": _is(lambda one, r, _o: replace(one, target=f"/v1/sync?x={r.randrange(99)}"), SIGNATURE),
    "address: enrol": _is(lambda one, _r, _o: replace(one, target="/v1/enrol"), UNKNOWN, SIGNATURE),
    "address: none": _is(lambda one, _r, _o: replace(one, target="/v1/nothing"), (404, "not_found")),
    "method: PUT": _is(lambda one, _r, _o: replace(one, method="PUT"), (405, "method")),
}
"""Name → what is done. Each alteration of a valid request must be refused, with one of the codes that fit it."""
