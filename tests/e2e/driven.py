"""`guide --windowed` as it is, in a window that `hands` can work: the process that `Tablet` starts.

With `HANDS_DAYS` its clock is so many days ahead, as after days in a drawer.
"""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

from guide_app import cli
from guide_app.domain.clock import SystemClock
from tests.e2e.hands import Hands


def _later(_clock: SystemClock) -> datetime:
    return datetime.now(UTC) + timedelta(days=int(os.environ["HANDS_DAYS"]))


if __name__ == "__main__":
    if "HANDS_DAYS" in os.environ:
        patch.object(SystemClock, "now", _later).start()
    sys.exit(cli.main(["--windowed"], Hands().take))
