"""Who may import whom. The contracts are in pyproject.toml; what import-linter cannot say is said here."""

import sys
from pathlib import Path

import grimp
import pytest
from importlinter.cli import lint_imports

PURE_PACKAGES = {
    "guide_app.domain": {"msgspec", "phonenumbers", "pypinyin"},
    "guide_app.operations": {"msgspec"},
    "sync.machine": {"msgspec"},
}
# Parts of the standard library that reach outside the process, or wait.
OUTSIDE = {
    *("asyncio", "http", "multiprocessing", "socket", "ssl", "subprocess", "urllib"),
    *("os", "pathlib", "shutil", "sqlite3", "tempfile"),
}


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph(
        "guide_app", "ui", "sync", "local_store", "hq", "assets", include_external_packages=True, cache_dir=None
    )


def test_every_contract_is_kept(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(root)
    monkeypatch.setattr(sys, "path", [str(root), *sys.path])
    code = lint_imports(config_filename="pyproject.toml", cache_dir=None)
    assert code == 0, capsys.readouterr().out


@pytest.mark.parametrize("package", PURE_PACKAGES)
def test_the_rules_of_the_trade_touch_nothing_outside(graph: grimp.ImportGraph, package: str) -> None:
    ours = {"guide_app", "sync"}
    modules = {package} | graph.find_descendants(package)
    used = {found.split(".")[0] for module in modules for found in graph.find_modules_directly_imported_by(module)}
    foreign = {name for name in used if name not in sys.stdlib_module_names and name not in ours}
    assert foreign <= PURE_PACKAGES[package]
    assert used & OUTSIDE == set()


def test_a_step_of_the_database_takes_nothing_from_code_that_goes_on(graph: grimp.ImportGraph) -> None:
    """What shipped stays what it was. Models may be named: fields of old steps name functions of theirs."""
    steps = [module for module in graph.modules if ".migrations." in module and module.startswith("hq.")]
    assert "hq.tallies.migrations.0001_counters" in steps
    found = {
        (step, used)
        for step in steps
        for used in graph.find_modules_directly_imported_by(step)
        if used.startswith(("hq.", "guide_app.", "sync.")) and not used.endswith((".models", ".migrations"))
    }
    assert found == set()
