"""The diagnostics file: whole, readable, without personal data, and said where it cannot be."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from guide_app.adapters.diagnostics import DiagnosticsFile
from guide_app.domain.clock import ManualClock
from guide_app.domain.errors import NotSaved
from guide_app.services.ports.engine import SyncView


class Facts:
    async def facts(self) -> dict[str, Any]:
        return {"outbox": [{"state": "pending", "count": 3}]}


def papers(tmp_path: Path, folder: str = "documents") -> DiagnosticsFile:
    clock = ManualClock(datetime(2026, 11, 22, 10, 0, 5, tzinfo=UTC))
    return DiagnosticsFile(
        folder=tmp_path / folder, data=tmp_path, logs=tmp_path / "logs", facts=Facts(), clock=clock,
        app_version="1.2.3", view=lambda: SyncView(phase="idle", problem="no_network"),
    )  # fmt: skip


def test_it_holds_what_is_known_and_the_end_of_the_log_oldest_first(tmp_path: Path) -> None:
    logs = tmp_path / "logs"
    logs.mkdir()
    (logs / "store-guide.log.1").write_text("2026-11-21 10:00:00,000 INFO a: first\n", encoding="utf-8")
    (logs / "store-guide.log").write_text("2026-11-22 10:00:00,000 INFO a: last\n", encoding="utf-8")
    path = Path(asyncio.run(papers(tmp_path).save()))
    assert path.name == "store-guide-20261122-100005.json"
    told = json.loads(path.read_bytes())
    assert (told["app"], told["made_at"]) == ("1.2.3", "2026-11-22T10:00:05.000Z")
    assert (told["sync"]["phase"], told["sync"]["problem"]) == ("idle", "no_network")
    assert told["outbox"] == [{"state": "pending", "count": 3}]
    assert told["log"] == ["2026-11-21 10:00:00,000 INFO a: first", "2026-11-22 10:00:00,000 INFO a: last"]
    assert told["disk"]["free"] > 0
    assert path.stat().st_mode & 0o077 == 0


def test_what_an_older_version_logged_in_the_clear_is_masked(tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    line = "2026-11-22 10:00:00,000 INFO a: called 13800001234\n"
    (tmp_path / "logs" / "store-guide.log").write_text(line, encoding="utf-8")
    text = Path(asyncio.run(papers(tmp_path).save())).read_text(encoding="utf-8")
    assert "13800001234" not in text
    assert "called ****34" in text


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "documents").write_text("a file where the folder should be")
    with pytest.raises(NotSaved, match="disk_failed"):
        asyncio.run(papers(tmp_path).save())
