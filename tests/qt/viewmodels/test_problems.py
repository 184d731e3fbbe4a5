"""Every code that the tablet can raise has words of its own, wherever it may meet a person."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import guide_app
import local_store
import sync
from guide_app.domain.errors import StoreUnusable
from guide_app.services.ports.engine import SyncView, Waiting
from sync import machine
from tests.qt.viewmodels.fakes import Counter
from ui.viewmodels.opening import kept_words, opening_words
from ui.viewmodels.problems import groups, problem_words
from ui.viewmodels.trouble import TroubleViewModel
from ui.viewmodels.waiting import pill, trouble_words

FAMILIES = {"NotSaved", "NotPrinted", "NoNetwork", "StoreUnusable", "Refused", "BadInput"}
AT_OPENING = (
    "damaged", "wrong_key", "key_gone", "newer_version", "sqlite_too_old", "already_running", "key_store",
    "key_store_missing", "key_file", "key_file_open", "disk_full", "disk_failed", "defect",
)  # fmt: skip
OF_HQ = {"material_own", "material_right", "material_state", "material_unreviewed"}
"""Codes of rules that both sides know and HQ alone applies: it publishes material, no tablet does."""


def test_a_code_has_its_words_in_one_place() -> None:
    codes = [code for group in groups() for code in group]
    assert sorted(codes) == sorted(set(codes))


def raised() -> Iterator[tuple[str, str]]:
    """Family and code of every problem that the tablet's source makes."""
    for package in (guide_app, local_store, sync):
        for path in Path(package.__path__[0]).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                match node:
                    case ast.Call(func=ast.Name(id=family), args=[ast.Constant(value=code), *_]) if family in FAMILIES:
                        yield family, str(code)


def test_every_code_has_words() -> None:
    codes = {code for _, code in raised()}
    assert codes >= OF_HQ
    codes -= OF_HQ
    assert {"disk_full", "phone_invalid", "enrol_code", "key_gone"} <= codes
    assert [code for code in sorted(codes | {"defect"}) if f"({code})" in problem_words(code)] == []


@pytest.mark.parametrize("code", AT_OPENING)
def test_what_keeps_the_app_from_opening_says_what_to_do(code: str) -> None:
    said = opening_words(code)
    assert said.title != opening_words("else").title
    assert said.text


def test_nothing_that_can_meet_an_opening_is_left_out() -> None:
    codes = {code for family, code in raised() if family in ("StoreUnusable", "NotSaved")}
    assert codes - {"preferences"} <= set(AT_OPENING)  # the preferences are saved on an open tablet


def test_a_code_of_a_later_version_is_named() -> None:
    assert "(brand_new)" in problem_words("brand_new")
    assert "(brand_new)" in opening_words("brand_new").text


def test_every_state_of_sync_has_words(counter: Counter) -> None:
    problems = {"revoked", "clock", "disk_full", "app_old", "defect"}
    source = Path(machine.__file__).read_text(encoding="utf-8")
    assert all(f'"{problem}"' in source for problem in problems)
    nothing = Waiting(by_kind={}, oldest="", parked=0)
    for problem in problems:
        assert trouble_words(problem)
        assert pill(SyncView(phase="offline", problem=problem), nothing, 0, counter.desk.figures).tone == "bad"


def test_support_reads_code_and_version_and_no_more(counter: Counter) -> None:
    model: Any = TroubleViewModel(counter.looks, "0.1.0", counter.looks.apply)
    model.tell(StoreUnusable("damaged", "quick_check"))
    assert "damaged (quick_check)" in model.support
    assert "0.1.0" in model.support
    assert (model.kept, model.hopeful) == (kept_words(), False)
    model.tell(RuntimeError("13912345678"))
    assert "defect (RuntimeError)" in model.support
    assert "139" not in model.support
