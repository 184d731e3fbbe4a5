"""All of HQ's jobs."""

from __future__ import annotations

from hq.jobs.loop import Job

JOBS: tuple[Job, ...] = ()
"""In the order in which they run when several are due. A new job: one line here, its work in its feature."""
