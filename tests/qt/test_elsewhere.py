"""Whoever is probably a member of another shop, on the real window: said, asked for, passed over, in every look."""

from __future__ import annotations

from pathlib import Path

import pytest

from guide_app.domain.clock import SystemClock, to_text
from guide_app.domain.errors import NoNetwork
from guide_app.services.visitors import VisitorDesk
from tests.qt.test_sign_up_page import LOOKS, Hand
from tests.qt.test_whole_app import faults, played
from tests.qt.whole_app import App

PHONE = "138 0013 8000"


@pytest.fixture(autouse=True)
def radar(monkeypatch: pytest.MonkeyPatch) -> None:
    """It knows this one phone."""

    async def suspect(_desk: VisitorDesk, text: str) -> str | None:
        return to_text(SystemClock().now()) if text == PHONE else None

    monkeypatch.setattr(VisitorDesk, "suspect", suspect)


def test_it_is_said_in_every_look_and_passed_over_with_one_tap(qapp: object, tmp_path: Path) -> None:
    async def play(running: App) -> None:
        await running.open("SignUp")
        sign_up = running.model("SignUp")
        sign_up.setPhone(PHONE)
        await running.rest()
        assert sign_up.elsewhere.likely
        assert not (found := await faults(running, "SignUpElsewhere", LOOKS)), "\n".join(found)
        hand = Hand(running)
        await hand.tap("elsewhere-anyway")
        assert not sign_up.elsewhere.likely
        assert sign_up.phone == PHONE

    played(play, tmp_path)


def test_with_no_network_it_says_so(qapp: object, tmp_path: Path) -> None:
    async def play(running: App) -> None:
        async def nobody(**_asked: str) -> str | None:
            raise NoNetwork("no_network")

        running.container.do.visitors._chain.look_up = nobody  # type: ignore[method-assign]
        await running.open("SignUp")
        sign_up = running.model("SignUp")
        sign_up.setPhone(PHONE)
        await running.rest()
        hand = Hand(running)
        await hand.tap("elsewhere-ask")
        await running.until(lambda: sign_up.elsewhere.words.startswith("No network"), "the answer")
        assert not (found := await faults(running, "SignUpElsewhereOffline")), "\n".join(found)

    played(play, tmp_path)


def test_the_search_says_it_too(qapp: object, tmp_path: Path) -> None:
    async def play(running: App) -> None:
        await running.open("Members", text=PHONE)
        await running.rest()
        await running.until(lambda: running.model("Members").hq.likely, "the radar")
        assert not (found := await faults(running, "MembersElsewhere")), "\n".join(found)

    played(play, tmp_path)
