"""The membership card on the profile, and a renewal on the morning lists: every look."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import QPointF

from guide_app.domain.clock import SystemClock
from guide_app.domain.periods import months_on
from guide_app.domain.records import (
    Consent,
    Counted,
    Level,
    LevelRules,
    LevelStep,
    Member,
    Membership,
    MembershipPlan,
    Names,
    Settings,
)
from tests.qt.pictures import LANDSCAPE, LOOKS, PORTRAIT, Look
from tests.qt.test_whole_app import faults, of_type, played
from tests.qt.walker import lay_out
from tests.qt.whole_app import App, outside
from tests.unit.local_store.fake_hq import uuid

CLUB = MembershipPlan(
    code="club", names=Names(en="Gold Club", zh="金卡俱乐部"), product_id=uuid(), months=12, level="gold", times=20_000
)
CALLS = Consent(kind="marketing_phone", granted=True, policy_version="1", ver=1, at="2026-01-01T00:00:00.000Z")
LEVELS = (
    Level(code="silver", names=Names(en="Silver", zh="银卡")),
    Level(code="gold", names=Names(en="Gold", zh="金卡")),
    Level(code="black", names=Names(en="Black gold", zh="黑金")),
)


async def published(running: App, name: str) -> str:
    """Somebody who has bought enough for silver and paid for gold, which ends in nine days."""
    today = SystemClock().now().date()
    row_id = next(ref.id for ref in running.hq.alive() if ref.entity == "settings")
    known: Settings = running.hq.record("settings", row_id)
    steps = (LevelStep(code="silver", spent=100_000), LevelStep(code="black", spent=800_000))
    rules = LevelRules(steps=steps, valid_from=_days(today, -200))
    running.hq.publish("settings", row_id, msgspec.structs.replace(
        known, levels=LEVELS, level_rules=(rules,), memberships=(CLUB,),
    ))  # fmt: skip
    (member_row, *_) = await running.container.read.members.search(name)
    paid_on = months_on(today + timedelta(days=10), -12).isoformat()
    paid = Membership(line_id=uuid(), order_id=uuid(), plan="club", paid_on=paid_on, months=12, level="gold")
    member: Member = running.hq.record("member", member_row.id)
    days = (
        Counted(on=_days(today, -100), spent=118_000, orders=1),
        Counted(on=_days(today, -2), spent=8_800, orders=1),
    )
    running.hq.publish("member", member_row.id, msgspec.structs.replace(
        member, consents=(*member.consents, CALLS), level="gold", level_look=_days(today, 10), counted=days,
        memberships=(paid,),
    ))  # fmt: skip
    running.container.sync.nudge()
    return member_row.id


def _days(today: date, n: int) -> str:
    return (today + timedelta(days=n)).isoformat()


async def card_faults(running: App, size: tuple[int, int]) -> list[str]:
    """The profile scrolled to the membership card, which lies elsewhere where the tablet is held another way."""
    await running.look(Look(size))
    await running.rest()
    for page in of_type(running.window.contentItem(), "MemberProfile"):
        (card,) = of_type(page, "MemberCard")
        flick = page.childItems()[0]
        top = card.mapToItem(page, QPointF(0, 0)).y() + float(flick.property("contentY"))
        room = float(flick.property("contentHeight")) - flick.height()
        assert flick.setProperty("contentY", max(0.0, min(top - 80, room)))
        await outside(lambda: lay_out(running.window.contentItem()))
        assert 0 <= card.mapToItem(page, QPointF(0, 0)).y() < flick.height() / 2, "the card is in the picture"
    return await faults(running, "MembershipCard", [look for look in LOOKS if look.size == size])


@pytest.mark.parametrize("state", ["MembershipCard", "TodayRenewal"])
def test_levels_and_memberships(state: str, qapp: object, tmp_path: Path) -> None:
    async def play(running: App) -> None:
        member_id = await published(running, "Anna" if state == "TodayRenewal" else "许安然")
        if state == "MembershipCard":
            members = running.model("Members")
            await running.open("Members", memberId=member_id)
            await running.until(lambda: members.details.renewalWords, "the renewal")
            found = [fault for size in (LANDSCAPE, PORTRAIT) for fault in await card_faults(running, size)]
        else:
            await running.open("Today")
            today = running.model("Today")
            await running.until(lambda: any(row.key == "renewal" for row in today.filters.rows), "the row")
            today.setFilter("renewal")
            await running.rest()
            found = await faults(running, state)
        assert not found, "\n".join(found)

    played(play, tmp_path)
