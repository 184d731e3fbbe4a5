"""Checks all QML with qmllint, which knows our Python types from their `@QmlElement` classes.

The types are described to it in Qt's own steps: metaobjectdump reads the Python source, qmltyperegistrar makes
`.qmltypes` of that, and a `qmldir` beside it makes a module. Types whose base class stands in another file are found
because all files of one QML module are read together.
"""

import json
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

TOOLS = Path(sys.executable).parent
MODULE = re.compile(r'^QML_IMPORT_NAME\s*(?::\s*[\w.\[\]]+\s*)?=\s*"([\w.]+)"', re.M)


def lint(sources: Path, qml: Path, work: Path) -> str:
    """Describe the Python types under `sources`, check every file under `qml`, return what qmllint complained about.

    `work` is a folder for what is generated. Raises CalledProcessError when one of Qt's describing tools breaks.
    """
    for name, files in modules(sources).items():
        describe(name, files, work)
    pages = sorted(str(path) for path in qml.rglob("*.qml"))
    command: list[str | Path] = [TOOLS / "pyside6-qmllint", "-I", work, "-I", qml, "-W", "0", *pages]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr if done.returncode else ""


def modules(sources: Path) -> dict[str, list[Path]]:
    """Which Python files make which QML module."""
    found: dict[str, list[Path]] = defaultdict(list)
    for path in sorted(sources.rglob("*.py")):
        if name := MODULE.search(path.read_text(encoding="utf-8")):
            found[name.group(1)].append(path)
    return found


def describe(name: str, files: list[Path], work: Path) -> None:
    folder = work.joinpath(*name.split("."))
    folder.mkdir(parents=True)
    types = folder / "types.json"
    run("pyside6-metaobjectdump", "-o", types, *files)
    if not any(part.get("classes") for part in json.loads(types.read_text(encoding="utf-8"))):
        return
    options = ("--import-name", name, "--major-version", "1", "-o", folder / "registration.cpp")
    run("pyside6-qmltyperegistrar", "--generate-qmltypes", folder / "plugin.qmltypes", *options, types)
    (folder / "qmldir").write_text(f"module {name}\ntypeinfo plugin.qmltypes\n", encoding="utf-8")


def run(tool: str, *arguments: str | Path) -> None:
    subprocess.run([TOOLS / tool, *arguments], check=True, capture_output=True)
