"""`guide` as it is, in a window that `hands` can work: the process that `Tablet` starts."""

from __future__ import annotations

import os
import sys

from guide_app import bootstrap
from guide_app.adapters import logs
from guide_app.settings import read
from tests.e2e.hands import attach
from ui.runtime import run


def main() -> int:
    """The same as `guide --windowed`."""
    settings = read(os.environ, {"windowed": True})
    handler = bootstrap.set_up_log(settings)
    try:
        chosen = bootstrap.preferences(settings)
        return run(lambda: bootstrap.tablet(settings, chosen=chosen), windowed=True, on_window=attach)
    finally:
        logs.take_down(handler)


if __name__ == "__main__":
    sys.exit(main())
