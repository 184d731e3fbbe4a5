"""Tablets in processes of their own, as a proof drives them."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from tests.proofs.house import Shop
from tests.proofs.telling import ROOT


class Machine:
    """One tablet's process. `saved`: everything that it said was saved, in order."""

    def __init__(self, process: asyncio.subprocess.Process, errors: Path) -> None:
        self._process, self._errors = process, errors
        self.saved: list[dict[str, Any]] = []

    async def ask(self, do: str, **told: Any) -> dict[str, Any]:
        """One command and its answer. Raises RuntimeError with the tablet's last words where it ended."""
        if self._process.stdin is None:
            raise RuntimeError("no pipes to the tablet")
        with contextlib.suppress(ConnectionError):
            self._process.stdin.write((json.dumps({"do": do, **told}) + "\n").encode())
            await self._process.stdin.drain()
        return await self.answer()

    async def answer(self) -> dict[str, Any]:
        if self._process.stdout is None:
            raise RuntimeError("no pipes to the tablet")
        line = await self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"a tablet ended\n{self._errors.read_text()[-3000:]}")
        answer: dict[str, Any] = json.loads(line)
        return answer

    async def work(self, seed: str, batches: int, phones: list[str], pause: float) -> None:
        """Lets it save some batches; returns when the last COMMIT has."""
        answer = await self.ask("work", seed=seed, batches=batches, phones=phones, pause=pause)
        self.saved += answer["saved"]

    async def end(self) -> None:
        if self._process.stdin is not None:
            self._process.stdin.close()
        await self._process.wait()

    def defects(self) -> list[str]:
        """What it logged as a defect of ours."""
        return [line for line in self._errors.read_text().splitlines() if " defect " in line or "Traceback" in line]


@asynccontextmanager
async def machine(folder: Path, shop: Shop, *, pace: float | None = None) -> AsyncIterator[Machine]:
    """A started tablet with its data in the folder, not enrolled yet where the folder is new."""
    told = {
        "products": shop.products, "prices": shop.prices, "list": shop.list_id, "guide": shop.guide_id,
        **({} if pace is None else {"pace": pace}),
    }  # fmt: skip
    errors = folder.with_suffix(".err")
    with errors.open("a") as stderr:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.proofs.headless", str(folder), json.dumps(told), cwd=ROOT,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=stderr, limit=8 << 20,
        )  # fmt: skip
    made = Machine(process, errors)
    try:
        await made.answer()
        yield made
    finally:
        await made.end()
