"""`/v1/verify` on the ports in memory: which buckets differ, one bucket whole, page by page."""

from __future__ import annotations

import json
from typing import Any

import pytest

from guide_app.domain.records import Ref
from hq.ledger.port import FeedRow
from sync.protocol import codec
from sync.protocol.digest import ScopeSums, bucket
from sync.protocol.errors import EnvelopeInvalid
from sync.protocol.messages import VerifyRequest
from tests.ops import new_id
from tests.unit.hq.sync_api.test_service import Desk


@pytest.fixture
def desk() -> Desk:
    return Desk()


def verify(desk: Desk, scope: str = "store", at: int = 0, **more: Any) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(desk.service.verify(desk.session, VerifyRequest(scope=scope, at=at, **more)))
    return answer


def sums(desk: Desk, scope: str = "store") -> list[str]:
    feed = desk.shop.hq.state.feed.items()
    return ScopeSums((*row.ref, row.ver) for (key, _), row in feed if key.scope == scope).texts()


def test_a_scope_that_is_the_same_has_no_bucket_to_bring(desk: Desk) -> None:
    desk.publish("store", 30)
    assert verify(desk, at=30, sums=sums(desk)) == {"status": "ok"}


def test_at_another_position_nothing_can_be_compared(desk: Desk) -> None:
    desk.publish("store", 3)
    assert verify(desk, at=2, sums=sums(desk)) == verify(desk, at=4, bucket=0) == {"status": "moved"}


def test_a_position_of_another_epoch_is_none_of_this_one(desk: Desk) -> None:
    desk.publish("store", 3)
    assert verify(desk, at=3, bucket=0, epoch="e0") == {"status": "moved"}
    assert verify(desk, at=3, bucket=0, epoch="e1")["status"] == "ok"


def test_a_scope_that_is_not_granted_tells_nothing(desk: Desk) -> None:
    assert verify(desk, scope="another", at=0, sums=["0" * 16] * 256) == {"status": "moved"}


@pytest.mark.expects_log
def test_the_rows_of_the_buckets_that_differ_come_in_pages(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.publish("store", 60)
    monkeypatch.setattr(codec, "MAX_WANT", 500)
    found: list[str] = []
    following = ""
    while True:
        answer = verify(desk, at=60, sums=["0" * 16] * 256, **({"from_": following} if following else {}))
        assert answer["status"] == "ok"
        found += [row["id"] for row in answer["rows"]]
        following = answer.get("next", "")
        if not following:
            break
    ids = {row.ref.id for row in desk.shop.hq.state.feed.values()}
    assert (len(found), set(found)) == (60, ids)
    assert answer["buckets"] == sorted({bucket("talk", id_) for id_ in ids})


def test_one_bucket_comes_whole(desk: Desk) -> None:
    ids = [new_id() for _ in range(600)]
    key = desk.session.key_of("store")
    assert key is not None
    with desk.shop.ledger.transaction():
        desk.shop.ledger.publish(key, [FeedRow(Ref("talk", id_), 1, '{"a":1}') for id_ in ids])
    answer = verify(desk, at=600, bucket=5)
    assert answer["buckets"] == [5]
    assert {row["id"] for row in answer.get("rows", [])} == {id_ for id_ in ids if bucket("talk", id_) == 5}
    assert all(row["d"] == {"a": 1} and row["s"] == "store" for row in answer.get("rows", []))


@pytest.mark.parametrize(
    "wrong", [{"sums": ["x" * 16] * 256}, {"sums": ["0" * 15] * 256}, {"bucket": 1, "from_": "1"},
              {"bucket": 1, "from_": "1.-2"}, {"bucket": 1, "from_": "٣.1"}],
)  # fmt: skip
def test_what_is_not_of_the_form_is_refused(desk: Desk, wrong: dict[str, Any]) -> None:
    with pytest.raises(EnvelopeInvalid):
        verify(desk, **wrong)
