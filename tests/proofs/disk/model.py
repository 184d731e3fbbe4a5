"""What a power cut may leave of a recorded log, by what POSIX promises and no more.

Data: what was synced is there. Of what was written or cut since the file's last sync, each sector of 512 bytes of each
write is there or not, in any order; bytes of a sector that a write does not cover keep what they held (SQLite's
assumption of "powersafe overwrite", which it makes by default). Names: a file made, renamed or removed since its
folder's last sync has its new name or its old one. After a failed sync nobody knows what became of what was written
before it, and no later sync brings it back.
"""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Literal, NamedTuple

from tests.proofs.disk.recorder import Event

SECTOR = 512
Luck = Literal["kept", "dropped", "torn", "prefix"]
LUCK: tuple[Luck, ...] = ("kept", "dropped", "torn", "torn", "prefix")
"""All unsynced is there; none; any sectors; all up to some moment, whose own write is torn."""


class _Pending(NamedTuple):
    """A write, or with `data` None a cut to the size `at`. `orphan`: a sync of it failed, none will bring it back."""

    at: int
    data: bytes | None
    orphan: bool = False


class _Inode:
    """One file: what is safe, and what is not yet."""

    def __init__(self) -> None:
        self.safe = bytearray()
        self.pending: list[_Pending] = []

    def sync(self, random: Random) -> None:
        for one in self.pending:
            if not one.orphan:
                _apply(self.safe, one)
            else:
                _tear(self.safe, one, random)
        self.pending.clear()

    def fail(self) -> None:
        self.pending = [one._replace(orphan=True) for one in self.pending]

    def after_cut(self, luck: Luck, random: Random) -> bytes:
        content = bytearray(self.safe)
        until = random.randrange(len(self.pending) + 1)
        for n, one in enumerate(self.pending):
            if luck == "kept" or (luck == "prefix" and n < until):
                _apply(content, one)
            elif luck == "torn" or (luck == "prefix" and n == until):
                _tear(content, one, random)
        return bytes(content)


class _Naming(NamedTuple):
    """A change of names: `new` gets the file (None: removed), `old` loses it."""

    folder: str
    old: str
    new: str
    inode: _Inode | None


class Disk:
    """All files below a folder, as the log goes on; a folder's own name is safe once its parent was synced."""

    def __init__(self, root: Path, ignore: tuple[str, ...], random: Random) -> None:
        self._root, self._ignore, self._random = str(root), ignore, random
        self._now: dict[str, _Inode] = {}
        self._safe: dict[str, _Inode] = {}
        self._names: list[_Naming] = []
        self._folders: dict[str, bool] = {}

    def apply(self, event: Event) -> None:
        """The next event of the log."""
        if not event.path.startswith(self._root) or event.path.endswith(self._ignore):
            return
        match event.kind:
            case "C":
                self._now[event.path] = inode = _Inode()
                self._names.append(_Naming(_folder(event.path), "", event.path, inode))
            case "M":
                self._folders[event.path] = False
            case "U":
                self._now.pop(event.path, None)
                self._names.append(_Naming(_folder(event.path), event.path, "", None))
            case "R":
                new = event.data.decode()
                self._now[new] = inode = self._now.pop(event.path)
                self._names.append(_Naming(_folder(new), event.path, new, inode))
            case "S":
                self._sync(event.path)
            case _:
                self._write(event)

    def cut(self, random: Random, into: Path) -> Luck:
        """Makes the folder as a power cut right now may leave it, below `into`; how lucky it was."""
        luck = random.choice(LUCK)

        def kept() -> bool:
            return luck == "kept" or (luck != "dropped" and random.random() < 0.5)

        names = dict(self._safe)
        for naming in self._names:
            if kept():
                _rename(names, naming)
        gone = [f"{name}/" for name, safe in self._folders.items() if not safe and not kept()]
        for path, inode in names.items():
            if not path.startswith(tuple(gone)):
                target = into / path.removeprefix(self._root).lstrip("/")
                target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                target.write_bytes(inode.after_cut(luck, random))
                target.chmod(0o600)
        return luck

    def _sync(self, path: str) -> None:
        if path in self._now:
            self._now[path].sync(self._random)
            return
        for naming in [one for one in self._names if one.folder == path]:
            _rename(self._safe, naming)
        self._names = [one for one in self._names if one.folder != path]
        self._folders.update((name, True) for name in self._folders if _folder(name) == path)

    def _write(self, event: Event) -> None:
        inode = self._now.get(event.path)
        if inode is None:
            return  # written after its last name was removed
        match event.kind:
            case "E":
                inode.fail()
            case "T":
                inode.pending.append(_Pending(event.at, None))
            case "W":
                inode.pending.append(_Pending(event.at, event.data))


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _rename(names: dict[str, _Inode], naming: _Naming) -> None:
    names.pop(naming.old, None)
    if naming.inode is not None:
        names[naming.new] = naming.inode


def _apply(content: bytearray, one: _Pending) -> None:
    if one.data is None:
        del content[one.at :]
        content.extend(bytes(one.at - len(content)))
        return
    content.extend(bytes(max(0, one.at - len(content))))
    content[one.at : one.at + len(one.data)] = one.data


def _tear(content: bytearray, one: _Pending, random: Random) -> None:
    """Each sector of a write is there or not; a cut was made or not."""
    if one.data is None:
        if random.random() < 0.5:
            _apply(content, one)
        return
    start = one.at
    while start < one.at + len(one.data):
        end = min((start // SECTOR + 1) * SECTOR, one.at + len(one.data))
        if random.random() < 0.5:
            _apply(content, _Pending(start, one.data[start - one.at : end - one.at]))
        start = end
