"""`guide --windowed` as it is, in a window that `hands` can work: the process that `Tablet` starts."""

from __future__ import annotations

import sys

from guide_app import cli
from tests.e2e.hands import Hands

if __name__ == "__main__":
    sys.exit(cli.main(["--windowed"], Hands().take))
