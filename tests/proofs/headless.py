"""A whole tablet but its screen as a process: `python -m tests.proofs.headless FOLDER`, lines of JSON in and out.

{"do": "enrol", "url", "code"} · {"do": "work", "seed", "batches", "phones"} · {"do": "drain", "patience"} ·
{"do": "report", "scopes"} · {"do": "person", "mark"} · {"do": "traces", "texts"}. Store, engine and HTTP are the
product's. Only its waiting is shortened (`pace`), so that a back-off of minutes is played in seconds, and a request
without an answer is given up after `whole_s`.
"""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from random import Random
from typing import Any

import msgspec

from guide_app.adapters.keys import FileKeySource
from guide_app.adapters.pins import Argon2PinHasher
from guide_app.bootstrap import Parts, app_version, tablet
from guide_app.domain.errors import EnvironmentProblem
from guide_app.operations.orders import Place
from guide_app.services.container import Container
from guide_app.services.ports.writing import Draft
from guide_app.settings import Settings
from local_store.connection import connect
from sync.net.transport import HttpRemote
from tests.decrypted import file_pages, log_pages
from tests.proofs.rows import digest
from tests.tablet_rows import held
from tests.work import Work

PACE = 0.02
WHOLE_S = 3.0
ENROL_TRIES = 400
IDLE_ROUNDS = 50
"""Rounds in a row that end well and take nothing away: what is left then is never sent."""


class Headless:
    """Carries out what it is told, one thing after the other."""

    def __init__(self, container: Container, settings: Settings, shop: dict[str, Any]) -> None:
        self._container, self._settings, self._shop = container, settings, shop
        self._members: list[str] = []
        self._orders: list[str] = []
        self._rests = asyncio.Event()
        container.sync.subscribe(lambda view: self._rests.set() if (view.phase, view.problem) == ("idle", "") else None)

    async def enrol(self, url: str, code: str) -> dict[str, Any]:
        """Tries until HQ has answered; the first load goes on behind it."""
        for tried in range(1, ENROL_TRIES):
            try:
                await self._container.sync.enrol(url, code, self._settings.data.name)
                return {"tries": tried}
            except EnvironmentProblem as problem:
                last = problem
                await asyncio.sleep(0.02)
        raise last

    async def work(self, seed: str, batches: int, phones: list[str], pause: float) -> dict[str, Any]:
        """Saves that many batches; the answer lists what COMMIT returned for."""
        random = Random(seed)
        work = Work(random, tuple(self._shop["products"]), self._shop["list"], tuple(self._shop["prices"]))
        saved: list[dict[str, Any]] = []
        for _ in range(batches):
            await self._part_with_the_erased()
            drafts = await self._batch(random, work, phones)
            await self._container.journal.commit(self._shop["guide"], *drafts)
            saved += [_told(draft) for draft in drafts]
            await asyncio.sleep(random.random() * pause)
        return {"saved": saved}

    async def _batch(self, random: Random, work: Work, phones: list[str]) -> list[Draft]:
        """What is saved together: a sign-up, an order with a talk, a talk with a follow-up, an edit, a cancellation."""
        number, kind = self._container.numbers, random.random()
        if kind < 0.3 or not self._members:
            phone = random.choice(phones) if phones and random.random() < 0.3 else ""
            made = work.sign_up(await number.next(), phone)
            self._members.append(made.id)
            return [made.draft]
        member = random.choice(self._members)
        if kind < 0.65:
            order = work.order(await number.next(), member if random.random() < 0.8 else None, random.randint(1, 4))
            self._orders.append(order.id)
            return [order.draft, work.talk(member).draft] if kind < 0.5 else [order.draft]
        if kind < 0.8:
            return [work.talk(member).draft, work.followup(member).draft]
        if kind < 0.9 or not self._orders:
            return [work.edit(member, "note", None, f"note {random.random()}")]
        return [work.cancel(self._orders.pop(random.randrange(len(self._orders))))]

    async def _part_with_the_erased(self) -> None:
        """A guide works with whom the screen shows."""
        there = [member for member in self._members if await self._container.read.members.get(member) is not None]
        self._members = there

    async def person(self, mark: str) -> dict[str, Any]:
        """Saves somebody with all that there can be of them, their name and every note being `mark`, and a friend whom
        they sent; nobody else works with either."""
        random = Random(mark)
        work = Work(random, tuple(self._shop["products"]), self._shop["list"], tuple(self._shop["prices"]))
        number, phone = await self._container.numbers.next(), work.phone()
        signed = work.sign_up(number, phone, mark)
        who, friend = signed.id, work.sign_up(await self._container.numbers.next())
        drafts = [
            signed.draft, work.edit(who, "note", "", mark), _noted(work.talk(who).draft, note=mark),
            _noted(work.followup(who).draft, note=mark),
            _noted(work.order(await self._container.numbers.next(), who).draft, note=mark),
            _noted(friend.draft, referrer=phone),
        ]  # fmt: skip
        await self._container.journal.commit(self._shop["guide"], *drafts)
        saved = [_told(draft) for draft in drafts]
        saved[-1]["mentions"] = who
        return {"saved": saved, "id": who, "number": number, "phone": phone}

    async def traces(self, texts: list[str]) -> dict[str, Any]:
        """Those of the texts that stand in its files, those of the database decrypted."""
        return {"found": await asyncio.to_thread(self._traces, texts)}

    def _traces(self, texts: list[str]) -> list[str]:
        path, key = self._settings.database, FileKeySource(self._settings.keys).load("database") or b""
        files = [file for file in self._settings.data.rglob("*") if file.is_file()]
        held = b"".join([
            file_pages(path, key), log_pages(path, key),
            *(file.read_bytes() for file in files if not file.name.startswith(path.name)),
        ])  # fmt: skip
        return [text for text in texts if text.encode() in held]

    async def drain(self, patience: float) -> dict[str, Any]:
        """Waits until nothing is left to send and a round that began after now has ended well.

        Gives up after `patience` seconds in which nothing came on: a slow machine is not a tablet that stays away.
        """
        rounds, left, idle = 0, await self._left(), 0
        while (rounds < 2 or left) and idle < IDLE_ROUNDS:  # the first may have begun before now
            before, ended = left, await self._round_ends(patience)
            left = await self._left()
            if not ended and left >= before:
                break
            rounds += ended
            idle = 0 if left < before else idle + 1
        return {"left": left, "in step": rounds >= 2, "view": self._container.sync.view().problem}

    async def _round_ends(self, within: float) -> bool:
        """Whether a round ended well within so many seconds."""
        self._rests.clear()
        self._container.sync.nudge()
        try:
            async with asyncio.timeout(within):
                return await self._rests.wait()
        except TimeoutError:
            return False

    async def _left(self) -> int:
        waiting = await self._container.read.outbox.waiting()
        return waiting.total - waiting.parked

    async def report(self, scopes: list[str]) -> dict[str, Any]:
        """The digest of its rows, and its outbox, as its file holds them: read by a connection of its own."""
        return await asyncio.to_thread(self._report, scopes)

    def _report(self, scopes: list[str]) -> dict[str, Any]:
        rows = held(self._settings, scopes)
        key = FileKeySource(self._settings.keys).load("database")
        connection = connect(self._settings.database, key or b"", cache_mb=4, read_only=True)
        try:
            outbox = connection.execute("SELECT seq, op_id, op_sha256, state FROM outbox ORDER BY seq").fetchall()
        finally:
            connection.close()
        return {"rows": len(rows), "digest": digest(rows), "outbox": outbox}


def _noted(draft: Draft, **fields: str) -> Draft:
    """The draft with other fields in its body."""
    return msgspec.structs.replace(draft, body=msgspec.structs.replace(draft.body, **fields))


def _told(draft: Draft) -> dict[str, Any]:
    """What was saved, as the checks by SQL need it."""
    body = draft.body
    told: dict[str, Any] = {"kind": draft.kind, "id": _id_of(draft), "member": getattr(body, "member_id", None) or ""}
    if isinstance(body, Place):
        told |= {"total": body.totals.total, "pieces": [[line.product_id, line.qty] for line in body.lines]}
    return told


def _id_of(draft: Draft) -> str:
    names = {"member": "member_id", "order": "order_id", "talk": "talk_id", "followup": "followup_id"}
    return str(getattr(draft.body, names[draft.kind.partition(".")[0]]))


async def serve(folder: Path, shop: dict[str, Any]) -> None:
    """Answers commands until the input ends."""
    settings = Settings(data=folder, key_source="file")
    parts = Parts(
        sleep=lambda seconds: asyncio.sleep(seconds * shop.get("pace", PACE)),
        hasher=Argon2PinHasher(memory_kib=1024, passes=1),
        remote=HttpRemote(
            app_version=app_version(), nonce=lambda: secrets.token_urlsafe(16), connect_s=WHOLE_S, whole_s=WHOLE_S
        ),
    )
    async with tablet(settings, parts=parts) as container:
        headless = Headless(container, settings, shop)
        does: dict[str, Callable[..., Awaitable[dict[str, Any]]]] = {
            "enrol": headless.enrol, "work": headless.work, "drain": headless.drain, "report": headless.report,
            "person": headless.person, "traces": headless.traces,
        }  # fmt: skip
        print("{}", flush=True)
        while line := await asyncio.to_thread(sys.stdin.readline):
            told = json.loads(line)
            print(json.dumps(await does[told.pop("do")](**told)), flush=True)


def main() -> None:
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    asyncio.run(serve(Path(sys.argv[1]), json.loads(sys.argv[2])))


if __name__ == "__main__":
    main()
