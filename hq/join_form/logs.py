"""Keeps links out of the log: whoever has one may sign up in the name of a guide for half an hour."""

from __future__ import annotations

import logging

ADDRESS = "/join/"


class WithoutLinks(logging.Filter):
    """Django logs the path of what it refuses; of ours only that it was one of ours."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Qualifies every record; shortens its paths."""
        if isinstance(record.args, tuple):
            record.args = tuple(_short(one) for one in record.args)
        return True


def _short(value: object) -> object:
    return f"{ADDRESS}…" if isinstance(value, str) and value.startswith(ADDRESS) else value
