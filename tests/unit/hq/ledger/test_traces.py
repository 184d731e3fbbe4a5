"""The keys of operations find what reading every body finds: for all kinds that were shipped, and for whatever came."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guide_app.operations import OPERATIONS, read
from hq.ledger import traces
from tests.golden import make_ops
from tests.golden.make_ops import OPS, StoredOp
from tests.ops import new_id

KEPT = [op for path in sorted(OPS.glob("*.json")) for op in make_ops.read(path).ops]
PHONE, NATIONAL, NUMBER = "+8613900001111", "13900001111", "101AB7K00415"


def found(op: StoredOp, body: str, word: str) -> bool:
    """Whether the operation, with this body, is found by a word."""
    return not set(traces.sought([word])).isdisjoint(traces.of(op.kind, op.schema_v, body.encode()))


@pytest.mark.parametrize("op", KEPT, ids=lambda op: f"{op.kind} {op.name}")
def test_whoever_is_named_is_found_and_nobody_else(op: StoredOp) -> None:
    touched = OPERATIONS[op.kind].touches(read(op.kind, op.schema_v, op.body))
    named = {ref.id for ref in touched if ref.entity in ("member", "order")}
    asked = {*named, make_ops.MEMBER, make_ops.ORDER, new_id()}
    assert {word for word in asked if word in op.body} >= named  # a ticket may point at an order that it leaves alone
    assert {word for word in asked if found(op, op.body, word)} == named


@pytest.mark.parametrize("op", [op for op in KEPT if op.kind == "member.sign_up"], ids=lambda op: op.name)
def test_who_signed_up_is_found_by_their_phone(op: StoredOp) -> None:
    body: dict[str, Any] = json.loads(op.body)
    for word in (body["phone"], body["phone"][3:], f'"phone":"{body["phone"]}"'):
        assert found(op, op.body, word)


@pytest.mark.parametrize("op", KEPT, ids=lambda op: f"{op.kind} {op.name}")
@pytest.mark.parametrize("word", [PHONE, NATIONAL, NUMBER])
def test_a_phone_or_a_number_is_found_wherever_it_was_written(op: StoredOp, word: str) -> None:
    body = json.loads(op.body)
    for field in [name for name in ("note", "source", "reason", "referrer", "name", "topic") if name in body]:
        for before in ("", "打", "\n", "tel ", '"'):
            for ascii_only in (True, False):
                text = json.dumps({**body, field: f"{before}{word}"}, ensure_ascii=ascii_only)
                assert found(op, text, word)
                assert found(op, text, NATIONAL) == (word != NUMBER)
    assert not found(op, op.body, "13700002222")


@given(st.text(max_size=30), st.text(max_size=30), st.uuids())
def test_of_what_cannot_be_read_every_id_counts(before: str, behind: str, who: object) -> None:
    body = json.dumps({"what": before, "member_id": str(who), "more": behind}).encode()
    for kind in ("", "member.magic", "talk.log"):
        assert not set(traces.sought([str(who)])).isdisjoint(traces.of(kind, 1, body))


def test_a_short_name_for_who_sent_somebody_is_found_whole() -> None:
    op = next(op for op in KEPT if (op.kind, op.name) == ("member.sign_up", "full"))
    body = json.dumps({**json.loads(op.body), "referrer": "MEM-1234-x"})
    assert found(op, body, "MEM-1234-x")
    assert not found(op, body, "MEM-1234-y")


def test_without_a_body_there_are_no_keys() -> None:
    assert traces.of("talk.log", 1, None) == ()
