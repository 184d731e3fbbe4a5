"""The key sources: one contract for the file and for the system's key store, and what each refuses."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import keyring.backends.chainer
import keyring.backends.fail
import keyring.backends.null
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked

from guide_app.adapters.keys import FileKeySource, KeyringKeySource, choose_key_source, real_backend
from guide_app.domain.errors import Defect, NotSaved, StoreUnusable
from guide_app.services.ports.device import KeySource

SECRET = bytes(range(32))


class MemoryKeyring(KeyringBackend):
    """A key store that keeps its secrets in memory; `locked` makes it refuse, `forgets` makes it lie."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}
        self.locked = self.forgets = False

    def get_password(self, service: str, username: str) -> str | None:
        if self.locked:
            raise KeyringLocked
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        if self.locked:
            raise KeyringLocked
        if not self.forgets:
            self.kept[service, username] = password


class AltKeyring(MemoryKeyring):
    """As those of the package keyrings.alt, which keep secrets in plain files."""

    __module__ = "keyrings.alt.file"


def a(kind: Callable[[], KeyringBackend]) -> KeyringBackend:
    """One of a class whose constructor keyring left without types."""
    return kind()


def in_memory(folder: Path) -> KeySource:
    return KeyringKeySource(MemoryKeyring(), folder.name)


def in_files(folder: Path) -> KeySource:
    return FileKeySource(folder / "keys")


@pytest.fixture(params=[in_memory, in_files])
def source(request: pytest.FixtureRequest, tmp_path: Path) -> KeySource:
    make: Callable[[Path], KeySource] = request.param
    return make(tmp_path)


def test_what_was_never_stored_is_none(source: KeySource) -> None:
    assert source.load("database") is None


def test_what_was_stored_comes_back_by_its_name(source: KeySource) -> None:
    source.store("database", SECRET)
    source.store("device-00000000-0000-4000-8000-0000000000d1", b"\x00" * 32)
    assert source.load("database") == SECRET
    assert source.load("device-00000000-0000-4000-8000-0000000000d1") == b"\x00" * 32


def test_storing_again_replaces(source: KeySource) -> None:
    source.store("database", b"old")
    source.store("database", SECRET)
    assert source.load("database") == SECRET


@pytest.mark.parametrize("name", ["", "../database", "a/b", "A", "x" * 80, "name\n"])
def test_a_name_that_is_none_is_a_defect(source: KeySource, name: str) -> None:
    with pytest.raises(Defect):
        source.store(name, SECRET)
    with pytest.raises(Defect):
        source.load(name)


def test_key_files_are_the_owners_alone(tmp_path: Path) -> None:
    FileKeySource(tmp_path / "keys").store("database", SECRET)
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "keys" / "database.key").stat().st_mode & 0o777 == 0o600
    assert [p.name for p in (tmp_path / "keys").iterdir()] == ["database.key"]


@pytest.mark.parametrize(
    ("path", "mode"), [("keys", 0o755), ("keys", 0o770), ("keys/database.key", 0o640), ("keys/database.key", 0o604)]
)
def test_a_key_that_others_could_have_read_is_refused(tmp_path: Path, path: str, mode: int) -> None:
    source = FileKeySource(tmp_path / "keys")
    source.store("database", SECRET)
    (tmp_path / path).chmod(mode)
    with pytest.raises(StoreUnusable) as told:
        source.load("database")
    assert told.value.code == "key_file_open"


def test_a_key_of_another_owner_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = FileKeySource(tmp_path / "keys")
    source.store("database", SECRET)
    monkeypatch.setattr(os, "geteuid", lambda: 4242)
    with pytest.raises(StoreUnusable):
        source.load("database")


def test_a_link_in_place_of_a_key_is_refused(tmp_path: Path) -> None:
    source = FileKeySource(tmp_path / "keys")
    source.store("database", SECRET)
    (tmp_path / "elsewhere").write_bytes(SECRET)
    (tmp_path / "keys" / "database.key").unlink()
    (tmp_path / "keys" / "database.key").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StoreUnusable):
        source.load("database")


def test_a_folder_that_cannot_be_made_is_not_saved(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("a file where the folder should be")
    with pytest.raises((NotSaved, StoreUnusable)):
        FileKeySource(tmp_path / "keys").store("database", SECRET)


def test_two_tablets_of_one_account_keep_apart() -> None:
    backend = MemoryKeyring()
    KeyringKeySource(backend, "one").store("database", SECRET)
    assert KeyringKeySource(backend, "two").load("database") is None


def test_a_locked_key_store_says_so() -> None:
    backend = MemoryKeyring()
    backend.locked = True
    source = KeyringKeySource(backend, "one")
    with pytest.raises(StoreUnusable, match="key_store"):
        source.load("database")
    with pytest.raises(StoreUnusable, match="key_store"):
        source.store("database", SECRET)


def test_a_key_store_that_forgets_is_found_out_at_once() -> None:
    backend = MemoryKeyring()
    backend.forgets = True
    with pytest.raises(StoreUnusable):
        KeyringKeySource(backend, "one").store("database", SECRET)


def test_an_entry_that_somebody_else_wrote_is_refused() -> None:
    backend = MemoryKeyring()
    KeyringKeySource(backend, "one").store("database", SECRET)
    backend.kept = dict.fromkeys(backend.kept, "hunter2!")
    with pytest.raises(StoreUnusable):
        KeyringKeySource(backend, "one").load("database")


def test_makeshift_key_stores_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    chain = a(keyring.backends.chainer.ChainerBackend)
    makeshift = [a(keyring.backends.fail.Keyring), a(keyring.backends.null.Keyring), a(AltKeyring)]
    monkeypatch.setattr(keyring.backends.chainer.ChainerBackend, "backends", makeshift)
    assert [real_backend(backend) for backend in (*makeshift, chain)] == [None] * 4
    good = MemoryKeyring()
    monkeypatch.setattr(keyring.backends.chainer.ChainerBackend, "backends", [*makeshift, good])
    assert real_backend(chain) is good


def test_without_a_key_store_files_are_used_and_say_a_warning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyring, "get_keyring", keyring.backends.fail.Keyring)
    chosen = choose_key_source("auto", tmp_path / "keys", "one")
    assert (type(chosen), chosen.warning) == (FileKeySource, "key_file")
    with pytest.raises(StoreUnusable) as told:
        choose_key_source("system", tmp_path / "keys", "one")
    assert told.value.code == "key_store_missing"


def test_with_a_key_store_it_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyring, "get_keyring", MemoryKeyring)
    chosen = choose_key_source("auto", tmp_path / "keys", "one")
    assert (type(chosen), chosen.warning) == (KeyringKeySource, "")
    assert type(choose_key_source("file", tmp_path / "keys", "one")) is FileKeySource


def test_a_tablet_that_began_with_files_stays_with_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    FileKeySource(tmp_path / "keys").store("database", SECRET)
    monkeypatch.setattr(keyring, "get_keyring", MemoryKeyring)
    assert choose_key_source("auto", tmp_path / "keys", "one").load("database") == SECRET


SECRET_SERVICE = """
import sys
from pathlib import Path
from guide_app.adapters.keys import KeyringKeySource, choose_key_source
source = choose_key_source("system", Path(sys.argv[1]), "one")
assert type(source) is KeyringKeySource and source.warning == "", source
if sys.argv[2] == "store":
    assert source.load("database") is None
    source.store("database", bytes(range(32)))
assert source.load("database") == bytes(range(32))
assert choose_key_source("system", Path(sys.argv[1]), "two").load("database") is None
print("kept")
"""


def has_secret_service() -> bool:
    return all(map(shutil.which, ("dbus-run-session", "gnome-keyring-daemon")))


if has_secret_service():  # a desktop's own key store, as `make env` installs it on Debian

    def test_the_secret_service_keeps_keys_between_runs(tmp_path: Path) -> None:
        """A real gnome-keyring under a session bus of its own, started anew for each run."""
        script = tmp_path / "use.py"
        script.write_text(SECRET_SERVICE)
        unlocked = "printf secret | gnome-keyring-daemon --unlock --components=secrets >/dev/null"
        environment = {
            "HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path),
            "PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        }  # fmt: skip
        for what in ("store", "load"):
            run = f"{unlocked} && {sys.executable} {script} {tmp_path} {what}"
            done = subprocess.run(
                ["dbus-run-session", "--", "sh", "-c", run],
                env=environment, capture_output=True, text=True, timeout=60, check=False,
            )  # fmt: skip
            assert done.stdout == "kept\n", done.stderr
