"""The last section of `docs/sync-protocol.md`: every rule has its row, and every row names tests that are run.

What the code has (statuses, codes, entities, kinds, addresses, steps, phases) and what the page's own tables have is
looked for row by row: a rule that is added without a test fails here.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from itertools import chain
from pathlib import Path
from typing import NamedTuple, get_args

import pytest

from guide_app.domain.records import ENTITIES
from guide_app.operations import OPERATIONS
from hq.handlers.words import WORDS
from hq.ledger import steps
from hq.sync_api import problems
from sync.machine import TABLE
from sync.protocol.messages import BatchStatus, ResultStatus, RowState

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "sync-protocol.md").read_text(encoding="utf-8")
BODY, _, CHECKLIST = PAGE.partition("\n## 12. Every rule and its test\n")
_TESTS = re.compile(r"`(tests/[\w/]+\.py(?:::\w+)+)`(?:, |$)")
_SKIPPED = {"skip", "skipif", "xfail", "importorskip"}
_SHARED = ("tests/contract/ports.py", "tests/contract/past.py", "tests/contract/blobs.py")
"""Suites that several modules inherit."""


class Line(NamedTuple):
    """A row of the checklist; `tests`: pytest's names of them."""

    rule: str
    tests: tuple[str, ...]


def rows_of(text: str) -> list[list[str]]:
    """The cells of a Markdown table's rows, without its head."""
    found = [line for line in text.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in found if "| --- |" not in line]


def _tables() -> dict[str, list[Line]]:
    parts = re.split(r"^### (.+)$", CHECKLIST, flags=re.M)[1:]
    return {
        title: [Line(row[0], tuple(_TESTS.findall(row[-1]))) for row in rows_of(text)[1:]]
        for title, text in zip(parts[::2], parts[1::2], strict=True)
    }


CHECKED = _tables()
LINES = list(chain.from_iterable(CHECKED.values()))
NAMED = sorted({test for line in LINES for test in line.tests})


def section(number: int) -> str:
    """A section of the page, up to the next."""
    return BODY.partition(f"\n## {number}. ")[2].partition("\n## ")[0]


def table_after(text: str, head: str) -> list[list[str]]:
    """The rows of the table that begins with this line."""
    return rows_of(text[text.index(head) :].partition("\n\n")[0])[1:]


# ---------------------------------------------------------------- the tests that are named


@cache
def module(path: str) -> ast.Module:
    return ast.parse((ROOT / path).read_text(encoding="utf-8"))


def _words(node: ast.AST) -> set[str]:
    """Every name and attribute in it."""
    names = {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
    return names | {one.attr for one in ast.walk(node) if isinstance(one, ast.Attribute)}


def _defined(body: list[ast.stmt], name: str) -> ast.stmt | None:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return next((one for one in body if isinstance(one, kinds) and one.name == name), None)


def trouble(test: str) -> str:
    """Why this is no test that holds something, or ""."""
    path, *names = test.split("::")
    if not (ROOT / path).exists():
        return "no such file"
    marks = [one for one in module(path).body if isinstance(one, ast.Assign) and "pytestmark" in _words(one)]
    nodes: list[ast.stmt] = []
    for name in names:
        inside = nodes[-1].body if nodes and isinstance(nodes[-1], ast.ClassDef) else module(path).body
        found = _defined(inside, name)
        if found is None or (found is not None and nodes and not isinstance(nodes[-1], ast.ClassDef)):
            return f"no {name} there"
        nodes.append(found)
    if not isinstance(nodes[-1], ast.FunctionDef | ast.AsyncFunctionDef) or not names[-1].startswith("test_"):
        return "not a test"
    if path in _SHARED and len(_heirs(names[0])) < 2:
        return "a suite that not both adapters are held to"
    if path not in _SHARED and not Path(path).name.startswith("test_"):
        return "in a file that is not collected"
    if any(_words(one) & _SKIPPED for one in (*marks, *nodes)):
        return "skipped"
    return "" if _holds(nodes[-1], path) else "asserts nothing"


def _holds(test: ast.stmt, path: str) -> bool:
    """Whether it, or a helper of its file that it calls, asserts something."""
    helpers = [_defined(module(path).body, name) for name in _words(test)]
    return any(
        isinstance(one, ast.Assert)
        or (isinstance(one, ast.Attribute) and one.attr == "raises")
        or (isinstance(one, ast.Name) and one.id.startswith("assert_"))
        for node in (test, *filter(None, helpers))
        for one in ast.walk(node)
    )


@cache
def _heirs(suite: str) -> frozenset[str]:
    """The test modules with a class that inherits the suite."""
    found = (path for path in (ROOT / "tests").rglob("test_*.py") if suite in path.read_text(encoding="utf-8"))
    trees = {str(path): module(str(path.relative_to(ROOT))) for path in found}
    return frozenset(
        path
        for path, tree in trees.items()
        for one in tree.body
        if isinstance(one, ast.ClassDef) and suite in set().union(*map(_words, one.bases))
    )


@pytest.mark.parametrize("test", NAMED)
def test_a_named_test_is_there_is_run_and_asserts(test: str) -> None:
    assert trouble(test) == ""


@pytest.mark.parametrize(
    ("test", "why"),
    [
        ("tests/unit/sync/test_no_such.py::test_x", "no such file"),
        ("tests/unit/sync/test_machine.py::test_no_such", "no test_no_such there"),
        ("tests/contract/ports.py::LedgerContract::test_no_such", "no test_no_such there"),
        ("tests/unit/sync/test_machine.py::sample", "not a test"),
        ("tests/contract/ports.py::LedgerContract", "not a test"),
    ],
)
def test_what_is_no_test_is_seen(test: str, why: str) -> None:
    assert trouble(test) == why


def test_every_row_has_a_rule_and_nothing_but_tests_beside_it() -> None:
    assert len(LINES) > 200
    assert all(lines for lines in CHECKED.values())
    odd = [row for row in rows_of(CHECKLIST) if row != ["rule", "test"] and not _whole(row)]
    assert odd == []
    rules = [line.rule for lines in CHECKED.values() for line in lines]
    assert len(rules) == len(set(rules))


def _whole(row: list[str]) -> bool:
    return len(row) == 2 and bool(row[0]) and bool(re.fullmatch(f"(?:{_TESTS.pattern})+", row[1]))


# ---------------------------------------------------------------- what must have its row


def _served() -> Iterator[str]:
    for path in sorted((ROOT / "hq" / "sync_api").glob("*.py")):
        yield from re.findall(r'"(/v1/[a-z.]+)"', path.read_text(encoding="utf-8"))


def _of_code() -> Iterator[tuple[str, str]]:
    """(table of the checklist, word that a rule of it must have in backticks): from the code."""
    kinds = [str(body.__struct_config__.tag) for body in steps.StepBody.__subclasses__()]
    named: dict[str, list[str]] = {
        "Entities": [*ENTITIES],
        "Statuses and their codes": sorted(set(problems.WORDS) - {"failed"}),
        "Addresses": sorted(set(_served())),
        "Batch statuses": list(get_args(BatchStatus)),
        "Result statuses": list(get_args(ResultStatus)),
        "Pages": sorted(set(get_args(RowState)) - {"put"}),
        "Steps": kinds,
        "Operations (section 8)": [*OPERATIONS],
        "Codes": sorted(WORDS),
        "The tablet's states (`sync/machine.py`)": [*TABLE],
    }
    for title, words in named.items():
        yield from ((title, word) for word in words)


@pytest.mark.parametrize(("title", "word"), sorted(set(_of_code())))
def test_what_the_code_has_is_checked(title: str, word: str) -> None:
    assert any(f"`{word}`" in line.rule for line in CHECKED[title]), f"{title}: no row for {word}"


def test_the_code_was_looked_at() -> None:
    titles = [title for title, _ in _of_code()]
    assert min(titles.count(title) for title in set(titles)) >= 3


@pytest.mark.parametrize("row", table_after(section(4), "| status | code | when |"), ids=lambda row: row[0])
def test_every_status_of_http_is_checked(row: list[str]) -> None:
    for status in row[0].split(", "):
        rules = [line.rule for line in CHECKED["Statuses and their codes"] if re.search(rf"\b{status}\b", line.rule)]
        assert rules
        codes = [code for code in row[1].split(", ") if code]
        assert [code for code in codes if not any(f"`{code}`" in rule for rule in rules)] == [] or len(codes) == 2


@pytest.mark.parametrize("row", table_after(section(8), "| outcome | codes |"), ids=lambda row: row[0])
def test_every_code_is_checked_under_its_outcome(row: list[str]) -> None:
    codes = re.findall(r"`(\w+)`", row[1])
    assert codes
    rules = [line.rule for line in CHECKED["Codes"] if line.rule.startswith(f"{row[0]} ")]
    assert [code for code in codes if not any(f"`{code}`" in rule for rule in rules)] == []


@pytest.mark.parametrize("row", table_after(section(6), "| what happens | rule |"), ids=lambda row: row[0])
def test_whatever_happens_is_checked(row: list[str]) -> None:
    assert row[0] in [line.rule for line in CHECKED["Whatever happens (section 6)"]]


def _lease_cells() -> Iterator[str]:
    head, *rows = rows_of(section(7)[section(7).index("| what comes |") :])
    for row in rows:
        yield from (
            f"{row[0]}: {column}" for column, cell in zip(head[1:], row[1:], strict=True) if "nothing is" not in cell
        )


@pytest.mark.parametrize("cell", [*_lease_cells()])
def test_every_cell_of_the_leases_table_is_checked(cell: str) -> None:
    assert cell in [line.rule for line in CHECKED["Leases (section 7)"]]


def test_every_step_of_section_5_is_checked() -> None:
    written = {row[0].strip("`") for row in table_after(section(5), "| step | carried out in |")}
    assert written == {str(body.__struct_config__.tag) for body in steps.StepBody.__subclasses__()}


INVARIANTS = re.findall(r"^(\d+)\. ", section(9), re.M)


@pytest.mark.parametrize("number", INVARIANTS)
def test_every_invariant_is_checked_and_the_simulation_has_it(number: str) -> None:
    (line,) = [line for line in CHECKED["What the tests hold (section 9)"] if line.rule.startswith(f"{number}. ")]
    simulated = "tests/simulation/test_schedules.py::test_whatever_happens_all_agree_in_the_end"
    defined = _defined(module("tests/simulation/invariants.py").body, f"invariant_{number}") is not None
    assert (simulated in line.tests) is (defined or number == "9"), "9: the world itself counts the rounds"


def test_the_invariants_are_those_of_the_page() -> None:
    assert [*map(int, INVARIANTS)] == [*range(1, 13)]
