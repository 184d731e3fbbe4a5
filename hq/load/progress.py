"""What a person sees while it loads: a bar on a terminal, plain lines elsewhere; and the tables at the end."""

from __future__ import annotations

import time
from collections.abc import Sequence
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table


class Steps:
    """The progress of the load over its steps, each with a weight (about its share of the time)."""

    def __init__(self, console: Console, total: float) -> None:
        self._console, self._began = console, time.monotonic()
        self._bar: Progress | None = None
        if console.is_terminal:
            columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
            self._bar = Progress(*columns, console=console)
            self._task = self._bar.add_task("", total=total)

    def __enter__(self) -> Steps:
        if self._bar:
            self._bar.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._bar:
            self._bar.stop()

    def say(self, what: str) -> None:
        """A step begins."""
        if self._bar:
            self._bar.update(self._task, description=what)
        else:
            self._console.print(f"{time.monotonic() - self._began:6.1f} s  {what}", highlight=False)

    def advance(self, weight: float) -> None:
        """So much more is done."""
        if self._bar:
            self._bar.advance(self._task, weight)

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
