"""The catalogues as people edit them: every text stands there once, and none is a guess or a leftover."""

import json
import re
from ast import literal_eval
from collections import Counter
from pathlib import Path

import pytest

HQ = Path("hq/locale/zh_Hans/LC_MESSAGES/django.po")
TABLET = ("assets/translations/en.json", "assets/translations/zh_CN.json")
ENTRY = re.compile(
    r'^(?:msgctxt (?P<told>(?:".*"\n)+))?msgid (?P<text>(?:".*"\n)+)(?:msgstr (?P<chinese>(?:".*"\n?)+))?', re.MULTILINE
)
# What HQ lends guides is 素材, as retailers' tools call it; 资料 is what is known about a person.
MATERIAL, ABOUT_A_PERSON = "素材", "资料"
# One word per idea, on the tablet, the printed paper and the console: what stands there, and what else it was called.
ONE_TERM = {
    "提货方式": r"(?:送货|交货|交付|取货)方式",
    "撤销退货": r"退货撤回|撤回退货|退货已撤回",
    "主题": r"话题",
}
# Quoted Chinese stands between “ and ”; a straight mark is what is typed so, as gold is in a rule of tags.
OTHER_MARKS = re.compile(r"[「」『』〝〞]")
STRAIGHT = re.compile(r'"(?!gold")[^"]*"')
LENT = re.compile(r"\b(?:materials?|library)\b", re.IGNORECASE)
PERSON = re.compile(
    r"\b(?:members?|persons?|customers?|they|them|their|profile)\b|^everything, as a file$", re.IGNORECASE
)


def said(lines: str | None) -> str:
    """The text of the quoted lines of an entry."""
    return "".join(literal_eval(line) for line in (lines or "").splitlines())


def doubled_in_po(source: str) -> list[str]:
    """What a source of words at HQ says twice: a compiler takes one of them, and who mends the other mends nothing."""
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


@pytest.mark.parametrize(("term", "other"), ONE_TERM.items())
def test_an_idea_of_selling_has_one_chinese_name_on_the_tablet_and_in_the_console(
    root: Path, term: str, other: str
) -> None:
    for catalogue in (HQ, Path("assets/translations/zh_CN.json")):
        source = (root / catalogue).read_text(encoding="utf-8")
        assert term in source, f"{catalogue} speaks of it"
        assert re.findall(other, source) == []


def test_chinese_is_quoted_in_one_way_on_the_tablet_and_in_the_console(root: Path) -> None:
    source = (root / HQ).read_text(encoding="utf-8")
    console = [said(one["chinese"]) for one in ENTRY.finditer(source)]
    kept = json.loads((root / "assets/translations/zh_CN.json").read_text(encoding="utf-8"))
    tablet = [form for words in kept.values() for form in (words if isinstance(words, list) else [words])]
    for texts in (console, tablet):
        assert [text for text in texts if "“" in text], "something is quoted"
        assert [text for text in texts if OTHER_MARKS.search(text) or STRAIGHT.search(text)] == []
        assert [text for text in texts if text.count("“") != text.count("”")] == [], "a mark is open"


def test_what_is_lent_to_guides_has_one_chinese_name(root: Path) -> None:
    source = (root / HQ).read_text(encoding="utf-8")
    console = {said(one["text"]): said(one["chinese"]) for one in ENTRY.finditer(source)}
    tablet = json.loads((root / "assets/translations/zh_CN.json").read_text(encoding="utf-8"))
    for words in (console, tablet):
        called = {english: chinese for english, chinese in words.items() if LENT.search(english)}
        assert len(called) > 10
        assert {english: chinese for english, chinese in called.items() if MATERIAL not in chinese} == {}
        other = {english: chinese for english, chinese in words.items() if ABOUT_A_PERSON in chinese}
        assert {english: chinese for english, chinese in other.items() if not PERSON.search(english)} == {}
    manuals = [*(root / "docs").rglob("*.md"), *root.glob("*.md")]
    assert [page.name for page in manuals if ABOUT_A_PERSON + "库" in page.read_text(encoding="utf-8")] == []


def test_doubles_are_found() -> None:
    twice = 'msgid "a"\nmsgstr "1"\n\nmsgctxt "b"\nmsgid "a"\nmsgstr "2"\n\nmsgid ""\n"a"\nmsgstr "3"\n'
    assert doubled_in_po(twice) == ["a"]
    assert doubled_in_json('{"a": "1", "b": {"c": "2", "c": "3"}, "a": "4"}') == ["c", "a"]
