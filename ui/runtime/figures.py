"""Money, numbers, days and times as people of the chosen language write them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from PySide6.QtCore import QDate, QLocale, QTime

from guide_app.domain.clock import Clock, from_text
from guide_app.domain.money import exponent
from ui.viewmodels.base import tr, trn

SYMBOLS = {"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "HKD": "HK$"}
RECENT = timedelta(minutes=2)
HOUR = timedelta(hours=1)


class LocalFigures:
    """The `Figures` of the screens. Language and time zone may change while it lives."""

    def __init__(self, clock: Clock, language: str, time_zone: str = "UTC") -> None:
        self._clock = clock
        self.set_language(language)
        self.set_zone(time_zone)

    def set_language(self, language: str) -> None:
        """en or zh_CN."""
        self._language = language
        self._locale = QLocale(language if language != "en" else "en_GB")
        QLocale.setDefault(self._locale)

    def set_zone(self, time_zone: str) -> None:
        """An IANA name."""
        self._zone = ZoneInfo(time_zone)

    @property
    def language(self) -> str:
        """en or zh_CN."""
        return self._language

    def money(self, minor: int, currency: str) -> str:
        """Minor units with the currency's sign and its own number of decimals; a true minus sign."""
        digits = exponent(currency)
        figure = self._locale.toString(abs(minor) / 10**digits, "f", digits)
        return f"{'−' if minor < 0 else ''}{SYMBOLS.get(currency, currency + ' ')}{figure}"

    def number(self, value: int) -> str:
        """Grouped as the language groups."""
        return self._locale.toString(value)

    def day(self, iso_day: str) -> str:
        """A calendar day; the year is told when it is not this one."""
        day = date.fromisoformat(iso_day)
        if day.year == self.today().year:
            return self._day(day, tr("d MMMM"))
        return self._day(day, tr("d MMMM yyyy"))

    def date_of(self, instant: str) -> str:
        """The shop's day at an instant."""
        return self.day(self._local(instant).date().isoformat())

    def month_day(self, month_day: str) -> str:
        """A day of any year from ``MM-DD``."""
        return self._day(date.fromisoformat(f"2000-{month_day}"), tr("d MMMM"))

    def weekday(self, iso_day: str) -> str:
        """A day with its weekday."""
        return self._day(date.fromisoformat(iso_day), tr("dddd d MMMM"))

    def time(self, instant: str) -> str:
        """The shop's wall clock."""
        local = self._local(instant)
        return self._locale.toString(QTime(local.hour, local.minute), "HH:mm")

    def ago(self, instant: str) -> str:
        """How long ago, by the shop's days."""
        passed = self._clock.now() - from_text(instant)
        if passed < RECENT:
            return tr("just now")
        if passed < HOUR:
            return trn("%n minute(s) ago", int(passed / timedelta(minutes=1)))
        days = (self.today() - self._local(instant).date()).days
        if days == 0:
            return tr("today %1", self.time(instant))
        if days == 1:
            return tr("yesterday")
        return trn("%n day(s) ago", days)

    def today(self) -> date:
        """The shop's day now."""
        return self._clock.now().astimezone(self._zone).date()

    def _local(self, instant: str) -> datetime:
        return from_text(instant).astimezone(self._zone)

    def _day(self, day: date, pattern: str) -> str:
        return self._locale.toString(QDate(day.year, day.month, day.day), pattern)
