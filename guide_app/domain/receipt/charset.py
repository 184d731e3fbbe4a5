"""What a receipt printer can print, and in which bytes.

Chinese printers draw Latin letters from one font and everything else from a Chinese one, by the one- and two-byte codes
of GB18030 (GBK): two bytes a character, two columns wide. A character of four bytes comes out garbled on most of them,
so none is sent: a yen sign becomes the full-width one, an accent goes where the letter without it is there, and what is
left is shown by "〓", the mark for a missing type. Western printers are set to the code page of Windows-1252.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

_SAME = {
    "\N{MINUS SIGN}": "-", "\N{NO-BREAK SPACE}": " ", "\N{NARROW NO-BREAK SPACE}": " ", "\N{EN DASH}": "-",
    "\N{MULTIPLICATION SIGN}": "x",
}  # fmt: skip
"""Written another way, at one column on every printer."""


@dataclass(frozen=True)
class Charset:
    """`codec`: Python's name; `missing`: what stands for a character that it has not; `chinese`: has a Chinese font."""

    codec: str
    missing: str
    chinese: bool
    also: tuple[tuple[str, str], ...] = ()

    def prepare(self, text: str) -> str:
        """The text in characters that are there; control characters go."""
        return "".join(self._there(char) for char in unicodedata.normalize("NFC", text))

    def encode(self, text: str) -> bytes:
        """The bytes of a prepared text."""
        return text.encode(self.codec)

    def width(self, text: str) -> int:
        """Columns of a prepared text: as many as bytes, in both kinds of font. By Unicode's East Asian Width (UAX #11)
        these are two for what is wide, full-width or ambiguous, as Chinese printers draw it from their Chinese font."""
        return len(self.encode(text))

    def _there(self, char: str) -> str:
        char = {**_SAME, **dict(self.also)}.get(char, char)
        if char != "\n" and unicodedata.category(char)[0] == "C":
            return ""
        if self._has(char):
            return char
        if unicodedata.combining(char):
            return ""
        plain = "".join(c for c in unicodedata.normalize("NFKD", char) if not unicodedata.combining(c))
        return plain if plain and all(self._has(c) for c in plain) else self.missing

    def _has(self, text: str) -> bool:
        try:
            text.encode(self.codec)
        except UnicodeEncodeError:
            return False
        return True


CHINESE = Charset(codec="gbk", missing="〓", chinese=True, also=(("\N{YEN SIGN}", "\N{FULLWIDTH YEN SIGN}"),))
WESTERN = Charset(
    codec="cp1252", missing="?", chinese=False, also=(("\N{FULLWIDTH YEN SIGN}", "\N{YEN SIGN}"),)
)  # fmt: skip
CHARSETS = {"chinese": CHINESE, "western": WESTERN}
"""By the name in a tablet's printer setting."""
