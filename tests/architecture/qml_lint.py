"""Checks all QML with qmllint, which knows our Python types from their `@QmlElement` classes.

The types are described to it in Qt's own steps: metaobjectdump reads the Python source, qmltyperegistrar makes
`.qmltypes` of that, and a `qmldir` beside it makes a module. metaobjectdump reads each file for itself and not all of
it, so what it leaves out is added in between: that a class whose base stands in another file is a QObject, which
properties are constant, which class a property of type QObject really gives, and that Python passes every QObject by
reference. By hand: `python -m tests.architecture.qml_lint`.
"""

import ast
import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import PySide6

TOOLS = Path(sys.executable).parent
QT = Path(PySide6.__path__[0]) / "Qt"


def lint(sources: Path, qml: Path, work: Path) -> str:
    """Describe the Python types under `sources`, check every file under `qml`, return what qmllint complained about.

    `work` is a folder for what is generated. Raises CalledProcessError when one of Qt's describing tools breaks.
    """
    describe(sources, work)
    pages = sorted(str(path) for path in qml.rglob("*.qml"))
    command: list[str | Path] = [TOOLS / "pyside6-qmllint", "-I", work, "-I", qml, "-W", "0", *pages]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr if done.returncode else ""


def describe(sources: Path, work: Path) -> None:
    """Make a QML module under `work` of the Python types under `sources`, which all name the same one."""
    texts = {path: path.read_text(encoding="utf-8") for path in sorted(sources.rglob("*.py"))}
    (name,) = {found for text in texts.values() if "QmlElement" in text for found in import_names(text, texts)}
    files = [path for path, text in texts.items() if "PySide6" in text]
    folder = work.joinpath(*name.split("."))
    folder.mkdir(parents=True)
    types = folder / "types.json"
    run("pyside6-metaobjectdump", "-o", types, *files)
    declared = {key: found for path in files for key, found in declarations(texts[path]).items()}
    types.write_text(json.dumps(completed(json.loads(types.read_text(encoding="utf-8")), declared)), encoding="utf-8")
    foreign = ",".join(str(QT / "metatypes" / f"qt6{part}_metatypes.json") for part in ("core", "gui", "qml", "quick"))
    options = ("--import-name", name, "--major-version", "1", "--foreign-types", foreign)
    generated = ("-o", folder / "registration.cpp", "--generate-qmltypes", folder / "plugin.qmltypes")
    run("pyside6-qmltyperegistrar", *generated, *options, types)
    (folder / "qmldir").write_text(f"module {name}\ntypeinfo plugin.qmltypes\ndepends QtQuick\n", encoding="utf-8")


def import_names(text: str, texts: dict[Path, str]) -> set[str]:
    """What a file gives as QML_IMPORT_NAME, also where that is a constant of another file."""
    values = assigned(text, "QML_IMPORT_NAME")
    names = {value.value for value in values if isinstance(value, ast.Constant)}
    for value in values:
        if isinstance(value, ast.Name):
            found = [each for other in texts.values() for each in assigned(other, value.id)]
            names |= {each.value for each in found if isinstance(each, ast.Constant)}
    return {str(name) for name in names}


def assigned(text: str, name: str) -> list[ast.expr]:
    statements = (node for node in ast.parse(text).body if isinstance(node, ast.Assign))
    return [node.value for node in statements if any(getattr(target, "id", "") == name for target in node.targets)]


@dataclass(frozen=True)
class Declared:
    """What the source says about a property beyond metaobjectdump's reading."""

    constant: bool = False
    returns: str = ""


def declarations(text: str) -> dict[tuple[str, str], Declared]:
    """The properties of a file by class and name."""
    found = {}
    for owner in (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ClassDef)):
        for method in (node for node in owner.body if isinstance(node, ast.FunctionDef)):
            for call in (node for node in method.decorator_list if isinstance(node, ast.Call)):
                if getattr(call.func, "id", "") == "Property":
                    constant = any(keyword.arg == "constant" for keyword in call.keywords)
                    found[owner.name, method.name] = Declared(constant, getattr(method.returns, "id", ""))
    return found


def completed(parts: list[dict[str, Any]], declared: dict[tuple[str, str], Declared]) -> list[dict[str, Any]]:
    """Add to metaobjectdump's description what it leaves out."""
    classes = [each for part in parts for each in part.get("classes", ())]
    known = {each["className"] for each in classes if each["object"]}
    while found := {each["className"] for each in classes if bases(each) & known} - known:
        known |= found
    for each in classes:
        each["object"] = each["className"] in known
        if each["object"]:
            each.setdefault("classInfos", [{"name": "QML.Element", "value": "anonymous"}])
        for given in each.get("properties", ()):
            source = declared.get((each["className"], given["name"]), Declared())
            given["constant"] = source.constant
            given["type"] = source.returns if source.returns in known else given["type"]
        methods = [*each.get("slots", ()), *each.get("signals", ())]
        for typed in [*each.get("properties", ()), *(given for method in methods for given in method["arguments"])]:
            if typed["type"] in known | {"QObject"}:
                typed["type"] += "*"
    return parts


def bases(described: dict[str, Any]) -> set[str]:
    return {base["name"] for base in described.get("superClasses", ())}


def run(tool: str, *arguments: str | Path) -> None:
    subprocess.run([TOOLS / tool, *arguments], check=True, capture_output=True)


if __name__ == "__main__":
    ui = Path(__file__).resolve().parents[2] / "ui"
    with tempfile.TemporaryDirectory() as folder:
        complaints = lint(ui, ui / "qml", Path(folder))
    print(complaints or "All QML is clean.")
    sys.exit(1 if complaints else 0)
