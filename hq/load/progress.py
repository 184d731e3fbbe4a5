"""What a person sees while it loads: a bar on a terminal, plain lines elsewhere; and the tables at the end."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table

TOTAL = 35.0
"""What the weights of all steps add up to: seconds on a small machine."""


class Steps:
    """The progress of the load, step by step."""

    def __init__(self, console: Console) -> None:
        self._console, self._began = console, time.monotonic()
        self._before, self._weight = 0.0, 0.0
        columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
        self._bar = Progress(*columns, console=console) if console.is_terminal else None
        self._task = self._bar.add_task("", total=TOTAL) if self._bar else TaskID(0)

    def __enter__(self) -> Steps:
        if self._bar:
            self._bar.start()
        return self

    def __exit__(self, *_error: object) -> None:
        if self._bar:
            self._bar.stop()

    def say(self, what: str, weight: float) -> None:
        """A step begins, which will take about `weight`."""
        self._before, self._weight = self._before + self._weight, weight
        if self._bar:
            self._bar.update(self._task, description=what, completed=self._before)
        else:
            self._console.print(f"{self.seconds():6.1f} s  {what}")

    def filling(self, size: int) -> Callable[[int], None]:
        """What is to be told how many more of the step's `size` bytes are done."""
        done = 0

        def advance(more: int) -> None:
            nonlocal done
            done += more
            if self._bar:
                self._bar.update(self._task, completed=self._before + self._weight * done / size)

        return advance

    def seconds(self) -> float:
        """Since it began."""
        return time.monotonic() - self._began


def show(console: Console, title: str, rows: Sequence[tuple[str, int]]) -> None:
    """A table of counts."""
    table = Table(title=title, title_justify="left", show_header=False)
    table.add_column()
    table.add_column(justify="right")
    for words, count in rows:
        table.add_row(words, f"{count:,}")
    console.print(table)
