"""The folder that HQ's processes share goes with its HQ, also where that was killed."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from hq.shared.folder import PREFIX, shared_folder

HOLDS = """
import sys
from hq.shared.folder import shared_folder
with shared_folder() as folder:
    print(folder, flush=True)
    sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return tmp_path


def test_it_goes_when_its_hq_ends(apart: Path) -> None:
    with shared_folder() as folder:
        (folder / "figures").mkdir()
        assert folder.parent == apart
    assert list(apart.iterdir()) == []


def test_what_a_killed_hq_left_goes_at_the_next_start_and_that_of_a_living_one_stays(apart: Path) -> None:
    being_made = apart / f"{PREFIX}being-made"
    being_made.mkdir()
    with subprocess.Popen([sys.executable, "-c", HOLDS], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        theirs = Path(process.stdout.readline().decode().strip())
        with shared_folder() as ours:
            assert {one.name for one in apart.iterdir()} == {theirs.name, ours.name, being_made.name}
        process.kill()
        process.wait()
        assert theirs.exists()
        with shared_folder() as ours:
            assert {one.name for one in apart.iterdir()} == {ours.name, being_made.name}
