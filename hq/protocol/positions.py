"""Positions after HQ went back to an older state: none is given twice, whatever the lost history gave.

A row's version alone cannot tell two histories apart: both may have changed it as often. A row that is written after
the leap stands behind every position that a tablet may have from before, and so it is sent to each of them.
"""

from __future__ import annotations

LEAP = 2**32
"""More positions than a scope gives between a backup and the failure; two million leaps fit into exact numbers."""


def leapt(head: int) -> int:
    """The head of a scope in a new epoch: the next multiple of `LEAP`."""
    return (head // LEAP + 1) * LEAP
