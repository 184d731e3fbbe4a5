"""Fonts, icons and translations that ship with the application, each beside its licence."""

from importlib.resources import as_file, files
from pathlib import Path


def path(name: str) -> Path:
    """Return where the asset `name` (as in `fonts/NotoSansSC-Regular.ttf`) is installed.

    Raises FileNotFoundError when there is no such asset. The package is always installed unpacked
    (wheel or bundle), because Qt opens these files by name.
    """
    with as_file(files(__name__)) as root:
        found = root.joinpath(name)
    if not found.exists():
        raise FileNotFoundError(f"No asset named {name!r} is installed")
    return found
