"""Money, days and times as people of each language write them, by the shop's clock and not the tablet's."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import QCoreApplication, QLocale

from guide_app.domain.clock import ManualClock
from ui.runtime.figures import LocalFigures
from ui.runtime.translations import CatalogueTranslator

NOW = datetime(2026, 11, 21, 6, 26, tzinfo=UTC)
"""14:26 in Shanghai."""


@pytest.fixture(params=["en", "zh_CN"])
def figures(qapp: object, request: pytest.FixtureRequest) -> Iterator[LocalFigures]:
    before = QLocale()
    translator = CatalogueTranslator(request.param)
    QCoreApplication.installTranslator(translator)
    yield LocalFigures(ManualClock(NOW), request.param, "Asia/Shanghai")
    QCoreApplication.removeTranslator(translator)
    QLocale.setDefault(before)


def test_money_keeps_every_minor_unit(figures: LocalFigures) -> None:
    assert figures.money(328600, "CNY") == "¥3,286.00"
    assert figures.money(-1205, "CNY") == "−¥12.05"
    assert figures.money(500, "JPY") == "¥500"
    assert figures.money(990, "HKD") == "HK$9.90"
    assert figures.number(100312) == "100,312"


def test_days_are_written_as_the_language_does(figures: LocalFigures) -> None:
    said = (
        figures.day("2026-11-21"),
        figures.day("2025-11-21"),
        figures.month_day("02-29"),
        figures.time("2026-11-21T06:26:00Z"),
    )
    expected = {
        "en": ("21 November", "21 November 2025", "29 February", "14:26"),
        "zh_CN": ("11月21日", "2025年11月21日", "2月29日", "14:26"),
    }
    assert said == expected[figures.language]


def test_a_weekday_is_named(figures: LocalFigures) -> None:
    expected = {"en": "Saturday 21 November", "zh_CN": "11月21日 星期六"}
    assert figures.weekday("2026-11-21") == expected[figures.language]


@pytest.mark.parametrize(
    ("instant", "english", "chinese"),
    [
        ("2026-11-21T06:25:00Z", "just now", "刚刚"),
        ("2026-11-21T06:00:00Z", "26 minutes ago", "26 分钟前"),
        ("2026-11-21T01:12:00Z", "today 09:12", "今天 09:12"),
        ("2026-11-20T15:59:00Z", "yesterday", "昨天"),
        ("2026-11-08T03:00:00Z", "13 days ago", "13 天前"),
    ],
)
def test_how_long_ago_is_counted_in_the_shops_days(
    figures: LocalFigures, instant: str, english: str, chinese: str
) -> None:
    assert figures.ago(instant) == (chinese if figures.language == "zh_CN" else english)
