"""HQ in two processes on a real PostgreSQL: whatever holds for one holds for both together."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.parser import text_string_to_metric_families

from sync.protocol import codec
from sync.protocol.messages import SyncResponse
from sync.protocol.signature import sign
from tests.proofs.house import House, Shop, opened
from tests.tablet_client import VERSIONS, Tablet

TWO = ("-m", "hq.cli", "serve", "--processes", "2")
SOON_S = 20.0


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    """An HQ of two processes."""
    with opened(TWO) as running:
        yield running
        assert running.errors() == []


@pytest.fixture(scope="module")
def shop(house: House) -> Shop:
    made = house.shop(4)
    house.close_office()
    return made


@pytest.fixture(scope="module")
def tablet(house: House, shop: Shop) -> Iterator[Tablet]:
    yield from _enrolled(house, shop, shop.codes[0])


@pytest.fixture(scope="module")
def other(house: House, shop: Shop) -> Iterator[Tablet]:
    yield from _enrolled(house, shop, shop.codes[1])


def _enrolled(house: House, shop: Shop, code: str) -> Iterator[Tablet]:
    made = Tablet(house.url, shop.guide_id)
    with made.http:
        assert made.enrol(code).status_code == 200
        made.sync()
    yield made
    made.http.close()


def dialled(tablet: Tablet) -> httpx.Client:
    """The tablet on a connection of its own, which may come to either process."""
    tablet.http.close()
    tablet.http = httpx.Client(base_url=tablet.http.base_url, timeout=30, trust_env=False)
    return tablet.http


def answered_by(pid: int) -> float:
    """How many requests the process has answered, by its own count."""
    given = dict(pair.split("=", 1) for pair in Path(f"/proc/{pid}/environ").read_text().split("\0") if "=" in pair)
    file = Path(given["PROMETHEUS_MULTIPROC_DIR"]) / f"counter_{pid}.db"
    families = MultiProcessCollector.merge([str(file)] if file.exists() else [])
    samples = (one for family in families for one in family.samples)
    return sum(float(one.value) for one in samples if one.name == "guide_hq_answers_total")


def figure(house: House, name: str, **labels: str) -> float:
    """What /metrics tells, on a new connection."""
    text = httpx.get(f"{house.url}/metrics", trust_env=False, timeout=30).text
    samples = (one for family in text_string_to_metric_families(text) for one in family.samples)
    return sum(one.value for one in samples if one.name == name and labels.items() <= one.labels.items())


def until(true: Callable[[], bool], what: str) -> None:
    """Waits for it."""
    ends = time.monotonic() + SOON_S
    while not true():
        assert time.monotonic() < ends, what
        time.sleep(0.05)


def listening(tablet: Tablet, url: str, client: httpx.Client) -> httpx.Response:
    """An open stream of events."""
    signed = sign(
        "GET", "/v1/events", VERSIONS, b"", key=tablet.key, keyid=tablet.told.device_id, created=int(time.time()),
        nonce=os.urandom(8).hex(),
    )  # fmt: skip
    return client.send(client.build_request("GET", f"{url}/v1/events", headers={**VERSIONS, **signed}), stream=True)


def test_both_serve_and_either_tells_the_figures_of_both(house: House, tablet: Tablet) -> None:
    pids = house.workers()
    assert len(pids) == 2
    before = figure(house, "guide_hq_answers_total", path="/v1/sync")
    applied = figure(house, "guide_hq_operations_total", status="applied")
    for _ in range(30):
        with dialled(tablet):
            assert tablet.sync(tablet.maker.sign_up()).results[0].status == "applied"
    assert all(answered_by(pid) > 3 for pid in pids)
    for _ in range(6):
        assert figure(house, "guide_hq_answers_total", path="/v1/sync") == before + 30
        assert figure(house, "guide_hq_operations_total", status="applied") == applied + 30


def test_a_killed_process_loses_nothing_and_is_replaced(house: House, shop: Shop, tablet: Tablet) -> None:
    gone, stays = house.workers()
    taken, over = list[str](), threading.Event()

    def work() -> None:
        pending = None
        while not over.is_set() or pending:
            pending = pending or tablet.maker.sign_up()
            try:
                with dialled(tablet):
                    result = tablet.sync(pending).results[0]
            except httpx.TransportError:
                continue  # it was killed under this request: sent again
            assert result.status == "applied"
            taken.append(pending.op_id)
            pending = None

    thread = threading.Thread(target=work)
    thread.start()
    try:
        until(lambda: len(taken) > 10, "work before the kill")
        os.kill(gone, signal.SIGKILL)
        until(lambda: len(set(house.workers()) - {gone}) == 2, "another process")
        (new,) = set(house.workers()) - {gone, stays}
        until(lambda: answered_by(new) > 0, "answers of the new process")
    finally:
        over.set()
        thread.join(60)
    found = house.sql("SELECT op_id::text, count(*) FROM op_log WHERE op_id = ANY(%s::uuid[]) GROUP BY 1", taken)
    assert sorted(found) == sorted((op_id, 1) for op_id in taken)
    assert figure(house, "guide_hq_inside") == 0, "what was under way in the dead process counts no longer"
    assert f"the serving process {gone} ended (signal 9); another one is started" in house.log.read_text()


def test_the_house_is_never_fuller_than_that_of_one_process(house: House) -> None:
    calls = 160
    with ExitStack() as stack:
        lines = [stack.enter_context(socket.create_connection(("127.0.0.1", house.port), 10)) for _ in range(calls)]
        for line in lines:
            line.sendall(b"POST /v1/sync HTTP/1.1\r\nhost: hq\r\ncontent-length: 1000\r\n\r\n")
        until(lambda: figure(house, "guide_hq_inside") > 48, "a full house")
        time.sleep(1)
        inside, refused = 0, 0
        for line in lines:
            line.settimeout(0.02)
            try:
                answer = line.recv(4096)
            except TimeoutError:
                inside += 1
                continue
            assert answer.startswith(b"HTTP/1.1 503")
            assert re.search(rb"retry-after: \d+", answer)
            refused += 1
        assert figure(house, "guide_hq_inside") == inside
    assert inside == 64
    assert refused == calls - 64
    until(lambda: figure(house, "guide_hq_inside") == 0, "an empty house")


@pytest.mark.usefixtures("other")  # enrolled before: for a minute from here on nobody is
def test_who_guesses_codes_is_stopped_in_both(house: House, shop: Shop) -> None:
    answers = []
    for _ in range(16):
        guessing = Tablet(house.url, shop.guide_id)
        with guessing.http:
            answers.append(guessing.enrol("2222-2222").status_code)
    assert answers == [403] * 10 + [429] * 6


def test_a_stream_counts_in_both_and_a_newer_one_ends_the_older(house: House, tablet: Tablet, other: Tablet) -> None:
    def pauses() -> list[int]:
        told = []
        for _ in range(12):
            with dialled(other):
                told.append(codec.decode(other.ask().content, SyncResponse).next_sync_after_ms)
        return told

    (short,) = set(pauses())
    with httpx.Client(trust_env=False, timeout=SOON_S) as one, ExitStack() as stack:
        first = listening(other, house.url, one)
        stack.callback(first.close)
        assert first.status_code == 200
        until(lambda: figure(house, "guide_hq_streams") == 1, "the stream")
        assert set(pauses()) == {2 * short}
        heard = threading.Thread(target=first.read)
        heard.start()
        newer = []
        for _ in range(8):  # of so many at least one comes to the other process
            client = stack.enter_context(httpx.Client(trust_env=False, timeout=SOON_S))
            newer.append(listening(other, house.url, client))
            assert newer[-1].status_code == 200
        heard.join(SOON_S)
        assert not heard.is_alive(), "the oldest has ended"
        until(lambda: figure(house, "guide_hq_streams") == 1, "one stream a device")


def test_a_restored_hq_is_noticed_by_both(house: House, tablet: Tablet) -> None:
    era = house.command("new-epoch", "--reason", "a test").strip()
    for _ in range(12):
        with dialled(tablet):
            answer = codec.decode(tablet.ask().content, SyncResponse)
        assert (answer.batch.status, answer.epoch) == ("epoch_changed", era)


def test_it_stops_soon_with_streams_open_which_end_in_good_order(house: House, tablet: Tablet, other: Tablet) -> None:
    pids = house.workers()
    with httpx.Client(trust_env=False, timeout=SOON_S) as client:
        streams = [listening(one, house.url, client) for one in (tablet, other)]
        assert [stream.status_code for stream in streams] == [200, 200]
        began = time.monotonic()
        house.stop()
        assert time.monotonic() - began < 10
        for stream in streams:
            assert stream.read().endswith(b":\n\n"), "to its end: a line that was cut off would raise"
    assert not any(Path(f"/proc/{pid}").exists() for pid in pids)
    house.start()


def test_processes_are_gone_with_the_first_one_and_the_address_is_free(house: House, tablet: Tablet) -> None:
    pids = house.workers()
    house.kill()
    until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in pids), "the end of all")
    house.start()
    with dialled(tablet):
        assert tablet.ask().status_code == 200


def test_an_address_is_not_shared_with_another_hq(house: House) -> None:
    command = [sys.executable, *TWO, "--data", str(house.data), "--port", str(house.port)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert "in use by another program" in done.stderr


def test_processes_that_cannot_start_are_told_and_end_it_all(house: House, tmp_path: Path) -> None:
    serve = f"cli.main(['serve', '--data', {str(tmp_path)!r}, '--port', '0', '--processes', '2'])"
    command = [
        sys.executable,
        "-c",
        f"import sys; from hq import cli; sys.executable = '/bin/false'; sys.exit({serve})",
    ]
    given = {**os.environ, "DATABASE_URL": house.cluster.url(), "LANG": "C.UTF-8"}
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, env=given)
    assert (done.returncode, done.stdout) == (1, "")
    assert "A process of HQ could not start" in done.stderr
    assert "Traceback" not in done.stderr
