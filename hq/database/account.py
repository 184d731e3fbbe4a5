"""Which operating-system account runs the embedded PostgreSQL, and where that account can read and write.

PostgreSQL refuses to run as root. When HQ is started as root (in a container, say), the server runs under an account
of its own, and no folder above ours has its rights opened for it.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import secrets
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path

ACCOUNT = "store-guide"
OWN_HOME = Path("/var/lib/store-guide")


@dataclass(frozen=True)
class Account:
    """The account that the server runs under; `uid` is None when it is the one we run under already."""

    uid: int | None
    gid: int | None

    def popen_args(self) -> dict[str, object]:
        """Arguments for `subprocess` that run a command under this account."""
        if self.uid is None:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def give(self, path: Path) -> None:
        """Makes the account the owner of `path`, and nobody else able to read it."""
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)
        path.chmod(0o700 if path.is_dir() else 0o600)

    def reaches(self, path: Path) -> bool:
        """Whether the account may pass through every folder down to `path`."""
        if self.uid is None:
            return True
        return all(self._passes(folder) for folder in (path, *path.parents) if folder.is_dir())

    def _passes(self, folder: Path) -> bool:
        info = folder.stat()
        if info.st_uid == self.uid:
            return bool(info.st_mode & stat.S_IXUSR)
        if info.st_gid == self.gid:
            return bool(info.st_mode & stat.S_IXGRP)
        return bool(info.st_mode & stat.S_IXOTH)


def for_this_process() -> Account:
    """The account to run PostgreSQL under: our own, or (for root) one made for it, else `nobody`."""
    if os.geteuid() != 0:
        return Account(None, None)
    entry = _entry(ACCOUNT) or _made() or pwd.getpwnam("nobody")
    return Account(entry.pw_uid, entry.pw_gid)


def cluster_folder(account: Account, data: Path) -> Path:
    """The folder for the database files: inside `data`, or (where the account cannot get there) in a home of its own.

    In the second case `data/postgres` is a link to it.
    """
    inside = data / "postgres"
    if inside.is_symlink():
        return inside.resolve()
    if account.reaches(data):
        return inside
    outside = _own_home() / f"postgres-{secrets.token_hex(6)}"  # never that of an earlier folder of the same name
    try:
        inside.symlink_to(outside)
    except FileExistsError:  # another process was faster
        return inside.resolve()
    return outside


def programs(account: Account, installed: Path) -> Path:
    """A copy of the PostgreSQL programs that the account can run: `installed` itself where it can be reached. Their
    wheel keeps further libraries beside its package, and the programs look for them at that place."""
    if account.reaches(installed):
        return installed
    package = installed.parent
    stamp = hashlib.sha256(f"{installed}:{(installed / 'bin/postgres').stat().st_mtime_ns}".encode()).hexdigest()[:12]
    copy = _own_home() / f"postgresql-{stamp}"
    if not copy.exists():
        unfinished = copy.with_suffix(f".{os.getpid()}")
        for part in ("bin", "lib", "share"):
            shutil.copytree(installed / part, unfinished / package.name / installed.name / part, symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, unfinished / libraries.name, symlinks=True)
        unfinished.rename(copy)
    return copy / package.name / installed.name


def _own_home() -> Path:
    OWN_HOME.mkdir(mode=0o711, parents=True, exist_ok=True)
    return OWN_HOME


def _entry(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _made() -> pwd.struct_passwd | None:
    command = shutil.which("useradd")
    if command is None:
        return None
    options = ["--system", "--no-create-home", "--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin"]
    subprocess.run([command, *options, ACCOUNT], check=False, capture_output=True)  # noqa: S603 - a fixed command
    return _entry(ACCOUNT)
