from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from guide_app.adapters import logs


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("phone +8613800138000 taken", "phone ****00 taken"),
        ("phone 138 0013 8000", "phone ****00"),
        ("phone 138-0013-8000", "phone ****00"),
        ("pin $argon2id$v=19$m=65536,t=3,p=1$c2FsdA$aGFzaA kept", "pin [secret] kept"),
        ("key A6EHv_POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg!", "key [secret]!"),
        ("HTTP 503 after 12 s, 155848 rows", "HTTP 503 after 12 s, 155848 rows"),
        ("op 01936f00-0000-7000-8000-000000000001 closed", "op 01936f00-0000-7000-8000-000000000001 closed"),
        ("port 127.0.0.1:54321", "port 127.0.0.1:54321"),
    ],
)
def test_what_is_masked(said: str, written: str) -> None:
    assert logs.mask(said) == written


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    level = logging.getLogger().level
    handler = logs.set_up(tmp_path / "logs", "INFO")
    yield tmp_path / "logs"
    logs.take_down(handler)
    logging.getLogger().setLevel(level)


def test_the_file_tells_when_and_what_but_no_phone(folder: Path) -> None:
    logging.getLogger("guide").info("member %s", "13800138000")
    try:
        raise ValueError("phone 13800138000")
    except ValueError:
        logging.getLogger("guide").info("it broke", exc_info=True)
    written = (folder / "store-guide.log").read_text()
    assert "INFO guide: member ****00" in written
    assert "ValueError: phone ****00" in written
    assert "13800138000" not in written
    assert written[:4].isdigit()


@pytest.mark.expects_log
def test_warnings_of_python_reach_the_file(folder: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(capture=True)
        warnings.warn("something old", stacklevel=1)
    assert "something old" in (folder / "store-guide.log").read_text()


def test_a_full_file_makes_room(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(60):
        logging.getLogger("guide").info("x" * 100_000)
    sizes = [path.stat().st_size for path in folder.iterdir()]
    assert len(sizes) == 5
    assert max(sizes) <= 1 << 20


def test_without_a_folder_it_goes_to_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    level = logging.getLogger().level
    handler = logs.set_up(None, "INFO")
    logging.getLogger("guide").info("member %s", "13800138000")
    logs.take_down(handler)
    logging.getLogger().setLevel(level)
    assert "member ****00" in capsys.readouterr().err
