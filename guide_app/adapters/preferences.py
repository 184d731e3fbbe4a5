"""How this tablet looks, in a small JSON file outside the encrypted store, so that the first screen is right."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from guide_app.adapters.files import make_folder, write_whole
from guide_app.domain.errors import NotSaved

Language = Literal["en", "zh_CN"]
Theme = Literal["light", "dark", "system"]

log = logging.getLogger(__name__)


class _Kept(msgspec.Struct, kw_only=True):
    language: Language
    text_scale: Annotated[float, msgspec.Meta(ge=0.8, le=1.6)] = 1.0
    theme: Theme = "system"
    reduce_motion: bool = False


class FilePreferences:
    """The Preferences port; what is set is kept by `save`."""

    language: Language
    text_scale: float
    theme: Theme
    reduce_motion: bool

    def __init__(self, path: Path, language: Language) -> None:
        """`language` counts until one is chosen. A file that cannot be read leaves the defaults."""
        self._path = path
        kept = self._read() or _Kept(language=language)
        self.language, self.text_scale = kept.language, kept.text_scale
        self.theme, self.reduce_motion = kept.theme, kept.reduce_motion

    def save(self) -> None:
        """Raises NotSaved("preferences"); the old file stays then."""
        kept = _Kept(
            language=self.language, text_scale=self.text_scale, theme=self.theme, reduce_motion=self.reduce_motion
        )
        try:
            make_folder(self._path.parent)
            write_whole(self._path, msgspec.json.format(msgspec.json.encode(kept), indent=2) + b"\n")
        except OSError as error:
            raise NotSaved("preferences", type(error).__name__) from error

    def _read(self) -> _Kept | None:
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=_Kept)
        except FileNotFoundError:
            return None
        except (OSError, msgspec.MsgspecError) as error:
            log.warning("the preferences cannot be read, defaults are used: %s", type(error).__name__)
            return None


def language_of(locale: str) -> Language:
    """The language to begin with for a locale's name such as ``zh_CN.UTF-8``."""
    return "zh_CN" if locale.lower().startswith("zh") else "en"
