"""Waits until nobody uses an embedded cluster any more, then stops it: `python -m hq.database.keeper DATA_FOLDER`.

It is started with the server and outlives a holder that was killed; see `hq.database.embedded`.
"""

from __future__ import annotations

import fcntl
import os
import signal
import sys
from pathlib import Path

from hq.database.embedded import Cluster


def main(data: Path) -> None:
    """Blocks until the cluster's last user is gone, then stops the server."""
    os.setsid()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # they are meant for the users; it ends by itself right after them
    cluster = Cluster(data)
    users = os.open(cluster.users_file, os.O_RDWR)
    fcntl.flock(users, fcntl.LOCK_EX)
    cluster.stop()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
