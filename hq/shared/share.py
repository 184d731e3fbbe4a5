"""How many processes serve one HQ, and what of the whole is each one's."""

from __future__ import annotations

from typing import NamedTuple

MOST = 8
"""Of processes: with more of them one would hold too few requests, and too few threads for what takes long."""
_LOOKING = 4
"""Connections of a process for idle tablets and streams."""
_CONSOLE, _CONSOLE_LEAST = 8, 4
"""Connections for the console in all, and of one process."""
_READY_LEAST = 16 << 20
_OF_OTHERS = 20
"""Connections that are left to HQ's first process, to commands and to backups."""


class Whole(NamedTuple):
    """What HQ takes on: requests answered at once, requests in the house, bytes of pages that lie ready."""

    threads: int = 8
    inside: int = 64
    ready_bytes: int = 64 << 20


class Share(NamedTuple):
    """One process's part. `inside` of all parts is never above the whole; each has two threads at least, so that what
    takes long does not hold up all. `connections`: of Django's pool, of which a thread keeps one."""

    threads: int
    inside: int
    ready_bytes: int
    connections: int


def of(processes: int, whole: Whole | None = None) -> Share:
    """The share of one of so many processes (1 to MOST)."""
    whole = whole or Whole()
    threads = max(2, whole.threads // processes)
    ready = max(whole.ready_bytes // processes, min(whole.ready_bytes, _READY_LEAST))
    return Share(threads, whole.inside // processes, ready, threads + max(_CONSOLE_LEAST, _CONSOLE // processes))


def count(asked: int, cores: int, connections: int) -> int:
    """How many processes to run: `asked` or, for 0, as many as cores; no more than so many connections allow."""
    wanted = min(asked or cores, MOST)
    while wanted > 1 and wanted * (of(wanted).connections + _LOOKING) > connections - _OF_OTHERS:
        wanted -= 1
    return max(1, wanted)
