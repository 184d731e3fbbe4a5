"""Words in the chosen language. English is the source; ``assets/translations/<language>.json`` maps it to the language.

A value is the translation, or a list of forms for a sentence with a count (``%n``): English has two, Chinese one.
``python -m ui.runtime.translations check`` names every sentence of the source that a language lacks.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec
from PySide6.QtCore import QTranslator

import assets
from guide_app.domain.errors import Defect
from ui.runtime.messages import messages

Catalogue = dict[str, str | list[str]]
LANGUAGES = ("en", "zh_CN")
_QSTR = re.compile(r'qsTr(?:N)?\(\s*"((?:[^"\\]|\\.)*)"')
_PLURAL = re.compile(r"%n")
_TR = {"tr", "trn"}


def load(language: str) -> Catalogue:
    """The catalogue of one language."""
    return msgspec.json.decode(assets.path(f"translations/{language}.json").read_bytes(), type=Catalogue)


class CatalogueTranslator(QTranslator):
    """Gives Qt the words of a catalogue; what it lacks is shown in English."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self._kept = messages(load(language))  # Qt reads in it for as long as it translates
        if not super().load(self._kept):
            raise Defect(f"Qt cannot read the words of {language}")


def sentences(root: Path) -> set[str]:
    """Every English sentence that the source under `root` hands to translation."""
    found: set[str] = set()
    for path in sorted(root.rglob("*.qml")):
        found |= {_unescaped(text) for text in _QSTR.findall(path.read_text(encoding="utf-8"))}
    for path in sorted(root.rglob("*.py")):
        found |= set(_of_python(ast.parse(path.read_text(encoding="utf-8"))))
    return found


def missing(language: str, source: Iterable[str]) -> list[str]:
    """What the catalogue of a language lacks; English needs only the sentences with a count."""
    catalogue = load(language)
    needed = source if language != "en" else [text for text in source if _PLURAL.search(text)]
    return sorted(text for text in needed if not catalogue.get(text))


def unused(language: str, source: set[str]) -> list[str]:
    """What the catalogue has and the source does not."""
    return sorted(text for text in load(language) if text not in source)


def _of_python(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _TR and node.args:
            first = node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value


def _unescaped(text: str) -> str:
    return text.replace('\\"', '"').replace("\\n", "\n").replace("\\\\", "\\")


def main(arguments: list[str]) -> int:
    """`check`: 1 when a sentence is missing or a translation is of no use any more."""
    source = sentences(Path(__file__).parents[1])
    wrong = 0
    for language in LANGUAGES:
        for text in missing(language, source):
            wrong += 1
            print(f"{language}: not translated: {text!r}")
        for text in unused(language, source):
            wrong += 1
            print(f"{language}: used nowhere: {text!r}")
    print(f"{len(source)} sentences, {wrong} to mend")
    return 1 if wrong and "check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
