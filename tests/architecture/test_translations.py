"""Every text that a person can see at HQ exists in Chinese; the tablet's are held by tests/qt/runtime."""

import ast
import gettext
import re
from pathlib import Path

CALLS = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"}
TEMPLATE_TAG = re.compile(r"""\{%\s*trans(?:late)?\s+(["'])(?P<text>.+?)\1""")
TEMPLATE_BLOCK = re.compile(r"\{%\s*blocktrans(?:late)?\b[^%]*%\}(?P<text>.*?)\{%\s*(?:plural|endblocktrans)", re.S)


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
