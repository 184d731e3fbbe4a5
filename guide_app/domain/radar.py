"""Whether a phone is probably a member's elsewhere in the chain, asked of a small set that holds no phone.

A Golomb-coded set (F. Putze, P. Sanders, J. Singler, "Cache-, Hash- and Space-Efficient Bloom Filters", 2007) of keyed
fingerprints: BLAKE2b (RFC 7693) under the store's own key, cut down to log2(n) + 12 bits. So of 4,096 phones that are
nobody's one is taken for a member's, nobody's is ever missed, and a phone costs 13.7 bits. It is cut into buckets of
128 fingerprints, so that a question reads one of them.

    "SGR1" · n (4 bytes) · the length of each bucket in bytes (2 bytes each) · the buckets, all big-endian

In a bucket the differences of the sorted fingerprints stand in Golomb-Rice code: the quotient by 4,096 in unary (ones,
then a zero), the rest in 12 bits; ones fill the last byte.
"""

from __future__ import annotations

import hashlib
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import accumulate

from guide_app.domain.errors import BadInput

REST_BITS = 12
PER_BUCKET = 128
KEY_BYTES = 32
_MAGIC, _HEAD = b"SGR1", 8
_REST = (1 << REST_BITS) - 1
_WIDTH = PER_BUCKET << REST_BITS
"""Fingerprints of one bucket lie below this, counted from its first."""


def build(phones: Iterable[str], key: bytes) -> bytes:
    """The set of these phones (E.164), under a key of 32 bytes."""
    known = set(phones)
    found = sorted({_fingerprint(phone, key, len(known)) for phone in known})
    buckets, at = [], 0
    for number in range(_buckets(len(known))):
        end = bisect_left(found, (number + 1) * _WIDTH, at)
        buckets.append(_packed([value - number * _WIDTH for value in found[at:end]]))
        at = end
    lengths = b"".join(len(bucket).to_bytes(2, "big") for bucket in buckets)
    return b"".join([_MAGIC, len(known).to_bytes(4, "big"), lengths, *buckets])


class Radar:
    """A set as it came, to be asked."""

    def __init__(self, data: bytes, key: bytes) -> None:
        """Raises BadInput("radar_invalid") for what is no such set."""
        self._data, self._key = data, key
        self._size = int.from_bytes(data[4:_HEAD], "big")
        first = _HEAD + 2 * _buckets(self._size)
        if data[:4] != _MAGIC or len(key) != KEY_BYTES or len(data) < first:
            raise BadInput("radar_invalid")
        lengths = (int.from_bytes(data[at : at + 2], "big") for at in range(_HEAD, first, 2))
        self._ends = array("L", accumulate(lengths, initial=first))
        if self._ends[-1] != len(data):
            raise BadInput("radar_invalid")

    def may_have(self, phone: str) -> bool:
        """Whether a phone (E.164) is probably in the set; one that is in it always is."""
        if not self._size:
            return False
        bucket, wanted = divmod(_fingerprint(phone, self._key, self._size), _WIDTH)
        for value in _unpacked(self._data[self._ends[bucket] : self._ends[bucket + 1]]):
            if value >= wanted:
                return value == wanted
        return False


def _fingerprint(phone: str, key: bytes, size: int) -> int:
    """Evenly spread below size · 4,096."""
    digest = hashlib.blake2b(phone.encode(), digest_size=8, key=key, person=b"sg radar").digest()
    return (int.from_bytes(digest, "big") * (size << REST_BITS)) >> 64


def _buckets(size: int) -> int:
    return -(-size // PER_BUCKET)


def _packed(values: list[int]) -> bytes:
    bits, count, before = 0, 0, 0
    for value in values:
        quotient, rest = divmod(value - before, 1 << REST_BITS)
        bits = bits << (quotient + 1 + REST_BITS) | ((1 << quotient) - 1) << (1 + REST_BITS) | rest
        count += quotient + 1 + REST_BITS
        before = value
    fill = -count % 8
    return (bits << fill | ((1 << fill) - 1)).to_bytes((count + fill) // 8, "big")


def _unpacked(packed: bytes) -> Iterator[int]:
    bits = bin(int.from_bytes(b"\1" + packed, "big"))[3:]
    at = value = 0
    while (end := bits.find("0", at)) >= 0:
        value += (end - at << REST_BITS) + int(bits[end + 1 : end + 1 + REST_BITS], 2)
        yield value
        at = end + 1 + REST_BITS
