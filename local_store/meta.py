"""What the tablet knows about itself, one value a line; absent values are empty or 0."""

from __future__ import annotations

from typing import Literal, cast

from sqlcipher3 import dbapi2 as sqlite

Bootstrap = Literal["loading", "indexing", "ready"]
Text = Literal[
    "device_id", "device_name", "store_id", "store_code", "store_name_en", "store_name_zh", "device_letters", "region",
    "time_zone", "currency", "languages", "hq_url", "hq_public_keys", "epoch", "incarnation", "numbered_in",
    "forked_from", "authorised_until", "last_in_step", "bootstrap", "compared_at", "scrubbed_at", "diverged_at",
    "tags_of", "radar_asked_at", "effects_of",
]  # fmt: skip
Number = Literal[
    "next_seq", "next_number", "hq_time_offset_ms", "mended", "differs", "locked_out", "next_bucket", "refetched",
    "pages_clean", "tags_at",
]  # fmt: skip


class Meta:
    """The table `meta` behind one connection."""

    def __init__(self, connection: sqlite.Connection) -> None:
        self._db = connection

    def text(self, key: Text) -> str:
        """A value, "" where it was never set."""
        found = self._db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return cast(str, found[0]) if found else ""

    def number(self, key: Number) -> int:
        """A number, 0 where it was never set."""
        found = self._db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return int(found[0]) if found else 0

    def set(self, **values: str | int) -> None:
        """Sets values; those that are so already are not written."""
        self._db.executemany(
            "INSERT INTO meta (key, value) VALUES (?, ?) "
            "ON CONFLICT (key) DO UPDATE SET value = excluded.value WHERE value <> excluded.value",
            [(key, str(value)) for key, value in values.items()],
        )

    def texts(self) -> dict[str, str]:
        """All that was ever set."""
        return dict(self._db.execute("SELECT key, value FROM meta"))

    @property
    def bootstrap(self) -> Bootstrap:
        """How far the first load is."""
        return cast(Bootstrap, self.text("bootstrap") or "loading")
