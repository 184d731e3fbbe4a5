"""Which files of the library this tablet is to have: those of lists that HQ signed, of material that is not over.

Whoever changes rows has them noted in the same transaction; the sweep looks for what time alone has ended.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping

import msgspec
from sqlcipher3 import dbapi2 as sqlite

from guide_app.domain import materials
from guide_app.domain.clock import from_text
from guide_app.domain.materials import Moment
from guide_app.domain.records import Material, decode
from local_store.meta import Meta
from sync.protocol import file_lists

_log = logging.getLogger(__name__)
MUST, SMALL, LAST = -10, 10, 10**11
"""Ranks: what must be read (below 0: it is fetched before all, and never let go), what lists show, and behind all
pictures of products the newest first."""
_NAMED = "SELECT sha256 FROM file_use WHERE entity = 'material' AND id = ?"


def note(connection: sqlite.Connection, ids: Iterable[str], at: Moment, *, asked: bool = False) -> bool:
    """Has the files of these rows named as they are to be; rows that are gone name none. False: a list was signed by a
    key that this tablet does not know. Until HQ was `asked`, and told all rows, it may be the next one, or the last:
    what this list names and the row named before stays meanwhile, so that a change of keys brings no file again."""
    known = True
    keys = keys_of(Meta(connection).text("hq_public_keys"))
    query = "SELECT id, d FROM material WHERE id IN (SELECT value FROM json_each(?))"
    for row_id, d in connection.execute(query, (msgspec.json.encode([*ids]).decode(),)).fetchall():
        try:
            material = decode(d, Material)
        except msgspec.MsgspecError:
            continue  # of a later version: it is not shown, and brings no files
        stranger = bool(material.files) and material.key not in keys
        wanted = _wanted(material, at)
        if wanted and not file_lists.is_signed(material, keys):
            before = _named(connection, row_id) if stranger and not asked else set()
            wanted = {sha: told for sha, told in wanted.items() if sha in before}
            _tell_unsigned(material, final=asked or not stranger)
        _name(connection, row_id, material, wanted)
        known = known and not stranger
    return known


def note_all(connection: sqlite.Connection, at: Moment) -> None:
    """As `note`, of every row: HQ told its keys, or an older app kept rows without looking at their files."""
    ids = [row_id for (row_id,) in connection.execute("SELECT id FROM material").fetchall()]
    note(connection, ids, at)


def strangers(connection: sqlite.Connection) -> list[str]:
    """The rows whose list a key signed that this tablet does not know."""
    query = "SELECT id FROM material WHERE json_extract(d, '$.key') NOT IN (SELECT value FROM json_each(?))"
    keys = keys_of(Meta(connection).text("hq_public_keys"))
    return [row_id for (row_id,) in connection.execute(query, (msgspec.json.encode(keys).decode(),))]


def keys_of(told: str) -> list[str]:
    """HQ's keys as `meta` has them."""
    return [key for key in told.split(",") if key]


def over(connection: sqlite.Connection, at: Moment) -> list[str]:
    """The rows whose time has ended and that still name files."""
    query = (
        "SELECT id FROM material WHERE valid_until <> '' AND valid_until <= max(?, ?)"
        " AND EXISTS (SELECT 1 FROM file_use AS x WHERE x.entity = 'material' AND x.id = material.id)"
    )
    return [row_id for (row_id,) in connection.execute(query, at)]


def _tell_unsigned(material: Material, *, final: bool) -> None:
    if final:
        said = "files that HQ's key did not sign are not taken: version %d of %s"
        _log.error(said, material.version, material.material)
    else:
        said = "HQ is asked for the key that signed the files of version %d of %s"
        _log.info(said, material.version, material.material)


def _named(connection: sqlite.Connection, row_id: str) -> set[str]:
    return {sha for (sha,) in connection.execute(_NAMED, (row_id,))}


def _wanted(material: Material, at: Moment) -> Mapping[str, tuple[int, int]]:
    """File → (bytes, rank). What begins only later is fetched before."""
    if not material.files or materials.ended(material, at):
        return {}
    newest = LAST - round(from_text(material.published_at).timestamp()) if material.published_at else LAST
    found: dict[str, tuple[int, int]] = {}
    for file in material.files:
        small = file.role in ("thumb", "poster")
        rank = MUST + (not small) if material.must_read else SMALL if small else newest
        found[file.sha256] = file.bytes, min(rank, found.get(file.sha256, (0, rank))[1])
    return found


def _name(
    connection: sqlite.Connection, row_id: str, material: Material, wanted: Mapping[str, tuple[int, int]]
) -> None:
    before = _named(connection, row_id)
    if not before:
        connection.execute("DELETE FROM material_lies WHERE id = ?", (row_id,))
    for sha, (size, rank) in wanted.items():
        connection.execute(
            "INSERT INTO file (sha256, bytes, rank) VALUES (?1, ?2, ?3) ON CONFLICT (sha256) DO UPDATE SET rank ="
            " CASE WHEN EXISTS (SELECT 1 FROM file_use WHERE sha256 = ?1 AND id <> ?4)"
            " THEN min(rank, excluded.rank) ELSE excluded.rank END",
            (sha, size, rank, row_id),
        )
    connection.executemany(
        "INSERT INTO file_use (entity, id, sha256) VALUES ('material', ?, ?)",
        [(row_id, sha) for sha in wanted if sha not in before],
    )
    connection.executemany(
        "DELETE FROM file_use WHERE entity = 'material' AND id = ? AND sha256 = ?",
        [(row_id, sha) for sha in before - wanted.keys()],
    )
    if material.files and not wanted:
        size = sum({file.sha256: file.bytes for file in material.files}.values())
        connection.execute("INSERT OR REPLACE INTO material_lies (id, bytes, here) VALUES (?, ?, 0)", (row_id, size))
