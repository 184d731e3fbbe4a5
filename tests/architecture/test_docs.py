"""The documents are held to the code: every command, setting, path and link in them exists."""

import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
TOP_LEVEL = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")}
COMMANDS = {"guide": "guide_app.cli", "guide-hq": "hq.cli"}


def code_spans(text: str) -> list[str]:
    """Everything set as code: spans in backticks, and the lines of indented or fenced blocks."""
    blocks = [line for fence in re.findall(r"```\w*\n(.*?)```", text, re.S) for line in fence.splitlines()]
    indented = re.findall(r"^ {4,}(.+)$", text, re.M)
    return re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.S)) + blocks + indented


@cache
def sources() -> str:
    packages = ("guide_app", "ui", "sync", "local_store", "hq", "tests", "benchmarks")
    return "\n".join(path.read_text(encoding="utf-8") for name in packages for path in (ROOT / name).rglob("*.py"))


@pytest.fixture(params=DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def document(request: pytest.FixtureRequest) -> Path:
    path: Path = request.param
    return path


def test_paths_exist(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    named = {span for span in code_spans(text) if re.fullmatch(r"[\w.-]+(/[\w.-]*)+", span)}
    missing = {
        span for span in named if span.split("/")[0] in TOP_LEVEL - {"build"} and not (ROOT / span.rstrip("/")).exists()
    }
    assert not missing


def test_links_lead_somewhere(document: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", document.read_text(encoding="utf-8"))
    missing = [link for link in links if "://" not in link and not (document.parent / link).exists()]
    assert not missing


def test_make_targets_exist(document: Path) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    spans = "\n".join(code_spans(document.read_text(encoding="utf-8")))
    for target in set(re.findall(r"\bmake ([a-z][a-z-]*)", spans)):
        if target.startswith("bench-"):
            module = target.removeprefix("bench-").replace("-", "_")
            assert (ROOT / "benchmarks" / f"{module}.py").exists(), target
        else:
            assert re.search(rf"^{target}:", makefile, re.M), target


def test_settings_exist(document: Path) -> None:
    for setting in set(re.findall(r"\bGUIDE_[A-Z0-9_]+\b", document.read_text(encoding="utf-8"))):
        assert setting in sources() or setting.removeprefix("GUIDE_").lower() in sources(), setting


def test_commands_exist(document: Path) -> None:
    spans = "\n".join(code_spans(document.read_text(encoding="utf-8")))
    for program, words in re.findall(r"(?m)^(?:\.venv/bin/)?(guide(?:-hq)?)(?![\w/.-])((?: [a-z][a-z-]*)*)", spans):
        asked = subprocess.run(
            [sys.executable, "-m", COMMANDS[program], *words.split(), "--help"],
            cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert asked.returncode == 0, f"{program}{words}: {asked.stderr}"
