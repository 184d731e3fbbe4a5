"""Every text that a person can see exists in Chinese: on the tablet (Qt's catalogue) and at HQ (gettext's)."""

import ast
import gettext
import re
import shutil
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
    """Collect the texts from the source once more: a new one is unfinished in the catalogue, a dropped one obsolete."""
    fresh = tmp_path / catalogue.name
    shutil.copy(catalogue, fresh)
    sources = [root / "ui", root / "guide_app"]
    options = ("-silent", "-extensions", "py,qml,js", "-locations", "none")
    command: list[str | Path] = [TOOLS / "pyside6-lupdate", *options, *sources, "-ts", fresh]
    subprocess.run(command, check=True, capture_output=True)
    loose = [
        f"{context.findtext('name')}: {message.findtext('source')} ({translation.get('type', 'empty')})"
        for context in ET.parse(fresh).getroot().iter("context")
        for message in context.iter("message")
        for translation in message.iter("translation")
        if translation.get("type") or not "".join(translation.itertext()).strip()
    ]
    assert not loose, "\n".join(loose)


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
