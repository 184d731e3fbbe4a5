"""The settings of one tablet, read once from the environment; options of the command line go before them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from guide_app.adapters.keys import Choice
from guide_app.domain.errors import BadInput

LogLevel = Literal["DEBUG", "INFO", "WARNING", "ERROR"]
Language = Literal["", "en", "zh_CN"]


@dataclass(frozen=True)
class Settings:
    """Where this tablet keeps its things and how it starts."""

    data: Path
    """GUIDE_DATA: the folder of the database, the log and the preferences. Default: the account's own data folder."""
    log_level: LogLevel = "INFO"
    """GUIDE_LOG_LEVEL: how much the log tells: DEBUG, INFO, WARNING or ERROR."""
    key_source: Choice = "auto"
    """GUIDE_KEY_SOURCE: where keys are kept: auto (the system's key store, else files), system, or file."""
    language: Language = ""
    """GUIDE_LANG: en or zh_CN for this run. Default: what was chosen on the tablet, at first the system's."""
    windowed: bool = False
    """GUIDE_WINDOWED: 1 for a window instead of the whole screen."""

    diagnostics: Path | None = None
    """GUIDE_DIAGNOSTICS: the folder for diagnostics files. Default: the account's documents."""

    files_mb: int = 1000
    """GUIDE_FILES_MB: how many megabytes pictures and other files may take. Default: 1000."""

    @property
    def database(self) -> Path:
        return self.data / "store.db"

    @property
    def keys(self) -> Path:
        """The folder of key files, where no system's key store is used."""
        return self.data / "keys"

    @property
    def preferences(self) -> Path:
        return self.data / "preferences.json"

    @property
    def printer(self) -> Path:
        """Which receipt printer this tablet has."""
        return self.data / "printer.json"

    @property
    def files(self) -> Path:
        """Pictures and other files, encrypted."""
        return self.data / "files"

    @property
    def logs(self) -> Path:
        return self.data / "logs"


def read(environment: Mapping[str, str], given: Mapping[str, Any] | None = None) -> Settings:
    """The settings; `given` holds the options of the command line. Raises BadInput("setting") with the name of one."""
    from_options = {name: value for name, value in (given or {}).items() if value is not None}
    return Settings(
        data=Path(from_options.get("data") or environment.get("GUIDE_DATA") or _own_folder()).expanduser().absolute(),
        log_level=_one_of(LogLevel, "GUIDE_LOG_LEVEL", environment.get("GUIDE_LOG_LEVEL") or "INFO"),
        diagnostics=Path(environment["GUIDE_DIAGNOSTICS"]).expanduser().absolute()
        if environment.get("GUIDE_DIAGNOSTICS")
        else None,
        files_mb=_megabytes(environment.get("GUIDE_FILES_MB") or "1000"),
        key_source=_one_of(Choice, "GUIDE_KEY_SOURCE", environment.get("GUIDE_KEY_SOURCE") or "auto"),
        language=_one_of(Language, "GUIDE_LANG", from_options.get("language") or environment.get("GUIDE_LANG", "")),
        windowed=bool(from_options.get("windowed"))
        or _one_of(Literal["", "0", "1"], "GUIDE_WINDOWED", environment.get("GUIDE_WINDOWED", "")) == "1",
    )


def _one_of(choices: Any, name: str, value: str) -> Any:
    if value not in get_args(choices):
        raise BadInput("setting", name)
    return value


def _megabytes(value: str) -> int:
    if not (value.isascii() and value.isdecimal() and len(value) < 8):
        raise BadInput("setting", "GUIDE_FILES_MB")
    return int(value)


def _own_folder() -> Path:
    from platformdirs import user_data_path

    return user_data_path("store-guide", appauthor=False)
