"""The wallet on the profile: a card that HQ blocked, one that has ended, and a member without any, in every look."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from guide_app.domain.clock import SystemClock
from guide_app.domain.records import Card, Coupon, Names, Wallet
from tests.qt.test_frame import words
from tests.qt.test_whole_app import faults, played
from tests.qt.whole_app import App
from tests.unit.local_store.fake_hq import uuid

GIFT = Names(en="Gift card", zh="礼品卡")


def cards() -> tuple[Card, ...]:
    """One that can be spent, one that is blocked, one whose last day was last week."""
    today = SystemClock().now().date()
    return (
        Card(id=uuid(), title=GIFT, digits="0417", balance=20_000, until=f"{today + timedelta(days=200)}"),
        Card(id=uuid(), title=GIFT, digits="2266", balance=5_000, blocked=True),
        Card(id=uuid(), title=GIFT, digits="9031", balance=1_250, until=f"{today - timedelta(days=7)}"),
    )


@pytest.mark.parametrize(
    ("state", "held", "said"),
    [
        ("WalletCards", cards(), ("Blocked by HQ: nothing of it can be spent", "Ended on", "Valid until")),
        ("WalletNoCard", (), ("No gift card yet: one that is sold to them stands here once it is paid.",)),
    ],
)
def test_what_a_card_is_good_for_is_said(
    state: str, held: tuple[Card, ...], said: tuple[str, ...], qapp: object, tmp_path: Path
) -> None:
    async def play(running: App) -> None:
        (row, *_) = await running.container.read.members.search("Anna")
        coupon = Coupon(title=Names(en="30 off 299", zh="满 299 减 30"))
        running.hq.publish("wallet", row.id, Wallet(points=1_260, coupons=(coupon,), cards=held))
        running.container.sync.nudge()
        details = running.model("Members").details
        await running.open("Members", memberId=row.id)
        await running.until(lambda: details.walletKnown, "the wallet")
        await running.rest()
        assert details.cards.rowCount() == len(held)
        shown = words(running.window)
        assert [one for one in said if one not in shown] == []
        assert not (found := await faults(running, state)), "\n".join(found)

    played(play, tmp_path)
