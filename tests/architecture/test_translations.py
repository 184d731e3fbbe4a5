"""Every text that a person can see exists in Chinese: on the tablet (Qt's catalogue) and at HQ (gettext's)."""

import ast
import gettext
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

TOOLS = Path(sys.executable).parent
CALLS = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"}
TEMPLATE_TAG = re.compile(r"""\{%\s*trans(?:late)?\s+(["'])(?P<text>.+?)\1""")
TEMPLATE_BLOCK = re.compile(r"\{%\s*blocktrans(?:late)?\b[^%]*%\}(?P<text>.*?)\{%\s*(?:plural|endblocktrans)", re.S)


@pytest.fixture
def catalogue(root: Path) -> Path:
    (found,) = (root / "assets" / "translations").glob("*zh_CN.ts")
    return found


def test_the_tablet_speaks_chinese_throughout(root: Path, catalogue: Path, tmp_path: Path) -> None:
    """No text of the source is missing or unfinished in the catalogue, and the catalogue has none that is gone."""
    fresh = tmp_path / "source_zh_CN.ts"
    options = ("-silent", "-extensions", "qml,js", "-locations", "none")
    command: list[str | Path] = [TOOLS / "pyside6-lupdate", *options, root / "ui", "-ts", fresh]
    subprocess.run(command, check=True, capture_output=True)
    python = [path for folder in ("ui", "guide_app") for path in (root / folder).rglob("*.py")]
    wanted = set(messages(fresh)) | {text for path in python for text in texts_of_view_models(path)}
    known = messages(catalogue)
    assert sorted(wanted - known.keys()) == []
    assert sorted(known.keys() - wanted) == []
    assert sorted(text for text, finished in known.items() if not finished) == []


def messages(catalogue: Path) -> dict[tuple[str, str], bool]:
    """Each text of a Qt catalogue by context and source, and whether every form of its translation is there."""
    return {
        (context.findtext("name", ""), message.findtext("source", "")): all(
            translation.get("type") is None and all("".join(form.itertext()).strip() for form in forms(translation))
            for translation in message.iter("translation")
        )
        for context in ET.parse(catalogue).getroot().iter("context")
        for message in context.iter("message")
    }


def forms(translation: ET.Element) -> list[ET.Element]:
    return list(translation.iter("numerusform")) or [translation]


def texts_of_view_models(path: Path) -> set[tuple[str, str]]:
    """What Python asks Qt to translate: `tr` and `trn` of the view-models, or a context named in the call."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            texts = [each.value if isinstance(each, ast.Constant) else None for each in node.args[:2]]
            if name in {"tr", "trn"} and isinstance(texts[0], str):
                found.add(("ViewModels", texts[0]))
            elif name in {"translate", "QT_TRANSLATE_NOOP"} and len(texts) == 2:
                context, text = texts
                if isinstance(context, str) and isinstance(text, str):
                    found.add((context, text))
    return found


def test_the_tablets_compiled_catalogue_is_up_to_date(catalogue: Path, tmp_path: Path) -> None:
    compiled = tmp_path / "fresh.qm"
    subprocess.run([TOOLS / "pyside6-lrelease", "-silent", catalogue, "-qm", compiled], check=True, capture_output=True)
    assert compiled.read_bytes() == catalogue.with_suffix(".qm").read_bytes()


def test_hq_speaks_chinese_throughout(root: Path) -> None:
    with (root / "hq" / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.mo").open("rb") as file:
        chinese = gettext.GNUTranslations(file)
    python = {text for path in (root / "hq").rglob("*.py") for text in texts_in_python(path)}
    templates = {text for path in (root / "hq").rglob("*.html") for text in texts_in_template(path)}
    missing = sorted(
        text for text in python | templates if chinese.gettext(text) == text and re.search("[a-z]{2}", text)
    )
    assert not missing, "\n".join(missing)


def texts_in_python(path: Path) -> set[str]:
    """The literal texts given to a translating function, also where it is called through its module."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and node.args:
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            text = node.args[1 if name.startswith("pgettext") else 0]
            if name in CALLS and isinstance(text, ast.Constant) and isinstance(text.value, str):
                found.add(text.value)
    return found


def texts_in_template(path: Path) -> set[str]:
    text = path.read_text(encoding="utf-8")
    blocks = {re.sub(r"\{\{\s*(\w+)\s*\}\}", r"%(\1)s", match["text"]) for match in TEMPLATE_BLOCK.finditer(text)}
    return {match["text"] for match in TEMPLATE_TAG.finditer(text)} | blocks
