"""Whether a phone is probably a member's elsewhere in the chain, asked of a small set that holds no phone.

A phone is hashed twice. Its *name* is the first `width` bits of its keyed hash under the chain's `salt`: so many phones
share each name that a name tells little, and all stores' sets are made of the same names. Its *fingerprint* in one
store's set is the name's keyed hash under the store's own `key`. Both hashes are BLAKE2b (RFC 7693). Cutting the names
first is what bounds the harm: phones that are nobody's and share a member's name are in every store's set, whatever its
key, so whoever has several sets cannot sift them out (docs/radar.md has the figures).

The fingerprints of a set of n names are spread evenly below n · 2^rest and stand in buckets of 128, each a Golomb-coded
set (F. Putze, P. Sanders, J. Singler, "Cache-, Hash- and Space-Efficient Bloom Filters", 2007): the differences of the
sorted fingerprints in Golomb-Rice code, the quotient by 2^rest in unary (ones, then a zero), the rest in `rest` bits;
ones fill the last byte. A question reads one bucket.
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated

from msgspec import Meta, Struct

from guide_app.domain.errors import BadInput

PER_BUCKET = 128
"""Fingerprints of a bucket, in the mean."""
KEY_BYTES = 32
LEAST_BITS, MOST_BITS = 4, 12
_HASH_BITS = 64
_ROOM = 1 << _HASH_BITS


class Terms(Struct, frozen=True, kw_only=True):
    """What a set is to be asked with. `count`: its names; of `salt` and `key` each tablet of the store has both."""

    count: Annotated[int, Meta(ge=0, lt=1 << 40)]
    width: Annotated[int, Meta(ge=1, le=_HASH_BITS)]
    rest: Annotated[int, Meta(ge=LEAST_BITS, le=MOST_BITS)]
    salt: Annotated[bytes, Meta(min_length=KEY_BYTES, max_length=KEY_BYTES)]
    key: Annotated[bytes, Meta(min_length=KEY_BYTES, max_length=KEY_BYTES)]

    @property
    def buckets(self) -> int:
        """How many buckets the set has."""
        return -(-self.count // PER_BUCKET)

    def place(self, phone: str) -> tuple[int, int]:
        """The bucket of a phone (E.164), and what stands for the phone in it; of a set that has any."""
        (name,) = names([phone], self.salt)
        (found,) = _fingerprints([name >> (_HASH_BITS - self.width)], self)
        return divmod(found, PER_BUCKET << self.rest)

    def has(self, bucket: bytes, mark: int) -> bool:
        """Whether the bucket has what stands for a phone. Raises BadInput("radar_invalid") for a damaged bucket."""
        try:
            for value in _unpacked(bucket, self.rest):
                if value >= mark:
                    return value == mark
        except ValueError:
            raise BadInput("radar_invalid") from None
        return False


class RadarSet(Struct, frozen=True):
    """A whole set."""

    terms: Terms
    buckets: Sequence[bytes]

    def may_have(self, phone: str) -> bool:
        """Whether a phone (E.164) is probably in the set; one that is in it always is."""
        if not self.terms.count:
            return False
        place, mark = self.terms.place(phone)
        return self.terms.has(self.buckets[place], mark)

    @property
    def version(self) -> str:
        """SHA-256 of all of it: its name, and by which it is known to be whole."""
        terms = self.terms
        told = hashlib.sha256(f"{terms.count} {terms.width} {terms.rest} ".encode() + terms.salt + terms.key)
        for bucket in self.buckets:
            told.update(len(bucket).to_bytes(4, "big") + bucket)
        return told.hexdigest()


def names(phones: Iterable[str], salt: bytes) -> array[int]:
    """The names of phones (E.164) at their full length, sorted; made once for all stores."""
    hashing = hashlib.blake2b(key=salt, digest_size=8, person=b"sg radar name")
    return array("Q", sorted(_digests((phone.encode() for phone in phones), hashing)))


def made(known: Sequence[int], salt: bytes, key: bytes, bits: int) -> RadarSet:
    """The set of these (`names`, sorted) under a store's key; of 2^bits strangers it takes 1.5 to 2 for members."""
    width = min(_HASH_BITS, max(len(known) - 1, 1).bit_length() + bits)
    cut = _HASH_BITS - width
    short = sorted({name >> cut for name in known})
    terms = Terms(count=len(short), width=width, rest=bits, salt=salt, key=key)
    return RadarSet(terms, _packed(sorted(set(_fingerprints(short, terms))), terms))


def _fingerprints(short: Iterable[int], terms: Terms) -> Iterator[int]:
    """Evenly spread below count · 2^rest."""
    hashing = hashlib.blake2b(key=terms.key, digest_size=8, person=b"sg radar set")
    room = terms.count << terms.rest
    return (digest * room >> _HASH_BITS for digest in _digests((name.to_bytes(8, "big") for name in short), hashing))


def _digests(texts: Iterable[bytes], hashing: hashlib.blake2b) -> Iterator[int]:
    for text in texts:
        one = hashing.copy()
        one.update(text)
        yield int.from_bytes(one.digest(), "big")


def _packed(found: Sequence[int], terms: Terms) -> list[bytes]:
    """The buckets, those that are empty too."""
    wide, rests = PER_BUCKET << terms.rest, [f"{rest:0{terms.rest + 1}b}" for rest in range(1 << terms.rest)]
    parts: list[list[int]] = [[] for _ in range(terms.buckets)]
    for value in found:
        parts[value // wide].append(value % wide)
    return [_bucket(part, rests) for part in parts]


def _bucket(values: Sequence[int], rests: Sequence[str]) -> bytes:
    """`rests`: a zero and the rest in bits, of each rest."""
    steps = [value - before for before, value in zip((0, *values), values, strict=False)]
    bits = "".join(["1" * (step // len(rests)) + rests[step % len(rests)] for step in steps])
    bits += "1" * (-len(bits) % 8)
    return int("1" + bits, 2).to_bytes(len(bits) // 8 + 1, "big")[1:]


def _unpacked(bucket: bytes, rest: int) -> Iterator[int]:
    """Raises ValueError where it is cut off."""
    bits = bin(int.from_bytes(b"\1" + bucket, "big"))[3:]
    at = value = 0
    while (end := bits.find("0", at)) >= 0:
        if end + rest >= len(bits):
            raise ValueError("cut off")
        value += (end - at << rest) + int(bits[end + 1 : end + 1 + rest], 2)
        yield value
        at = end + 1 + rest
