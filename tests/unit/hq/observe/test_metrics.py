"""HQ's figures as Prometheus reads them."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client.parser import text_string_to_metric_families

from hq.observe.metrics import Figure, Metrics
from sync.protocol.messages import Result

OP = "018f0000-0000-7000-8000-000000000001"


def read(metrics: Metrics) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    """Name and labels of each sample → its value."""
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(metrics.text().decode())
        for sample in family.samples
    }


def test_answers_are_counted_by_address_and_status_and_timed() -> None:
    metrics = Metrics()
    for seconds in (0.004, 0.3):
        metrics.answered("/v1/sync", 200, seconds)
    metrics.answered("/v1/sync", 503, 0.001)
    found = read(metrics)
    assert found["guide_hq_answers_total", (("path", "/v1/sync"), ("status", "200"))] == 2
    assert found["guide_hq_answers_total", (("path", "/v1/sync"), ("status", "503"))] == 1
    assert found["guide_hq_answer_seconds_bucket", (("le", "0.005"), ("path", "/v1/sync"))] == 2
    assert found["guide_hq_answer_seconds_count", (("path", "/v1/sync"),)] == 3


def test_a_repetition_is_not_counted_as_another_operation() -> None:
    metrics = Metrics()
    applied = Result(seq=1, op_id=OP, status="applied")
    parked = Result(seq=2, op_id=OP, status="parked", code="product_unknown")
    again = Result(seq=1, op_id=OP, status="applied", dup=True)
    metrics.took("ok", [applied, parked, again])
    found = read(metrics)
    assert found["guide_hq_operations_total", (("code", ""), ("status", "applied"))] == 1
    assert found["guide_hq_operations_total", (("code", "product_unknown"), ("status", "parked"))] == 1
    assert found["guide_hq_operations_total", (("code", ""), ("status", "dup"))] == 1
    assert found["guide_hq_batches_total", (("status", "ok"),)] == 1


def test_requests_under_way_go_up_and_down_and_refusals_only_up() -> None:
    metrics = Metrics()
    metrics.inside(1)
    metrics.inside(1)
    metrics.inside(-1)
    metrics.refused()
    found = read(metrics)
    assert (found["guide_hq_inside", ()], found["guide_hq_refused_total", ()]) == (1, 1)


def test_what_is_looked_up_is_read_anew_each_time() -> None:
    metrics, seen = Metrics(), [3.0, 4.0]

    def look() -> Iterator[Figure]:
        yield Figure("guide_hq_tablets", "Tablets", "trouble", {"silent": seen.pop(0)})

    metrics.look_up(look)
    label = (("trouble", "silent"),)
    assert [read(metrics)["guide_hq_tablets", label] for _ in range(2)] == [3.0, 4.0]


def test_two_processes_in_one_test_do_not_share_figures() -> None:
    one, other = Metrics(), Metrics()
    one.refused()
    assert read(other)["guide_hq_refused_total", ()] == 0


def test_streams_are_counted_while_they_are_open() -> None:
    metrics = Metrics()
    for change in (1, 1, -1):
        metrics.streams(change)
    assert read(metrics)["guide_hq_streams", ()] == 1
