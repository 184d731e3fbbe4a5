import gzip

import msgspec
import pytest
import zstandard

from sync.protocol import codec
from sync.protocol.errors import EncodingUnknown, EnvelopeInvalid, TooLarge
from sync.protocol.messages import SyncRequest

PLAIN = b'{"a":"' + b"tea " * 500 + b'"}'


def streamed(plain: bytes) -> bytes:
    """A zstd frame that does not name its size."""
    packer = zstandard.ZstdCompressor().compressobj()
    return packer.compress(plain) + packer.flush()


@pytest.mark.parametrize("encoding", ["zstd", "gzip", "identity"])
def test_what_is_packed_unpacks(encoding: codec.Encoding) -> None:
    packed = codec.pack(PLAIN, encoding)
    assert codec.unpack(packed, encoding) == PLAIN
    assert codec.unpack(packed, encoding, limit=len(PLAIN)) == PLAIN
    with pytest.raises(TooLarge):
        codec.unpack(packed, encoding, limit=len(PLAIN) - 1)


def test_a_frame_without_its_size_is_read_within_the_limit() -> None:
    assert codec.unpack(streamed(PLAIN), "zstd", limit=len(PLAIN)) == PLAIN
    with pytest.raises(TooLarge):
        codec.unpack(streamed(PLAIN), "zstd", limit=len(PLAIN) - 1)


@pytest.mark.parametrize(
    "bomb", [codec.pack(bytes(30 << 20), "zstd"), streamed(bytes(30 << 20)), gzip.compress(bytes(30 << 20), 1)]
)
def test_a_bomb_is_refused(bomb: bytes) -> None:
    with pytest.raises(TooLarge):
        codec.unpack(bomb, "gzip" if bomb[:2] == b"\x1f\x8b" else "zstd")


@pytest.mark.parametrize(
    ("packed", "encoding"),
    [
        (codec.pack(PLAIN, "zstd")[:-9], "zstd"),
        (streamed(PLAIN)[:-3], "zstd"),
        (codec.pack(PLAIN, "gzip")[:-12], "gzip"),
        (codec.pack(PLAIN, "gzip")[:-1], "gzip"),
        (codec.pack(PLAIN, "zstd") * 2, "zstd"),
        (streamed(PLAIN) * 2, "zstd"),
        (codec.pack(PLAIN, "gzip") * 2, "gzip"),
        (b"", "zstd"),
        (b"", "gzip"),
        (b"hello" * 20, "zstd"),
        (b"hello" * 20, "gzip"),
        (codec.pack(PLAIN, "zstd") + b"x", "zstd"),
    ],
)
def test_what_is_cut_off_damaged_or_doubled_is_refused(packed: bytes, encoding: codec.Encoding) -> None:
    with pytest.raises(EnvelopeInvalid):
        codec.unpack(packed, encoding)


def test_a_large_window_is_refused() -> None:
    parameters = zstandard.ZstdCompressionParameters(window_log=27, write_content_size=False)
    packer = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    with pytest.raises(EnvelopeInvalid):
        codec.unpack(packer.compress(PLAIN) + packer.flush(), "zstd")


def test_names_of_encodings() -> None:
    assert [codec.parse_encoding(h) for h in ("", " ZSTD", "gzip", "identity")] == [
        "identity",
        "zstd",
        "gzip",
        "identity",
    ]
    with pytest.raises(EncodingUnknown):
        codec.parse_encoding("br2")


@pytest.mark.parametrize(
    ("accept", "size", "chosen"),
    [
        ("zstd, gzip", 1000, "zstd"),
        ("zstd, gzip", 10, "identity"),
        ("gzip;q=0.5", 1000, "gzip"),
        ("zstd;q=0, gzip", 1000, "gzip"),
        ("", 1000, "identity"),
        ("br", 1000, "identity"),
        ("ZSTD;q=1.0", 1000, "zstd"),
    ],
)
def test_choice_of_encoding(accept: str, size: int, chosen: str) -> None:
    assert codec.choose_encoding(accept, size) == chosen


@pytest.mark.parametrize(
    "plain",
    [
        b"",
        b"[]",
        b"null",
        b"<html>login</html>",
        b'{"epoch":"\xff\xfe"}',
        b"[" * 500_000,
        b'{"x":' * 500_000,
        b'{"x":"\xff"}',
        b'{"incarnation":"00000000-0000-4000-8000-000000000001","epoch":"e","next_seq":0}',
        b'{"incarnation":"X","epoch":"e","next_seq":1}',
        b'{"incarnation":"00000000-0000-4000-8000-000000000001","epoch":"e","next_seq":99999999999999999999}',
        b'{"incarnation":"00000000-0000-4000-8000-000000000001","epoch":1,"next_seq":1}',
        b'{"incarnation":"00000000-0000-4000-8000-000000000001","epoch":"e","next_seq":1,"ops":[' + b"[" * 500_000,
        b'{"incarnation":"00000000-0000-4000-8000-000000000001","epoch":"e","next_seq":1,"after":{"s":-1}}',
        b'{"incarnation":"00000000-0000-4000-8000-000000000001","epoch":"e","next_seq":1',
    ],
)
def test_a_broken_envelope_is_refused(plain: bytes) -> None:
    with pytest.raises(EnvelopeInvalid):
        codec.decode(plain, SyncRequest)


def test_the_error_names_no_value() -> None:
    with pytest.raises(EnvelopeInvalid) as caught:
        codec.decode(b'{"incarnation":"+8613812341234","epoch":"e","next_seq":1}', SyncRequest)
    assert "138" not in str(caught.value)


def test_rows_keep_hqs_bytes() -> None:
    raw = b'{"b": 1,  "a":[1.50]}'
    assert codec.encode([msgspec.Raw(raw)]) == b"[" + raw + b"]"
