"""A day's hours as bars, drawn as SVG: what a bar is stands in words beside it, for who cannot see it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

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


def _bar(value: int, most: int) -> tuple[int, int]:
    """(top, height); what is more than nothing can be seen."""
    high = max(2, value * _HIGH // most) if value > 0 else 0
    return _HIGH - high, high
