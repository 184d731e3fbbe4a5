"""Where PostgreSQL runs when HQ is root: the programs that its account can run."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from hq.database import account
from hq.database.embedded import _installed


def test_programs_that_the_account_cannot_reach_run_from_a_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in a clone under a folder that only root may enter: a library that lies beside the package was left behind."""
    monkeypatch.setattr(account, "OWN_HOME", tmp_path / "home")
    monkeypatch.setattr(account.Account, "reaches", lambda _self, _path: False)
    copied = account.programs(account.Account(12345, 12345), _installed())
    assert copied.is_relative_to(tmp_path)
    told = subprocess.run([copied / "bin" / "initdb", "--version"], check=False, capture_output=True, text=True)
    assert (told.returncode, told.stdout.split()[0]) == (0, "initdb"), told.stderr
    assert account.programs(account.Account(12345, 12345), _installed()) == copied, "once"
