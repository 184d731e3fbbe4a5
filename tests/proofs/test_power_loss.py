"""The quick dose of the proof against power cuts, and that its parts see what they are there to see."""

from __future__ import annotations

import tempfile
from pathlib import Path
from random import Random

import pytest

from tests.proofs import power_loss
from tests.proofs.disk.looking import look
from tests.proofs.disk.model import Disk
from tests.proofs.disk.recorder import Event
from tests.proofs.disk.workload import Tablet
from tests.unit.local_store.kit import PHONES, sign_up


def test_300_images_of_power_cuts_lose_nothing_and_the_control_does() -> None:
    summary = power_loss.run(images=300, seed=7, turns=60)
    assert summary.passed, str(summary)
    assert summary.counts["images opened"] == 300
    assert summary.counts["acknowledged operations looked for"] > 1000


def left(tmp_path: Path, *events: Event) -> set[bytes | None]:
    """All that a power cut left of the file, in many tries."""
    disk = Disk(Path("/d"), (), Random(1))
    for event in events:
        disk.apply(event)
    found: set[bytes | None] = set()
    for n in range(200):
        into = Path(tempfile.mkdtemp(dir=tmp_path))
        disk.cut(Random(n), into)
        file = into / "a"
        found.add(file.read_bytes() if file.exists() else None)
    return found


MADE, NAMED, SYNCED = Event("C", "/d/a", 0, b""), Event("S", "/d", 0, b""), Event("S", "/d/a", 0, b"")


def wrote(at: int, data: bytes) -> Event:
    return Event("W", "/d/a", at, data)


def test_only_what_was_synced_is_sure_to_be_there(tmp_path: Path) -> None:
    assert left(tmp_path, MADE, NAMED, wrote(0, b"x"), SYNCED) == {b"x"}
    assert left(tmp_path, MADE, NAMED, wrote(0, b"x"), SYNCED, wrote(0, b"y")) == {b"x", b"y"}
    assert left(tmp_path, MADE, wrote(0, b"x"), SYNCED) == {None, b"x"}


def test_a_write_is_torn_between_sectors_and_later_ones_may_come_alone(tmp_path: Path) -> None:
    two = wrote(510, b"abcd")
    kept = left(tmp_path, MADE, NAMED, wrote(0, bytes(514)), SYNCED, two)
    assert {data[510:] for data in kept if data} == {bytes(4), b"ab\0\0", b"\0\0cd", b"abcd"}
    apart = left(tmp_path, MADE, NAMED, wrote(0, bytes(1024)), SYNCED, wrote(0, b"1"), wrote(600, b"2"))
    assert {(data[0], data[600]) for data in apart if data} == {(0, 0), (49, 0), (0, 50), (49, 50)}


def test_what_a_failed_sync_left_out_no_later_one_brings_back(tmp_path: Path) -> None:
    failed = Event("E", "/d/a", 0, b"")
    seen = {kept for n in range(20) for kept in _after_failed(tmp_path / str(n), n, failed)}
    assert seen == {b"xy", b"\0y"}


def _after_failed(folder: Path, seed: int, failed: Event) -> set[bytes]:
    disk = Disk(Path("/d"), (), Random(seed))
    for event in (MADE, NAMED, wrote(0, b"\0\0"), SYNCED, wrote(0, b"x"), failed, wrote(1, b"y"), SYNCED):
        disk.apply(event)
    disk.cut(Random(seed), folder)
    return {(folder / "a").read_bytes()}


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("harm", "seen"),
    [
        ("DELETE FROM member WHERE scope = ''", "without its effect"),
        ("DELETE FROM outbox", "without its operation"),
        ("UPDATE member SET d = json_set(d, '$.name', 'x') WHERE scope = ''", "not what its operations make"),
        ("UPDATE meta SET value = 1 WHERE key = 'next_seq'", "next seq"),
    ],
)
async def test_what_is_half_is_seen(tmp_path: Path, harm: str, seen: str) -> None:
    tablet = Tablet(tmp_path / "store.db")
    await tablet.enrol()
    await tablet.do(sign_up("00000000-0000-4000-8000-00000000c001", PHONES[0]))
    assert look(tmp_path).half == ()
    await tablet.store.sync._base.workers.write(lambda connection: connection.execute(harm).fetchall())
    assert any(seen in told for told in look(tmp_path).half)
    tablet.store.close()
