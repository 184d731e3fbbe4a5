"""Where the tablet's secrets live: the key store of the system, or, where there is none, files of the owner alone.

Secrets are asked for at start-up by name ("database": the store's 32-byte key; "device": the Ed25519 signing key).
"""

from __future__ import annotations

import base64
import binascii
import os
import re
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NoReturn

from guide_app.adapters.files import make_folder, write_whole
from guide_app.domain.errors import Defect, NotSaved, StoreUnusable
from guide_app.services.ports.device import KeySource

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SERVICE = "Store Guide"
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,60}")

Choice = Literal["auto", "system", "file"]


class FileKeySource:
    """One file a secret, 0600 in a folder of 0700; who can read the owner's files can read them: hence the warning."""

    warning = "key_file"

    def __init__(self, folder: Path) -> None:
        """The folder is made on the first `store`."""
        self._folder = folder

    def load(self, name: str) -> bytes | None:
        """None when it was never stored. Raises StoreUnusable("key_file_open") when others could have read it."""
        path = self._path(name)
        try:
            _check_private(self._folder, 0o700)
            _check_private(path, 0o600)
            return path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise StoreUnusable("key_file", type(error).__name__) from error

    def store(self, name: str, secret: bytes) -> None:
        """Kept on disk when this returns. Raises NotSaved, StoreUnusable("key_file_open")."""
        path = self._path(name)
        try:
            make_folder(self._folder)
            _check_private(self._folder, 0o700)
            write_whole(path, secret)
        except OSError as error:
            raise NotSaved("key_file", type(error).__name__) from error

    def holds_any(self) -> bool:
        """Whether a secret was ever stored here."""
        return any(self._folder.glob("*.key"))

    def _path(self, name: str) -> Path:
        return self._folder / f"{_checked(name)}.key"


class KeyringKeySource:
    """The system's key store: Secret Service, Windows Credential Manager, macOS Keychain."""

    warning = ""

    def __init__(self, backend: KeyringBackend, tablet: str) -> None:
        """`tablet` tells apart the secrets of several tablets of one account on one machine."""
        self._backend = backend
        self._tablet = tablet

    def load(self, name: str) -> bytes | None:
        """None when it was never stored. Raises StoreUnusable("key_store") when the key store does not open."""
        from keyring.errors import KeyringError

        try:
            text = self._backend.get_password(SERVICE, self._entry(name))
        except (KeyringError, OSError) as error:
            _closed(error)
        if text is None:
            return None
        try:
            return base64.b64decode(text, validate=True)
        except binascii.Error as error:
            raise StoreUnusable("key_store", "not what was stored") from error

    def store(self, name: str, secret: bytes) -> None:
        """Raises StoreUnusable("key_store") when the key store does not open or does not keep it."""
        from keyring.errors import KeyringError

        try:
            self._backend.set_password(SERVICE, self._entry(name), base64.b64encode(secret).decode())
        except (KeyringError, OSError) as error:
            _closed(error)
        if self.load(name) != secret:
            raise StoreUnusable("key_store", "it did not keep what was stored")

    def _entry(self, name: str) -> str:
        return f"{_checked(name)} {self._tablet}"


def choose_key_source(choice: Choice, folder: Path, tablet: str) -> KeySource:
    """Files where they are wanted or in use already; else the system's key store, where there is one; else files.

    Raises StoreUnusable("key_store_missing") when the system's is demanded and there is none.
    """
    files = FileKeySource(folder)
    if choice == "file" or (choice == "auto" and files.holds_any()):
        return files
    backend = system_key_store()
    if backend is not None:
        return KeyringKeySource(backend, tablet)
    if choice == "system":
        raise StoreUnusable("key_store_missing")
    return files


def system_key_store() -> KeyringBackend | None:
    """The key store of the system, None where keyring found but makeshifts."""
    import keyring

    return real_backend(keyring.get_keyring())


def real_backend(backend: KeyringBackend) -> KeyringBackend | None:
    """`backend`, or the first real one of a chain; None for `fail`, `null` and `keyrings.alt`, which keep no secret."""
    from keyring.backends import chainer, fail, null

    if isinstance(backend, chainer.ChainerBackend):
        return next(filter(None, map(real_backend, backend.backends)), None)
    if isinstance(backend, fail.Keyring | null.Keyring) or type(backend).__module__.startswith("keyrings."):
        return None
    return backend


def _checked(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise Defect(f"not a name of a secret: {name!r}")
    return name


def _closed(error: Exception) -> NoReturn:
    raise StoreUnusable("key_store", type(error).__name__) from error


def _check_private(path: Path, mode: int) -> None:
    """Raises StoreUnusable where another account owns the path or may look into it; Windows keeps that in its ACLs."""
    if os.name == "nt":
        return
    found = path.lstat()
    wrong_kind = not (stat.S_ISDIR(found.st_mode) or stat.S_ISREG(found.st_mode))
    if wrong_kind or found.st_uid != os.geteuid() or stat.S_IMODE(found.st_mode) & ~mode:
        raise StoreUnusable("key_file_open", f"{path.name} has mode {stat.S_IMODE(found.st_mode):o}")
