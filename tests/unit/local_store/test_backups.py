"""Copies of before an update do not outlive the day on which HQ answered the updated file."""

from __future__ import annotations

from pathlib import Path

import pytest

from local_store.backups import Backups
from tests.unit.local_store.kit import Bench


@pytest.mark.asyncio
async def test_they_are_deleted_when_the_store_tidies_up(bench: Bench) -> None:
    backups = Backups(bench.path)
    for version in ("m0001_first", "m0002_visitors"):
        backups.before(version).write_bytes(b"an old form of the file")
    other = bench.path.with_name("other.db.m0001_first.bak")
    other.write_bytes(b"another's")
    await bench.store.sync.tidy()
    assert sorted(bench.path.parent.glob("*.bak")) == [other]
    assert bench.path.exists()


def test_one_that_cannot_be_deleted_is_said_and_tried_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    backups = Backups(tmp_path / "store.db")
    copy = backups.before("m0001_first")
    copy.write_bytes(b"x")

    def busy(_path: Path) -> None:
        raise PermissionError

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", busy)
        assert backups.drop() == 0
    assert "could not be deleted: PermissionError" in caplog.text
    assert (backups.drop(), copy.exists()) == (1, False)
