"""The outside of a counter: keys, PINs, codes, space."""

from __future__ import annotations

from typing import Any, Literal, Protocol

from guide_app.services.ports.base import View


class PinHasher(Protocol):
    """argon2id; slow on purpose, so never in the UI thread."""

    async def hash(self, pin: str) -> str: ...
    async def verify(self, phc: str, pin: str) -> bool: ...


class PinTries(Protocol):
    """Wrong tries per guide, kept on the tablet; waiting is judged by a clock that only grows."""

    async def wrong(self, staff_id: str) -> int:
        """Counts one more; returns how many there are now."""

    async def wait_s(self, staff_id: str) -> float:
        """Seconds until the next try is allowed; 0 when it is."""

    async def reset(self, staff_id: str) -> None: ...


class KeySource(Protocol):
    """Where the 32-byte key of the tablet's database and the device's signing key are kept."""

    warning: str
    """Empty, or the code of a warning for the person ("key_file": no OS key store here)."""

    def load(self, name: str) -> bytes | None: ...
    def store(self, name: str, secret: bytes) -> None: ...


class Seen(View, frozen=True):
    """What one picture shows: the codes in it, and how bright it is (0 black to 255 white)."""

    codes: tuple[str, ...]
    brightness: int


class CodeReader(Protocol):
    """Finds barcodes and QR codes in pictures; slow, so never in the UI thread."""

    def read(self, pixels: memoryview, height: int, stride: int) -> Seen:
        """Looks at a grey picture: one byte a pixel, rows of `stride` bytes."""


class SpaceReader(Protocol):
    """How much room there is, in bytes."""

    async def used(self) -> int:
        """What this tablet's data takes."""

    async def free(self) -> int:
        """What is left where it lies."""


class FactsReader(Protocol):
    """What the store says about itself, for whoever looks after tablets."""

    async def facts(self) -> dict[str, Any]:
        """Counts, positions and hashes as plain values; nothing that a person typed."""


class Diagnostics(Protocol):
    """A file that tells HQ's people how this tablet stands."""

    async def save(self) -> str:
        """Writes it, without personal data; its path. Raises NotSaved."""


class Preferences(Protocol):
    """How this tablet looks; kept outside the encrypted store so that the first screen is right."""

    language: Literal["en", "zh_CN"]
    text_scale: float
    theme: Literal["light", "dark", "system"]
    reduce_motion: bool

    def save(self) -> None: ...
