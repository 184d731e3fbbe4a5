"""The catalogues as people edit them: every text stands there once, and none is a guess or a leftover."""

import json
import re
from ast import literal_eval
from collections import Counter
from pathlib import Path

import pytest

HQ = Path("hq/locale/zh_Hans/LC_MESSAGES/django.po")
TABLET = ("assets/translations/en.json", "assets/translations/zh_CN.json")
ENTRY = re.compile(r'^(?:msgctxt (?P<told>(?:".*"\n)+))?msgid (?P<text>(?:".*"\n)+)', re.MULTILINE)


def doubled_in_po(source: str) -> list[str]:
    """What a source of words at HQ says twice: a compiler takes one of them, and who mends the other mends nothing."""

    def said(lines: str | None) -> str:
        return "".join(literal_eval(line) for line in (lines or "").splitlines())

    stands = Counter((said(one["told"]), said(one["text"])) for one in ENTRY.finditer(source))
    return [text for (_told, text), times in stands.items() if times > 1]


def doubled_in_json(source: str) -> list[str]:
    """Keys that a catalogue of the tablet has twice; `json` keeps the last and says nothing of it."""
    found: list[str] = []

    def pairs(items: list[tuple[str, object]]) -> None:
        found.extend(key for key, times in Counter(key for key, _said in items).items() if times > 1)

    json.loads(source, object_pairs_hook=pairs)
    return found


def test_no_text_of_hq_stands_twice(root: Path) -> None:
    source = (root / HQ).read_text(encoding="utf-8")
    assert len(ENTRY.findall(source)) > 1000, "it is read"
    assert doubled_in_po(source) == []


def test_no_text_of_hq_is_a_guess_or_a_leftover(root: Path) -> None:
    marks = [line for line in (root / HQ).read_text(encoding="utf-8").splitlines() if line.startswith(("#,", "#~"))]
    assert [line for line in marks if "fuzzy" in line or line.startswith("#~")] == []


@pytest.mark.parametrize("catalogue", TABLET)
def test_no_text_of_the_tablet_stands_twice_or_is_empty(root: Path, catalogue: str) -> None:
    source = (root / catalogue).read_text(encoding="utf-8")
    words = json.loads(source)
    assert len(words) > 50
    assert doubled_in_json(source) == []
    forms = [form for said in words.values() for form in (said if isinstance(said, list) else [said])]
    assert all(isinstance(form, str) and form.strip() for form in forms), "a text that says nothing"


def test_doubles_are_found() -> None:
    twice = 'msgid "a"\nmsgstr "1"\n\nmsgctxt "b"\nmsgid "a"\nmsgstr "2"\n\nmsgid ""\n"a"\nmsgstr "3"\n'
    assert doubled_in_po(twice) == ["a"]
    assert doubled_in_json('{"a": "1", "b": {"c": "2", "c": "3"}, "a": "4"}') == ["c", "a"]
