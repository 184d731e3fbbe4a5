"""A day's hours, or days, as bars, drawn as SVG: what a bar is stands in words beside it, for who cannot see it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

_WIDE, _HIGH, _STEP = 480, 110, 20


def by_hour(title: str | Promise, values: Sequence[int], told: Callable[[int], str]) -> SafeString:
    """24 values as a figure; `told` writes a value."""
    most = max(*values, 1)
    bars = format_html_join(
        "", '<rect x="{}" y="{}" width="14" height="{}"><title>{}</title></rect>',
        ((hour * _STEP + 3, *_bar(value, most), f"{hour:02}:00 · {told(value)}") for hour, value in enumerate(values)),
    )  # fmt: skip
    hours = format_html_join(
        "", '<text x="{}" y="{}">{}</text>', ((hour * _STEP + 3, _HIGH + 16, f"{hour:02}") for hour in range(0, 24, 3))
    )
    said = ", ".join(f"{hour:02}:00 {told(value)}" for hour, value in enumerate(values) if value) or _("nothing yet")
    return format_html(
        '<figure class="console-bars"><figcaption>{} · {}</figcaption>'
        '<svg viewBox="0 0 {} {}" role="img" aria-label="{}: {}">{}{}</svg></figure>',
        title, told(sum(values)), _WIDE, _HIGH + 22, title, said, bars, hours,
    )  # fmt: skip


def by_day(title: str | Promise, days: Sequence[date], values: Sequence[int]) -> SafeString:
    """A value for each of the days, in their order, as a figure."""
    most, step = max(*values, 1), _WIDE / len(days)
    width = max(1.0, step - max(1.0, step / 5))
    bars = format_html_join(
        "", '<rect x="{}" y="{}" width="{}" height="{}"><title>{}</title></rect>',
        (
            (_at(n * step), top, _at(width), high, f"{day.isoformat()} · {value}")
            for n, (day, value) in enumerate(zip(days, values, strict=True))
            for top, high in [_bar(value, most)]
        ),
    )  # fmt: skip
    every = -(-len(days) // 6)
    marks = format_html_join(
        "", '<text x="{}" y="{}">{}</text>',
        ((_at(n * step), _HIGH + 16, f"{day:%m-%d}") for n, day in enumerate(days) if n % every == 0),
    )  # fmt: skip
    told = ((day, value) for day, value in zip(days, values, strict=True) if value)
    said = ", ".join(f"{day.isoformat()} {value}" for day, value in told) or _("nothing yet")
    return format_html(
        '<figure class="console-bars"><figcaption>{} · {}</figcaption>'
        '<svg viewBox="0 0 {} {}" role="img" aria-label="{}: {}">{}{}</svg></figure>',
        title, sum(values), _WIDE, _HIGH + 22, title, said, bars, marks,
    )  # fmt: skip


def _at(value: float) -> str:
    return f"{value:.2f}"


def _bar(value: int, most: int) -> tuple[int, int]:
    """(top, height); what is more than nothing can be seen."""
    high = max(2, value * _HIGH // most) if value > 0 else 0
    return _HIGH - high, high
