"""Answers other than 200: each has a code, words and HQ's time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from guide_app.domain import clock
from sync.protocol import codec
from sync.protocol.errors import ProtocolError
from sync.protocol.messages import ErrorBody

WORDS = {
    "unsigned": "The request is not signed.",
    "coverage": "The signature does not cover all that it must.",
    "digest": "The body is not the one that was signed.",
    "signature": "The signature is not this device's.",
    "key_unknown": "HQ does not know this device: enrol it.",
    "clock": "The device's clock differs from HQ's by more than five minutes.",
    "nonce": "This request was received before; sign it anew.",
    "revoked": "HQ took this device's rights away: ask HQ for a new code to enrol it again.",
    "enrol_code": "This code is wrong, used or older than ten minutes: ask HQ for a new one.",
    "enrol_key": "This device is enrolled in another shop with this key: enrol it with a new key.",
    "letters_used_up": "No letters are left for another device in this shop.",
    "not_found": "There is nothing at this address.",
    "method": "This address does not know that method.",
    "range": "The file has none of these bytes.",
    "too_large": "The message is larger than the contract allows.",
    "encoding_unknown": "Encodings are zstd, gzip and none.",
    "type_unknown": "The body has to be application/json.",
    "envelope_invalid": "The message is cut off or not of the contract's form.",
    "protocol_unknown": "HQ does not speak this version of the protocol.",
    "too_often": "This was tried too often: wait before the next time.",
    "making": "The radar of this store is being made: come again.",
    "busy": "HQ is busy: try again in a moment.",
    "failed": "HQ failed on this request.",
}
"""Code → English words. Every code of an answer other than 200 is here."""


class Answer(NamedTuple):
    """An HTTP answer; `body` plain. `pieces`: what goes out instead of it, as it is, piece by piece; `headers` say
    how much that is and what."""

    status: int
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()
    pieces: Iterator[bytes] | None = None


class Problem(Exception):
    """The request ends with this status and code."""

    def __init__(self, status: int, code: str, retry_after: int = 0, headers: tuple[tuple[str, str], ...] = ()) -> None:
        super().__init__(code)
        self.status, self.code, self.retry_after, self.headers = status, code, retry_after, headers

    @classmethod
    def of(cls, error: ProtocolError) -> Problem:
        """The protocol's own errors know their status."""
        return cls(error.status, error.code)

    def answer(self, now: datetime) -> Answer:
        """The answer that says so."""
        body = ErrorBody(code=self.code, message=WORDS[self.code], server_time=clock.to_text(now))
        headers = (("retry-after", str(self.retry_after)),) if self.retry_after else ()
        return Answer(self.status, codec.encode(body), (*headers, *self.headers))
