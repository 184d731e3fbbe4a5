"""HQ's figures (Prometheus): what was asked of the sync API, how it was answered, what became of operations.

Where several processes serve, the client library keeps each one's figures in files of one folder (its environment
variable `PROMETHEUS_MULTIPROC_DIR`), and whichever is asked tells the sum.

Names follow Prometheus' conventions: seconds, `_total` for what only grows. No label names a tablet or a person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from sync.protocol.messages import Result

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Figure(NamedTuple):
    """A figure that is looked up when somebody asks: name, words, value by label."""

    name: str
    words: str
    label: str
    values: Mapping[str, float]


Look = Callable[[], Iterable[Figure]]


class Metrics:
    """The figures of one process; methods may be called from any thread."""

    def __init__(self, folder: Path | None = None) -> None:
        """`folder`: where the processes' figures are, which all are told together."""
        self._folder, self._looks = folder, list[_Looked]()
        self._registry = CollectorRegistry()
        self._answers = Counter(
            "guide_hq_answers", "Answers of the sync API", ["path", "status"], registry=self._registry
        )
        self._seconds = Histogram(
            "guide_hq_answer_seconds", "From a request's admission to its answer", ["path"], buckets=_BUCKETS,
            registry=self._registry,
        )  # fmt: skip
        self._refused = Counter(
            "guide_hq_refused", "Requests sent away before any work was done for them", registry=self._registry
        )
        self._inside = Gauge(
            "guide_hq_inside", "Requests under way", registry=self._registry, multiprocess_mode="livesum"
        )
        self._streams = Gauge(
            "guide_hq_streams", "Open streams of events", registry=self._registry, multiprocess_mode="livesum"
        )
        self._ops = Counter(
            "guide_hq_operations", "Operations by what became of them; a repetition counts as dup",
            ["status", "code"], registry=self._registry,
        )  # fmt: skip
        self._batches = Counter(
            "guide_hq_batches", "Sync requests by the state of their stream", ["status"], registry=self._registry
        )

    def streams(self, change: int) -> None:
        """A stream of events was opened (1) or ended (-1)."""
        self._streams.inc(change)

    def inside(self, change: int) -> None:
        """A request came in (1) or went (-1)."""
        self._inside.inc(change)

    def refused(self) -> None:
        """A request was sent away at the gate."""
        self._refused.inc()

    def answered(self, path: str, status: int, seconds: float) -> None:
        """A request was answered; `path` is one of the contract's, or "other"."""
        self._answers.labels(path, str(status)).inc()
        self._seconds.labels(path).observe(seconds)

    def took(self, batch: str, results: Iterable[Result]) -> None:
        """A sync request was carried out."""
        self._batches.labels(batch).inc()
        for result in results:
            self._ops.labels("dup" if result.dup else result.status, result.code).inc()

    def look_up(self, look: Look) -> None:
        """Adds figures that are read anew each time somebody asks."""
        self._looks.append(_Looked(look))

    def text(self) -> bytes:
        """All figures as Prometheus reads them."""
        return b"".join(generate_latest(registry) for registry in (self._counted(), self._looked()))

    def _counted(self) -> CollectorRegistry:
        if self._folder is None:
            return self._registry
        summed = CollectorRegistry()
        MultiProcessCollector(summed, str(self._folder))
        return summed

    def _looked(self) -> CollectorRegistry:
        looked = CollectorRegistry()
        for look in self._looks:
            looked.register(look)
        return looked


class _Looked(Collector):
    """Figures behind a function."""

    def __init__(self, look: Look) -> None:
        self._look = look

    def describe(self) -> Iterable[Metric]:
        """Nothing is looked up before somebody asks."""
        return ()

    def collect(self) -> Iterator[Metric]:
        for figure in self._look():
            family = GaugeMetricFamily(figure.name, figure.words, labels=[figure.label])
            for label, value in figure.values.items():
                family.add_metric([label], value)
            yield family
