"""`guide doctor` and what goes wrong before there is a screen, as a person at the command line meets it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from guide_app import cli
from guide_app.adapters.instance import alone_in
from guide_app.adapters.keys import FileKeySource
from guide_app.bootstrap import key_source, open_store
from guide_app.domain.clock import SystemClock
from guide_app.domain.ids import Ids
from guide_app.settings import Settings


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("GUIDE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("GUIDE_KEY_SOURCE", "file")
    monkeypatch.setenv("GUIDE_LANG", "en")
    return Settings(data=tmp_path / "data", key_source="file")


def opened_once(settings: Settings) -> None:
    clock = SystemClock()
    open_store(settings, key_source(settings), clock, Ids(clock, os.urandom)).close()


def doctor(capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, str]:
    code = cli.main([*options, "doctor"])
    return code, capsys.readouterr().out


def test_a_tablet_before_its_first_start_is_well(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    code, said = doctor(capsys)
    assert code == 0
    assert "well   Database library: SQLite 3." in said
    assert "look   Keys: kept in files" in said
    assert "not enrolled" in said
    assert not settings.database.exists(), "it only looks"


def test_it_speaks_chinese(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    code, said = doctor(capsys, "--lang", "zh_CN")
    assert code == 0
    assert "数据库组件" in said


def test_a_database_that_opens(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    opened_once(settings)
    code, said = doctor(capsys)
    assert code == 0
    assert "Database: not made yet: the tablet is not enrolled" in said


def test_a_database_whose_key_is_gone(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    opened_once(settings)
    (settings.keys / "database.key").unlink()
    code, said = doctor(capsys)
    assert code == 1
    assert "wrong  Database: it cannot be opened: its key is gone" in said


def test_a_database_with_another_key(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    opened_once(settings)
    FileKeySource(settings.keys).store("database", bytes(32))
    code, said = doctor(capsys)
    assert code == 1
    assert "its key does not fit" in said


def test_keys_that_others_can_read(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    opened_once(settings)
    settings.keys.chmod(0o755)
    code, said = doctor(capsys)
    assert code == 1
    assert "wrong  Keys: its files can be read by others" in said


def test_a_tablet_that_runs_already(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    opened_once(settings)
    with alone_in(settings.data):
        code, said = doctor(capsys)
    assert code == 1
    assert "runs already" in said
    assert doctor(capsys)[0] == 0, "and not any more"


def test_a_setting_that_is_none(
    settings: Settings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GUIDE_KEY_SOURCE", "cloud")
    assert cli.main(["doctor"]) == 1
    assert "GUIDE_KEY_SOURCE" in capsys.readouterr().err


def test_a_folder_that_cannot_be_made(tmp_path: Path, capsys: pytest.CaptureFixture[str], settings: Settings) -> None:
    (tmp_path / "file").write_text("in the way")
    code, said = doctor(capsys, "--data", str(tmp_path / "file" / "data"))
    assert code == 1
    assert "cannot be written" in said


def test_the_module_is_the_command() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "guide_app", "--help"], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0
    assert "doctor" in done.stdout


def test_a_diagnostics_file_is_written_where_it_was_asked_for(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GUIDE_DIAGNOSTICS", str(tmp_path / "papers"))
    opened_once(settings)
    assert cli.main(["diagnostics"]) == 0
    (made,) = (tmp_path / "papers").iterdir()
    assert capsys.readouterr().out == f"Written: {made}\n"


def test_without_a_database_there_is_nothing_to_diagnose(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["diagnostics"]) == 1
    assert "not made yet" in capsys.readouterr().err
