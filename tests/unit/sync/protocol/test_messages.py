import json
from typing import Any

import msgspec
import pytest

from sync.protocol import codec, messages
from sync.protocol.errors import EnvelopeInvalid, TooLarge
from sync.protocol.messages import OddOp, WireOp

ID = "00000000-0000-4000-8000-000000000001"
GOOD: dict[str, Any] = {
    "seq": 1,
    "op_id": ID,
    "kind": "followup.set",
    "schema_v": 1,
    "store_id": ID,
    "guide_id": ID,
    "made_at": "2026-11-21T10:00:00.000Z",
    "body": "{}",
    "sha": "0" * 64,
}


def request(*ops: Any, **over: Any) -> bytes:
    return json.dumps({"incarnation": ID, "epoch": "e1", "next_seq": 5, "ops": ops, **over}).encode()


def only(op: Any) -> WireOp | OddOp:
    return messages.read_request(request(op))[1][0]


def test_an_idle_round_is_small() -> None:
    asked = messages.SyncRequest(
        incarnation=ID,
        epoch="0123456789abcdef",
        next_seq=123456,
        after={f"scope-{i:06d}": 1234567 for i in range(4)},
        want=1500000,
    )
    answer = messages.SyncResponse(
        batch=messages.Batch(status="ok", last_seq=123455),
        server_time="2026-11-21T10:00:00.000Z",
        next_sync_after_ms=60000,
        authorised_until="2026-12-21T10:00:00.000Z",
        min_app="1.0.0",
    )
    assert len(codec.encode(asked)) <= 300
    assert len(codec.encode(answer)) <= 300
    assert codec.decode(codec.encode(asked), messages.SyncRequest) == asked
    assert codec.decode(codec.encode(answer), messages.SyncResponse) == answer


def test_a_full_answer_reads_back() -> None:
    answer = messages.SyncResponse(
        batch=messages.Batch(status="gap", last_seq=3),
        server_time="t",
        next_sync_after_ms=1,
        authorised_until="t",
        results=[messages.Result(seq=1, op_id=ID, status="merged", entity="member", id=ID, feed_pos=7, dup=True)],
        rows=[
            messages.Row(s="st1", q=7, e="member", id=ID, v=2, o="put", d=msgspec.Raw(b'{"x": 1}')),
            messages.Row(s="st1", q=8, e="member", id=ID, v=3, o="gone"),
        ],
        scopes={"st1": messages.ScopeState(head=8, floor=0, digest="0" * 16, more=True)},
        grants=[messages.Grant(scope="st1", kind="store", name="Shop")],
        epoch="e2",
    )
    back = codec.decode(codec.encode(answer), messages.SyncResponse)
    assert codec.encode(back) == codec.encode(answer)
    assert bytes(back.rows[0].d) == b'{"x": 1}'
    assert back.grants is not None
    assert (
        codec.decode(
            b'{"batch":{"status":"ok","last_seq":0},"server_time":"t","next_sync_after_ms":1,"authorised_until":"t","grants":[]}',
            messages.SyncResponse,
        ).grants
        == []
    )


def test_a_good_op_and_unknown_fields() -> None:
    op = only({**GOOD, "new_field": [1]})
    assert isinstance(op, WireOp)
    assert op.body == "{}"
    erased = only({**GOOD, "body": None})
    assert isinstance(erased, WireOp)
    assert erased.body is None


@pytest.mark.parametrize(
    ("over", "code"),
    [
        ({"kind": "x" * 300}, "kind_unknown"),
        ({"kind": ""}, "kind_unknown"),
        ({"kind": "会员.注册"}, "kind_unknown"),
        ({"kind": "a.b\0"}, "kind_unknown"),
        ({"kind": 7}, "body_invalid"),
        ({"schema_v": 0}, "schema_unknown"),
        ({"schema_v": 2**31}, "schema_unknown"),
        ({"schema_v": "1"}, "body_invalid"),
        ({"store_id": "x"}, "store_unknown"),
        ({"guide_id": ID.upper().replace("0", "A")}, "guide_unknown"),
        ({"sha": "x"}, "sha_mismatch"),
        ({"made_at": "yesterday"}, "body_invalid"),
        ({"made_at": "2026-13-01T00:00:00Z"}, "body_invalid"),
        ({"body": {}}, "body_invalid"),
        ({"body": "x" * 70_000}, "body_invalid"),
        ({"sha": None}, "body_invalid"),
    ],
)
def test_an_odd_op_spoils_only_itself(over: dict[str, Any], code: str) -> None:
    odd, good = messages.read_request(request({**GOOD, **over}, {**GOOD, "seq": 2}))[1]
    assert isinstance(odd, OddOp)
    assert (odd.code, odd.seq, odd.op_id) == (code, 1, ID)
    assert json.loads(odd.raw) == {**GOOD, **over}
    assert isinstance(good, WireOp)


def test_a_missing_field_is_odd_too() -> None:
    op = only({k: v for k, v in GOOD.items() if k != "body"})
    assert isinstance(op, OddOp)
    assert op.code == "body_invalid"


@pytest.mark.parametrize(
    "op",
    [1, None, [], {}, {**GOOD, "seq": "1"}, {**GOOD, "seq": 0}, {**GOOD, "op_id": "x"}, {**GOOD, "op_id": ID + "\n"}],
)
def test_an_op_that_cannot_be_named_breaks_the_envelope(op: Any) -> None:
    with pytest.raises(EnvelopeInvalid):
        only(op)


def test_too_many_ops_or_bytes() -> None:
    with pytest.raises(TooLarge):
        messages.read_request(request(*[GOOD] * 201))
    with pytest.raises(TooLarge):
        messages.read_request(request(*[{**GOOD, "body": "x" * 60_000}] * 5))


def test_chunks_fit_into_a_request() -> None:
    assert messages.chunk([]) == 0
    assert messages.chunk([b"x" * 100] * 500) == 200
    assert messages.chunk([b"x" * codec.MAX_OP] * 10) == 4


def test_verify_asks_for_sums_or_one_bucket() -> None:
    page = codec.decode(b'{"scope":"s","at":1,"bucket":255,"from":"x"}', messages.VerifyRequest)
    assert (page.bucket, page.from_) == (255, "x")
    assert codec.decode(codec.encode(page), messages.VerifyRequest) == page
    for wrong in ({}, {"bucket": 256}, {"sums": ["0" * 16] * 255}, {"sums": ["0" * 16] * 256, "bucket": 1}):
        with pytest.raises(EnvelopeInvalid):
            codec.decode(json.dumps({"scope": "s", "at": 1, **wrong}).encode(), messages.VerifyRequest)


def test_lookup_asks_by_one_thing() -> None:
    assert codec.decode(b'{"phone":"+8613812341234"}', messages.LookupRequest).phone == "+8613812341234"
    for wrong in (b"{}", b'{"phone":"1","card":"2"}'):
        with pytest.raises(EnvelopeInvalid):
            codec.decode(wrong, messages.LookupRequest)


def test_a_scope_that_never_was_does_not_break_the_envelope() -> None:
    asked = messages.read_request(request(after={"x" * 40: 3, "": 0}))[0]
    assert asked.after == {"x" * 40: 3, "": 0}


def test_what_a_later_tablet_says_more_is_ignored() -> None:
    asked, ops = messages.read_request(request(GOOD, mood="good", after={"s": 1}, later={"a": []}))
    assert (asked.after, len(ops)) == ({"s": 1}, 1)
