"""Both languages are complete: a sentence that is missing, not used any more or loses a value is found."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication

import ui
from ui.runtime.translations import LANGUAGES, CatalogueTranslator, load, missing, sentences, unused
from ui.viewmodels.base import tr, trn

UI = Path(ui.__file__).parent
HOLES = re.compile(r"%(?:\d|n)")


@pytest.fixture
def chinese(qapp: object) -> Iterator[CatalogueTranslator]:
    translator = CatalogueTranslator("zh_CN")
    QCoreApplication.installTranslator(translator)
    yield translator
    QCoreApplication.removeTranslator(translator)


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_missing_and_nothing_is_left_over(language: str) -> None:
    source = sentences(UI)
    assert len(source) > 200
    assert missing(language, source) == []
    assert unused(language, source) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_loses_a_value(language: str) -> None:
    for source, said in load(language).items():
        for form in said if isinstance(said, list) else [said]:
            lost = set(HOLES.findall(source)) - set(HOLES.findall(form)) - ({"%n"} if len(said) > 1 else set())
            assert not lost, f"{source!r} became {form!r}"


def test_a_sentence_of_python_is_found_and_translated(chinese: CatalogueTranslator, tmp_path: Path) -> None:
    (tmp_path / "page.py").write_text('tr("Order %1", 1)\ntrn("%n day(s) ago", 2)\nother("not a sentence")\n')
    (tmp_path / "Page.qml").write_text('Text { text: qsTr("Say \\"hello\\"") }')
    assert sentences(tmp_path) == {"Order %1", "%n day(s) ago", 'Say "hello"'}
    assert missing("zh_CN", ["A sentence that nobody said"]) == ["A sentence that nobody said"]


def test_counts_and_values_are_told(chinese: CatalogueTranslator) -> None:
    assert trn("%n day(s) ago", 13) == "13 天前"
    assert tr("today %1", "14:26") == "今天 14:26"


def test_english_has_two_forms_of_a_count(qapp: object) -> None:
    translator = CatalogueTranslator("en")
    QCoreApplication.installTranslator(translator)
    try:
        assert [trn("%n day(s) ago", count) for count in (1, 3)] == ["1 day ago", "3 days ago"]
    finally:
        QCoreApplication.removeTranslator(translator)
