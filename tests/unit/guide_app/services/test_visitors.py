"""Looking a member up in the whole chain: here first, exact, and only with a network."""

from __future__ import annotations

from typing import Any, cast

import pytest

from guide_app.domain.errors import BadInput
from guide_app.services.ports.members import MemberReader, MemberRow
from guide_app.services.ports.shop import ShopReader
from guide_app.services.visitors import VisitorDesk

HERE = MemberRow(
    id="here", name="陈静", pinyin="", initials="", phone="+8613912345678", member_no="101AB7K00013", level="",
    last_contact_at="", owner_id="", joined_at="",
)  # fmt: skip


class Here:
    """A tablet that has one member."""

    async def by_phone(self, e164: str) -> MemberRow | None:
        return HERE if e164 == HERE.phone else None

    async def by_number(self, number: str) -> MemberRow | None:
        return HERE if number == HERE.member_no else None

    async def tablet(self) -> None:
        return None


class Asked:
    """HQ, who knows everybody as "there"."""

    def __init__(self) -> None:
        self.questions: list[dict[str, str]] = []

    async def look_up(self, **asked: str) -> str | None:
        self.questions.append(asked)
        return "there"


class Radar:
    """A set made at dawn that has one phone, and by chance the member's here."""

    async def may_have(self, e164: str) -> str | None:
        return "dawn" if e164 in ("+8613912340000", HERE.phone) else None


def desk() -> tuple[VisitorDesk, Asked]:
    asked, here = Asked(), Here()
    return VisitorDesk(cast(MemberReader, here), cast(ShopReader, here), cast(Any, asked), Radar()), asked


@pytest.mark.asyncio
@pytest.mark.parametrize("text", ["139 1234 5678", "+86 139-1234-5678", "101-AB7K-0001-3", "101ab7k00013"])
async def test_whom_the_tablet_has_is_not_asked_for(text: str) -> None:
    visitors, hq = desk()
    assert await visitors.find(text) == "here"
    assert hq.questions == []


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("text", "question"),
    [
        (" 13912340000 ", {"phone": "+8613912340000"}),
        ("102-ab7k-0001-5", {"member_no": "102AB7K00015"}),
    ],
)
async def test_others_are_asked_for_exactly(text: str, question: dict[str, str]) -> None:
    visitors, hq = desk()
    assert await visitors.find(text) == "there"
    assert hq.questions == [question]


@pytest.mark.asyncio
@pytest.mark.parametrize(("text", "code"), [("139", "phone_invalid"), ("", "phone_invalid"), ("AB1", "number_invalid")])
async def test_what_cannot_be_a_phone_or_a_number_is_not_asked(text: str, code: str) -> None:
    visitors, hq = desk()
    with pytest.raises(BadInput, match=code):
        await visitors.find(text)
    assert hq.questions == []


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("text", "since"),
    [
        (" 139 1234 0000", "dawn"),
        ("13912345678", None),
        ("13900000000", None),
        ("1391234", None),
        ("陈静", None),
        ("", None),
    ],
)
async def test_a_whole_phone_that_nobody_here_has_may_be_a_members_elsewhere(text: str, since: str | None) -> None:
    visitors, hq = desk()
    assert await visitors.suspect(text) == since
    assert hq.questions == []
