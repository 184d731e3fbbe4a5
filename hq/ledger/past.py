"""The port `Past`: what HQ's history needs beside `Ledger` and `Aggregates`: erasing people, trimming.

It works in the transactions of the ledger.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

import msgspec

from guide_app.domain import phone
from guide_app.domain.records import Ref
from hq.ledger.port import Parked, ScopeKey


class Person(msgspec.Struct, frozen=True):
    """Somebody who is being erased: the store that has them, and all ids they ever had, in whatever store.

    `marks`: keyed fingerprints of their phones and numbers, by which it is known that somebody else names them, later.
    """

    store_id: str
    ids: tuple[str, ...]
    marks: tuple[str, ...] = ()


def called(e164: str, numbers: Collection[str]) -> set[str]:
    """What somebody else may name a member by: their phone, as it stands in a record and as people write it in its own
    country, and their numbers."""
    return {*numbers, *((e164, phone.national(e164)) if e164 else ())} - {""}


def unmentioned(kind: str, body: bytes | None, mentions: Collection[str] | None = None) -> bytes | None:
    """The body of a sign-up without who sent them, where that is one of these (None: whoever it is); None where it is
    not so."""
    if kind != "member.sign_up" or body is None:
        return None
    try:
        said = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    if not isinstance(said, dict) or "referrer" not in said:
        return None
    if mentions is not None and said["referrer"] not in mentions:
        return None
    del said["referrer"]
    return msgspec.json.encode(said)


class Standing(NamedTuple):
    """A row as the feed has it."""

    ref: Ref
    ver: int


class Scrubbed(NamedTuple):
    """How many contents lost their body, and which operations waited and lost theirs."""

    done: int
    waited: Sequence[Parked]


class Past(Protocol):
    """Nothing here gives or takes a personal datum but `scrub`, which removes them."""

    def block(self, person: Person, at: datetime) -> None:
        """From now on nothing can be made with these ids, in whatever store, and nobody is remembered to have been sent
        by them; who holds their rows, to write about them, is waited for. Again for the same ids: no effect."""

    def whole(self, person: Person) -> Person:
        """The person with every id that a merge in whatever store leads from or to theirs, the new ones behind those
        given, and with the marks of what they have there; in the store that has them now, or the one given where none
        has."""

    def erased_since(self, at: datetime) -> Sequence[str]:
        """The ids at least of everybody whose erasure was begun since then, in whatever store."""

    def unfinished(self, ids: Collection[str]) -> set[str]:
        """Those of the ids whose erasure was not carried through: `finished` was not said of them."""

    def finished(self, person: Person) -> None:
        """All stores are done."""

    def about(self, store_id: str, ids: Collection[str]) -> Sequence[Ref]:
        """The store's rows that are, or are about, these people; their instruments, and the leases of these; of their
        gift cards, which stand in any store and outlive them, the cards alone."""

    def unname(self, ids: Collection[str]) -> None:
        """What HQ's people did to these, as its history tells it, tells their names no more."""

    def referring(self, store_id: str, texts: Collection[str]) -> Sequence[Ref]:
        """Members of the store who named one of these (a phone, a member's number) as who sent them."""

    def scrub(self, store_id: str, words: Collection[str], mentions: Collection[str]) -> Scrubbed:
        """Removes the bodies of all the store's operations in which one of the words stands, second contents too;
        op_id and hash stay. They are found by their keys (`hq.ledger.traces`), no other body is read. A sale that waits
        keeps its own until it is taken. Where one of `mentions` stands it is about somebody else: only what does not
        wait loses its body; a sign-up that waits loses who sent them, and keeps the hash of what it was."""

    def key_some(self, limit: int) -> int:
        """Gives so many operations, of those from before there were keys, theirs; how many. Until then a search reads
        their bodies."""

    def aged(self, key: ScopeKey, before: datetime, limit: int) -> Sequence[Standing]:
        """Orders and talks that stand in the scope and are older than that, the oldest of them."""

    def outcomes(self, key: ScopeKey, upto: int, limit: int) -> Sequence[Standing]:
        """Late outcomes that stand in the scope at or before this position."""

    def trim(self, key: ScopeKey, upto: int, limit: int) -> int:
        """Drops tombstones (rows that are not `put`) at or before this position, the oldest first, and raises the floor
        to the last of them; returns how many. It holds the head until the transaction ends."""
