"""How a body is written, read again, and what is said of one that cannot be read."""

from __future__ import annotations

import pytest

from guide_app.operations import OPERATIONS, READERS, Unreadable, read, write
from guide_app.operations.orders import Cancel

ORDER = "00000000-0000-4000-8000-000000000001"


def test_every_kind_has_a_reader_of_every_version_up_to_its_own() -> None:
    for kind, operation in OPERATIONS.items():
        assert {v for k, v in READERS if k == kind} == set(range(1, operation.version + 1))


def test_a_body_comes_back_as_it_was_written() -> None:
    body = Cancel(order_id=ORDER, reason="错了 🙂")
    assert read("order.cancel", 1, write(body)) == body


@pytest.mark.parametrize(
    ("kind", "version", "text", "code"),
    [
        ("order.burn", 1, "{}", "kind_unknown"),
        ("order.cancel", 2, "{}", "schema_unknown"),
        ("order.cancel", 1, "{", "body_invalid"),
        ("order.cancel", 1, "[]", "body_invalid"),
        ("order.cancel", 1, '{"order_id":"X","reason":""}', "body_invalid"),
        ("order.cancel", 1, f'{{"order_id":"{ORDER}","reason":"\\u0000"}}', "body_invalid"),
        ("order.cancel", 1, f'{{"order_id":"{ORDER}","reason":"\ud800"}}', "body_invalid"),
        ("order.cancel", 1, "[" * 10_000, "body_invalid"),
    ],
)
def test_what_cannot_be_read_is_named(kind: str, version: int, text: str, code: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read(kind, version, text)
    assert caught.value.code == code


def test_words_that_only_look_like_a_nul_are_words() -> None:
    body = Cancel(order_id=ORDER, reason="the text \\u0000")
    assert read("order.cancel", 1, write(body)) == body
