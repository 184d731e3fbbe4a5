"""`python -m hq.payments.local FOLDER [--port 8790]`: serves the local provider until it is stopped, for trials.

The folder gets a secret, and the file that `GUIDE_HQ_PAYMENTS` names.
"""

from __future__ import annotations

import argparse
import os
import secrets
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from guide_app.domain.clock import SystemClock
from hq.payments.local import server


def prepare(folder: Path, port: int) -> bytes:
    """The secret, made at first use and its owner's alone; and the file for HQ."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / "local.secret"
    if not kept.exists():
        with os.fdopen(os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(32))
    told = f'{{"provider": "local", "url": "http://127.0.0.1:{port}", "secret_file": "{kept.name}"}}\n'
    (folder / "payments.json").write_text(told, encoding="ascii")
    return kept.read_bytes().strip()


def main(arguments: Sequence[str]) -> int:
    """Serves; returns when it is stopped from the keyboard."""
    parser = argparse.ArgumentParser(prog="python -m hq.payments.local", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--port", type=int, default=8790)
    chosen = parser.parse_args(arguments)
    secret = prepare(chosen.folder, chosen.port)
    with server.running(secret, SystemClock(), port=chosen.port) as desk:
        print(f"{desk.base_url}  GUIDE_HQ_PAYMENTS={chosen.folder / 'payments.json'}", flush=True)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            return 0
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
