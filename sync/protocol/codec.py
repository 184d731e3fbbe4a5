"""Bytes to messages and back: JSON in zstd, gzip or plain; every limit is checked before memory is spent."""

from __future__ import annotations

import zlib
from collections.abc import Hashable
from functools import lru_cache
from typing import Any, Literal, TypeVar, cast

import msgspec
import zstandard

from sync.protocol.errors import EncodingUnknown, EnvelopeInvalid, TooLarge

Encoding = Literal["zstd", "gzip", "identity"]
T = TypeVar("T")

MAX_UNPACKED = 2 << 20
"""Bytes of any message, unpacked."""
MAX_OP = 64 << 10
"""Bytes of one op as a JSON object."""
MAX_OPS = 200
"""Ops in one request."""
MAX_OPS_BYTES = 256 << 10
"""Bytes of all ops of one request."""
MAX_WANT = 3 << 19
"""Bytes of rows that a tablet may ask for at once: 1.5 MiB; more is clamped."""
MAX_ROW = 256 << 10
"""Bytes of one row."""
WINDOW = 8 << 20
"""Bytes of zstd window that a receiver must be able to hold."""

_LEVEL = 3
_SMALL = 200  # bytes below which packing gains nothing
_encoder = msgspec.json.Encoder()


def encode(message: object) -> bytes:
    """A message as compact UTF-8 JSON."""
    return _encoder.encode(message)


@lru_cache(maxsize=64)
def _decoder(kind: Hashable) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(cast(Any, kind))


def decode(plain: bytes, kind: type[T]) -> T:
    """JSON as a ``kind``; ``EnvelopeInvalid`` when it is cut off, not UTF-8, nested without end, or of other types.

    The error names the place and the types, never the values.
    """
    try:
        plain.decode()  # msgspec passes over fields it does not know without looking at their bytes
        return cast(T, _decoder(cast(Hashable, kind)).decode(plain))
    except UnicodeDecodeError:
        raise EnvelopeInvalid("not UTF-8") from None
    except RecursionError:
        raise EnvelopeInvalid("nested too deeply") from None
    except msgspec.MsgspecError as problem:
        raise EnvelopeInvalid(str(problem)) from None


def parse_encoding(header: str) -> Encoding:
    """The ``Content-Encoding`` of a message ("" = identity); ``EncodingUnknown``."""
    name = header.strip().lower() or "identity"
    if name not in ("zstd", "gzip", "identity"):
        raise EncodingUnknown
    return cast(Encoding, name)


def choose_encoding(accept: str, size: int) -> Encoding:
    """The best encoding for an answer of ``size`` bytes that ``Accept-Encoding`` allows; small answers go plain."""
    if size < _SMALL:
        return "identity"
    allowed = set()
    for part in accept.lower().split(","):
        name, _, parameters = part.partition(";")
        if parameters.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000"):
            allowed.add(name.strip())
    return "zstd" if "zstd" in allowed else "gzip" if "gzip" in allowed else "identity"


def pack(plain: bytes, encoding: Encoding) -> bytes:
    """``plain`` in that encoding: one zstd frame that names its size, or one gzip member without a time."""
    if encoding == "zstd":
        return zstandard.ZstdCompressor(level=_LEVEL).compress(plain)
    if encoding == "gzip":
        packer = zlib.compressobj(6, wbits=31)
        return packer.compress(plain) + packer.flush()
    return plain


def unpack(packed: bytes, encoding: Encoding, limit: int = MAX_UNPACKED) -> bytes:
    """The plain bytes; ``TooLarge`` beyond ``limit``, ``EnvelopeInvalid`` if cut off, damaged or more than one frame.

    Memory stays within about ``limit``, whatever the sender claims.
    """
    if encoding == "zstd":
        return _unzstd(packed, limit)
    if encoding == "gzip":
        return _gunzip(packed, limit)
    if len(packed) > limit:
        raise TooLarge
    return packed


def _unzstd(packed: bytes, limit: int) -> bytes:
    try:
        frame = zstandard.get_frame_parameters(packed)
        if frame.window_size > max(WINDOW, limit):
            raise EnvelopeInvalid("zstd window above 8 MiB")
        if frame.content_size == zstandard.CONTENTSIZE_UNKNOWN:
            return _unzstd_stream(packed, limit)
        if frame.content_size > limit:
            raise TooLarge
        return zstandard.ZstdDecompressor().decompress(packed, allow_extra_data=False)
    except zstandard.ZstdError:
        raise EnvelopeInvalid("zstd damaged or cut off") from None


def _unzstd_stream(packed: bytes, limit: int) -> bytes:
    """A frame that does not say its size: first read no more than the limit, then look whether it came to its end."""
    with zstandard.ZstdDecompressor(max_window_size=WINDOW).stream_reader(packed) as reader:
        if len(reader.read(limit + 1)) > limit:
            raise TooLarge
    whole = zstandard.ZstdDecompressor(max_window_size=WINDOW).decompressobj()
    plain = whole.decompress(packed)
    if not whole.eof or whole.unused_data:
        raise EnvelopeInvalid("zstd cut off, or more than one frame")
    return plain


def _gunzip(packed: bytes, limit: int) -> bytes:
    member = zlib.decompressobj(wbits=31)
    try:
        plain = member.decompress(packed, limit + 1)
    except zlib.error:
        raise EnvelopeInvalid("gzip damaged") from None
    if len(plain) > limit:
        raise TooLarge
    if not member.eof or member.unused_data:
        raise EnvelopeInvalid("gzip cut off, or more than one member")
    return plain
