"""The README's first command, from an empty folder: a day on the real year, with pictures, a kill and no network."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

OTHERS = ("DISPLAY", "DATABASE_URL", "DJANGO_", "GUIDE_", "QT_")
"""What other tests, or the person's screen, would bring into it."""
PATIENCE_S = 900


def test_the_demo_plays_its_day_and_hq_holds_what_was_done() -> None:
    with tempfile.TemporaryDirectory(prefix="guide-demo-") as name:
        folder = Path(name)
        folder.chmod(0o711)  # the database server's own account passes through it
        done = subprocess.run(
            [sys.executable, "-m", "tests.e2e.demo", name],
            cwd=Path(__file__).parents[2],
            env={name: value for name, value in os.environ.items() if not name.startswith(OTHERS)},
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        pictures = {path.stem for path in (folder / "pictures").glob("*.png")}
    assert {"sign-up-en", "orders-en", "talk-en", "tour-rail-Today-zh_CN", "tour-portrait-rail-Order-en"} <= pictures
