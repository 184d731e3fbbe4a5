from __future__ import annotations

import re
import threading

import argon2
import pytest

from guide_app.adapters import pins
from guide_app.adapters.pins import Argon2PinHasher
from guide_app.operations.staff import PHC

pytestmark = pytest.mark.asyncio
CHEAP = Argon2PinHasher(memory_kib=1024, passes=1)


async def test_a_pin_is_known_again_and_another_is_not() -> None:
    phc = await CHEAP.hash("4711")
    assert await CHEAP.verify(phc, "4711")
    assert not await CHEAP.verify(phc, "4712")
    assert not await CHEAP.verify(phc, "")


async def test_each_hash_has_its_own_salt_and_the_form_that_travels() -> None:
    one, two = await CHEAP.hash("4711"), await CHEAP.hash("4711")
    assert one != two
    assert re.fullmatch(PHC, one)


async def test_a_real_hash_costs_what_the_rfc_asks() -> None:
    phc = await Argon2PinHasher().hash("4711")
    assert re.fullmatch(PHC, phc)
    cost = argon2.extract_parameters(phc)
    assert (cost.memory_cost, cost.time_cost, cost.parallelism) == (64 * 1024, 3, 4)
    assert await CHEAP.verify(phc, "4711"), "the cost is read from the hash"


@pytest.mark.parametrize(
    "phc",
    [
        "", "4711", "$argon2id$", "$argon2id$v=19$m=1024,t=1,p=1$c2FsdHNhbHQ$", "$2b$12$abcdefghijklmnopqrstuv",
        "$argon2i$v=19$m=1024,t=1,p=1$c2FsdHNhbHRzYWx0$dGhlIGhhc2ggdGhhdCBpcyBub25lIGF0IGFsbA",
        "$argon2id$v=19$m=9999999,t=1,p=1$c2FsdHNhbHRzYWx0$dGhlIGhhc2ggdGhhdCBpcyBub25lIGF0IGFsbA",
        "$argon2id$v=19$m=1024,t=99,p=1$c2FsdHNhbHRzYWx0$dGhlIGhhc2ggdGhhdCBpcyBub25lIGF0IGFsbA",
    ],
)  # fmt: skip
async def test_what_is_no_hash_opens_nothing_and_is_said(phc: str, caplog: pytest.LogCaptureFixture) -> None:
    assert not await CHEAP.verify(phc, "4711")
    assert "cannot be used" in caplog.text
    assert phc == "" or phc not in caplog.text


async def test_hashing_keeps_out_of_the_event_loops_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[threading.Thread] = []
    plain = pins.Argon2PinHasher._verify

    def watched(self: Argon2PinHasher, phc: str, pin: str) -> bool:
        seen.append(threading.current_thread())
        return plain(self, phc, pin)

    monkeypatch.setattr(pins.Argon2PinHasher, "_verify", watched)
    await CHEAP.verify(await CHEAP.hash("4711"), "4711")
    assert seen
    assert threading.main_thread() not in seen
