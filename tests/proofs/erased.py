"""People who live in a shop, are erased at HQ, and may then stand nowhere: in no table, and in no tablet's files."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

import psycopg
from psycopg import sql

from tests.proofs.house import House, Shop
from tests.proofs.machines import Machine


class Erased:
    """One shop's people, of whom the last one lives until `erase`. `ids`: who was erased."""

    def __init__(self, house: House, shop: Shop) -> None:
        self._house, self._shop = house, shop
        self._living = ("", "")
        self._texts: list[str] = []
        self._expected: list[str] = []
        self.ids: list[str] = []
        self.before = 0
        """In how many tables somebody stood before they were erased."""

    async def lives(self, tablet: Machine, mark: str) -> None:
        """A tablet writes down all that there can be of a person, and has told HQ of it when this returns."""
        told = await tablet.ask("person", mark=mark)
        tablet.saved += told["saved"]
        await tablet.ask("drain", patience=60.0)
        self._living = (told["id"], told["number"])
        self._expected = [mark, told["phone"].removeprefix("+86"), told["number"]]

    def erase(self) -> None:
        """As an operator does it."""
        member_id, number = self._living
        self.before += len(traces(self._house, self._expected))
        self._house.command(
            "erase-member", "--store", self._shop.code, "--member", number, "--reason", "request", "--confirm", number
        )
        self.ids.append(member_id)
        self._texts += self._expected

    def at_hq(self) -> list[str]:
        """Where an erased person stands at HQ."""
        return traces(self._house, self._texts)

    async def on(self, tablets: Iterable[Machine]) -> int:
        """How many texts of erased people stand in the tablets' files."""
        found = await asyncio.gather(*(one.ask("traces", texts=self._texts) for one in tablets))
        return sum(len(one["found"]) for one in found)


def traces(house: House, texts: Iterable[str]) -> list[str]:
    """The tables in whose rows one of the texts stands, as text or as bytes."""
    found = []
    with psycopg.connect(house.cluster.url()) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        for (table,) in tables:
            query = sql.SQL("SELECT count(*) FROM {} AS t WHERE position(%s IN t::text) > 0").format(
                sql.Identifier(table)
            )
            for text in texts:
                forms = (text, text.encode().hex())
                counts = [connection.execute(query, [form]).fetchall()[0][0] for form in forms]
                found += [f"{table}: {text}"] if any(counts) else []
    return found
