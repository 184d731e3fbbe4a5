from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import guide_app
from guide_app import words


def said() -> set[str]:
    """Every text that the command line's modules say."""
    found: set[str] = set()
    for name in ("cli.py", "doctor.py"):
        tree = ast.parse((Path(guide_app.__file__).parent / name).read_text(encoding="utf-8"))
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
        for call in calls:
            if ast.unparse(call.func) in ("words.say", "say") and call.args and isinstance(call.args[0], ast.Constant):
                found.add(str(call.args[0].value))
    return found


def test_everything_said_is_in_both_languages() -> None:
    assert len(said()) > 10
    for text in (*said(), *words._PROBLEMS.values()):
        assert re.search(r"[\u4e00-\u9fff]|^en|\{", words._ZH[text])


@pytest.mark.parametrize("code", [*words._PROBLEMS, "setting", "something_new"])
def test_every_problem_has_words(code: str) -> None:
    for language in ("en", "zh_CN"):
        assert words.problem(code, "en" if language == "en" else "zh_CN", "GUIDE_LANG")


def test_values_are_filled_in() -> None:
    assert words.say("{free} free", "zh_CN", free="3 GiB") == "剩余 3 GiB"
