"""Whom a sign-up's numbers are of on this tablet: the phone's member already, and who sent them."""

from __future__ import annotations

from guide_app.domain import phone
from guide_app.domain.errors import BadInput
from guide_app.services.members import MemberDesk
from guide_app.services.ports.members import MemberRow
from ui.viewmodels.base import Latest

WHOLE_PHONE = 11
"""With fewer digits the number is still being typed."""


class PhoneCheck:
    """The phone as it is being typed. `e164` is empty while it is none; `member`: who of this store has it."""

    def __init__(self, desk: MemberDesk) -> None:
        self._desk, self._looked = desk, Latest()
        self.e164, self.wrong = "", False
        self.member: MemberRow | None = None

    def clear(self) -> None:
        """No phone; what is being looked for is not told any more."""
        self._looked.ask()
        self.e164, self.member, self.wrong = "", None, False

    async def look(self, text: str) -> bool:
        """Whose the phone is; False when it is not asked any more."""
        newest = self._looked.ask()
        e164, member, wrong = "", None, False
        if text.strip():
            try:
                found = await self._desk.check_phone(text)
                e164, member = found.e164, found.member
            except BadInput:
                wrong = len(digits(text)) >= WHOLE_PHONE
        if newest():
            self.e164, self.member, self.wrong = e164, member, wrong
        return newest()

    def shown(self, region: str) -> str:
        """The phone as it is understood."""
        return phone.display(self.e164, region) if self.e164 else ""


class ReferrerCheck:
    """Who sent them, where that is a member of this store."""

    def __init__(self, desk: MemberDesk) -> None:
        self._desk, self._sought = desk, Latest()
        self.member: MemberRow | None = None

    def clear(self) -> None:
        """Nobody; what is being looked for is not told any more."""
        self._sought.ask()
        self.member = None

    async def seek(self, text: str) -> bool:
        """Whom the text names; False when it is not asked any more."""
        newest = self._sought.ask()
        found = await self._desk.find_referrer(text.strip()) if text.strip() else None
        if newest():
            self.member = found
        return newest()


def digits(text: str) -> str:
    """The digits of what was typed."""
    return "".join(c for c in text if c.isdigit())
