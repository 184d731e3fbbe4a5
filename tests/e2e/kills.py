"""Kills a tablet at random moments during writes and syncs, again and again, and asks HQ what became of the work.

`python -m tests.e2e.kills --kills 1000 --seed 7 [--no-idempotence]`. The tablet is the whole product but its screen, in
a process of its own; HQ is another process on a real PostgreSQL. What the tablet said was saved stands in a journal
file outside its database. HQ is asked by SQL written here, which shares no code with the product. The control
(`--no-idempotence`) must find doubled work: HQ forgets which operations it knows, tablets renumber when they start.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from typing import Any

import psycopg

ID_FIELDS = {
    "member.sign_up": "member_id",
    "order.place": "order_id",
    "talk.log": "talk_id",
    "followup.set": "followup_id",
}
EFFECTS = {
    "member.sign_up": "SELECT id FROM member UNION SELECT id FROM member_alias",
    "order.place": "SELECT id FROM shop_order",
    "talk.log": "SELECT id FROM talk",
    "followup.set": "SELECT id FROM followup",
}
LONGEST_LIFE_S = 1.2
LONGEST_WAIT_S = 20.0


@dataclass(frozen=True)
class Verdict:
    """What came of it. `made`: operations whose commit returned; `at_hq`: different operations in HQ's log."""

    seed: int
    kills: int
    made: int
    at_hq: int
    lost: int
    doubled: int
    without_effect: int
    stock_wrong_by: int
    parked: int
    undrained: int
    seconds: float


def run(kills: int, seed: int, *, idempotent: bool = True, say: Callable[[str], None] = lambda _: None) -> Verdict:
    """Starts HQ, lets a tablet live and die, drains it, and compares."""
    began = time.monotonic()
    random = Random(seed)
    with _folder() as folder, _hq(folder, idempotent=idempotent) as hq:
        _live(folder, hq, seed, 0, "enrol")
        longest, before = LONGEST_LIFE_S, 0
        for number in range(1, kills + 1):
            _live_and_die(folder, hq, seed, number, random.uniform(0, longest), renumber=not idempotent)
            longest, before = _next_longest(longest, before, _made(folder))
            if number % 50 == 0:
                say(f"{number} of {kills} kills, {time.monotonic() - began:.0f} s")
        undrained = _live(folder, hq, seed, kills + 1, "drain")
        made = [tuple(line.split()) for line in (folder / "journal").read_text().splitlines()]
        return Verdict(
            seed=seed, kills=kills, made=len(made), undrained=undrained, **_compare(hq, made),
            seconds=round(time.monotonic() - began, 1),
        )  # fmt: skip


def _next_longest(longest: float, before: int, made: int) -> tuple[float, int]:
    """On a slow machine lives must be longer, or they end before anything is done."""
    if made > before:
        return max(LONGEST_LIFE_S, longest * 0.9), made
    return min(LONGEST_WAIT_S, longest * 1.3), made


def _made(folder: Path) -> int:
    journal = folder / "journal"
    return len(journal.read_text().splitlines()) if journal.exists() else 0


def _live_and_die(folder: Path, hq: dict[str, Any], seed: int, number: int, seconds: float, *, renumber: bool) -> None:
    """One life. It must end by our SIGKILL, never by itself."""
    child = _fork(lambda life: life.work_until_killed(renumber=renumber), folder, hq, seed, number)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if not os.WIFSIGNALED(status) or os.WTERMSIG(status) != signal.SIGKILL:
        raise RuntimeError(f"life {number} ended by itself: see {folder / 'tablet.err'}\n{_last_words(folder)}")


def _live(folder: Path, hq: dict[str, Any], seed: int, number: int, what: str) -> int:
    """A life that ends of itself; gives its exit code (drain: how many operations still wait, at most 250)."""
    child = _fork(lambda life: getattr(life, what)(), folder, hq, seed, number)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if code < 0 or code > 250:
        raise RuntimeError(f"{what} failed\n{_last_words(folder)}")
    return code


def _fork(live: Callable[[Any], int | None], folder: Path, hq: dict[str, Any], seed: int, number: int) -> int:
    """A child with all imports done: a start takes as long as opening the store. This process has but one thread."""
    from tests.e2e.kills_tablet import Life

    child = os.fork()
    if child:
        return child
    code = 251
    try:
        with (folder / "tablet.err").open("a") as errors:
            os.dup2(errors.fileno(), 2)
        code = min(live(Life(folder, hq, seed, number)) or 0, 250)
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def _last_words(folder: Path) -> str:
    return "\n".join((folder / "tablet.err").read_text(errors="replace").splitlines()[-30:])


def _compare(hq: dict[str, Any], made: list[tuple[str, ...]]) -> dict[str, int]:
    """The journal against HQ's tables."""
    with psycopg.connect(hq["database"]) as connection:
        log = connection.execute("SELECT kind, convert_from(body, 'UTF8')::json, status FROM op_log").fetchall()
        there = {kind: {str(row[0]) for row in connection.execute(query)} for kind, query in EFFECTS.items()}
        stock = connection.execute(
            "SELECT product_id::text, on_hand FROM stock WHERE store_id = %s", [hq["shop"]["store_id"]]
        ).fetchall()
    count = Counter((kind, body[ID_FIELDS[kind]]) for kind, body, _ in log)
    sold = _sold(body for kind, body, status in log if kind == "order.place" and status == "applied")
    journal = [(kind, made_id) for kind, made_id in made]
    return {
        "at_hq": len(count),
        "lost": sum(entry not in count for entry in journal),
        "doubled": sum(n - 1 for n in count.values()) + len(journal) - len(set(journal)),
        "without_effect": sum(made_id not in there[kind] for kind, made_id in journal),
        "stock_wrong_by": sum(abs(hq["stock"] - on_hand - sold[product]) for product, on_hand in stock),
        "parked": sum(status == "parked" for _, _, status in log),
    }


def _sold(orders: Iterable[dict[str, Any]]) -> Counter[str]:
    """Pieces of each product in different orders."""
    pieces: Counter[str] = Counter()
    for order in {order["order_id"]: order for order in orders}.values():
        for line in order["lines"]:
            pieces[line["product_id"]] += line["qty"]
    return pieces


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="guide-kills-") as name:
        Path(name).chmod(0o711)  # the database server's own account passes through it
        yield Path(name)


@contextlib.contextmanager
def _hq(folder: Path, *, idempotent: bool) -> Iterator[dict[str, Any]]:
    command = [sys.executable, "-m", "tests.e2e.kills_hq", str(folder / "hq")]
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    with (
        (folder / "hq.err").open("w") as errors,
        subprocess.Popen(
            [*command, *([] if idempotent else ["--no-idempotence"])], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=errors, text=True, env=environment, cwd=Path(__file__).parents[2],
        ) as process,
    ):  # fmt: skip
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("no pipes to HQ")
        line = process.stdout.readline()
        if not line:
            raise RuntimeError(f"HQ did not start\n{(folder / 'hq.err').read_text()[-3000:]}")
        try:
            yield json.loads(line)
        finally:
            process.stdin.close()
            process.wait(60)


def main(arguments: list[str] | None = None) -> int:
    """0 when nothing was lost or doubled; of the control, when doubled work was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--no-idempotence", action="store_true", help="the control")
    given = parser.parse_args(arguments)
    idempotent = not given.no_idempotence
    verdict = run(given.kills, given.seed, idempotent=idempotent, say=lambda text: print(text, flush=True))
    for name, value in asdict(verdict).items():
        print(f"{name.replace('_', ' '):16} {value}")
    if not idempotent:
        return 0 if verdict.doubled else 1
    return 1 if verdict.lost or verdict.doubled or verdict.undrained or verdict.without_effect else 0


if __name__ == "__main__":
    sys.exit(main())
