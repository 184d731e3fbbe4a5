"""All of HQ's jobs."""

from __future__ import annotations

from hq.jobs.loop import Job
from hq.sync_api import directory

JOBS: tuple[Job, ...] = (Job("release-leases", 15 * 60.0, directory.release_leases),)
"""In the order in which they run when several are due. A new job: one line here, its work in its feature."""
