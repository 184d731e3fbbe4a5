"""Signatures as AWS publishes them ("Signature Calculations for the Authorization Header", Amazon S3 API reference)."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

import pytest

from hq.files.sigv4 import Asked, Keys, signed

KEYS = Keys("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "us-east-1")
AT = datetime(2013, 5, 24, tzinfo=UTC)
HOST = {"Host": "examplebucket.s3.amazonaws.com"}
PUT = {**HOST, "Date": "Fri, 24 May 2013 00:00:00 GMT", "x-amz-storage-class": "REDUCED_REDUNDANCY"}
EXAMPLES = {
    "a part of an object": (
        Asked("GET", "/test.txt", {}, {**HOST, "Range": "bytes=0-9"}),
        "host;range;x-amz-content-sha256;x-amz-date",
        "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
    ),
    "an object is put": (
        Asked("PUT", "/test$file.text", {}, PUT, hashlib.sha256(b"Welcome to Amazon S3.").hexdigest()),
        "date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class",
        "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
    ),
    "a question without a value": (
        Asked("GET", "/", {"lifecycle": ""}, HOST),
        "host;x-amz-content-sha256;x-amz-date",
        "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
    ),
    "a list": (
        Asked("GET", "/", {"prefix": "J", "max-keys": "2"}, HOST),
        "host;x-amz-content-sha256;x-amz-date",
        "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
    ),
}


@pytest.mark.parametrize("example", EXAMPLES)
def test_a_request_is_signed_as_the_example_says(example: str) -> None:
    asked, names, signature = EXAMPLES[example]
    assert signed(asked, AT, KEYS)["Authorization"] == (
        "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
        f"SignedHeaders={names},Signature={signature}"
    )


def test_the_secret_goes_nowhere() -> None:
    told = signed(EXAMPLES["a list"][0], AT, KEYS)
    assert not any(KEYS.secret in value for value in told.values())
