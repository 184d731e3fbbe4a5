"""`guide-hq load complete-journey`: the whole year into HQ's tables and feeds, in one transaction.

DuckDB writes the rows of one table to a file while PostgreSQL takes those of the table before; nothing of the 1.47
million lines passes through Python. Stopped by Ctrl-C, it leaves the database as it was.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date
from pathlib import Path

from django.db import transaction
from rich.console import Console

from guide_app.domain.errors import EnvironmentProblem
from hq.history.models import ErasedPerson
from hq.load import bulk, chain, counts, exports, pictures
from hq.load.models import DataLoad
from hq.load.plan import MAX_STORES, SEED, Plan, today
from hq.load.progress import TOTAL, Steps, show
from hq.load.source import Source
from hq.members.models import Member
from hq.stores.models import Store
from hq.words import _

SOURCE = "complete-journey"
PICTURES = 100
"""Products with a drawn picture, where nobody says how many."""


def run(argv: Sequence[str]) -> int:
    """Loads as the command line says; returns the exit status."""
    args = _parser().parse_args(argv)
    plan = Plan(as_of=args.as_of, stores=args.stores, seed=args.seed, households=args.households)
    console = Console(highlight=False)
    try:
        report = load(plan, console)
        _draw(args.pictures, console)
    except KeyboardInterrupt:
        console.print(_("Stopped. The database is as it was."))
        return 130
    show(console, _("Loaded"), report.loaded)
    show(console, _("Lines and orders that are out of the ordinary (all kept)"), report.odd)
    done = _("Done in {seconds} s; the last day is {day}. Everybody's PIN is {pin}.")
    console.print(done.format(seconds=f"{report.seconds:.1f}", day=plan.last_day, pin=chain.STAFF_PIN))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="guide-hq load complete-journey", description=_("Loads a real year of baskets; what it lacks is made up.")
    )
    parser.add_argument("--stores", type=_stores, default=4, help=_("how many stores, 1 to 12"))
    parser.add_argument("--as-of", type=date.fromisoformat, default=today(), help=_("the day that counts as today"))
    parser.add_argument("--seed", type=int, default=SEED, help=_("what is made up is made from this number"))
    parser.add_argument("--pictures", type=_number, default=PICTURES, help=_("how many products get a drawn picture"))
    parser.add_argument("--households", type=_positive, help=_("only so many households, and what they bought"))
    return parser


def _stores(text: str) -> int:
    number = int(text)
    if not 1 <= number <= MAX_STORES:
        raise argparse.ArgumentTypeError(_("how many stores, 1 to 12"))
    return number


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(_("at least 1"))
    return number


def _number(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(_("at least 0"))
    return int(text)


def _draw(count: int, console: Console) -> None:
    """Pictures are no part of the load's transaction: a load that was stopped there is whole, and has fewer of them."""
    if count:
        with Steps(console) as steps:
            steps.say(_("drawing pictures"), TOTAL)
            done = steps.filling(count)
            pictures.make(count, lambda: done(1))


def load(plan: Plan, console: Console) -> counts.Report:
    """Loads the plan into an empty HQ. Raises EnvironmentProblem("data_there") where HQ holds stores already,
    EnvironmentProblem("data_erased") where somebody of the plan was erased here; then nothing is done.
    """
    if Store.objects.exists():
        raise EnvironmentProblem("data_there")
    with tempfile.TemporaryDirectory(prefix="guide-load-") as folder, Steps(console) as steps:
        steps.say(_("reading the source"), 0.1)
        source = Source(plan, Path(folder))
        try:
            with transaction.atomic():
                made = chain.make(plan, source, steps)
                _copy_all(source, made, Path(folder), steps)
                if ErasedPerson.objects.filter(id__in=Member.objects.values("id")).exists():
                    raise EnvironmentProblem("data_erased")
                chain.set_heads(source)
                report = counts.report(source)
                DataLoad.objects.create(
                    source=SOURCE, as_of=plan.as_of, seed=plan.seed, stores=plan.stores,
                    households=made.households, counts=dict(report.odd),
                )  # fmt: skip
        finally:
            source.close()
        steps.say(_("letting the database know its tables"), 1)
        bulk.analyse([*exports.TABLES, *exports.SMALL_TABLES])
        report.seconds = steps.seconds()
    return report


def _copy_all(source: Source, made: chain.Made, folder: Path, steps: Steps) -> None:
    """Each export is written by DuckDB while the one before is copied."""
    wanted = exports.all_of(made)
    with (
        bulk.without_indexes(exports.TABLES, lambda: steps.say(_("making the indexes"), 4)),
        ThreadPoolExecutor(max_workers=1) as writer,
    ):
        files: list[Future[Path]] = [
            writer.submit(source.write, export.query, folder / f"{place}.csv") for place, export in enumerate(wanted)
        ]
        try:
            for export, file in zip(wanted, files, strict=True):
                path = file.result()
                steps.say(export.words, export.weight)
                size = path.stat().st_size or 1
                bulk.copy(export.table, export.columns, path, steps.filling(size))
                path.unlink()
        except BaseException:
            writer.shutdown(wait=False, cancel_futures=True)
            source.duck.interrupt()
            raise
