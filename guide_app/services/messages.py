"""Messages to members: HQ's templates, filled with what this tablet knows, and logged as the talk that they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

from guide_app.domain import contact, messages
from guide_app.domain.clock import Clock, from_text
from guide_app.domain.contact import Bar
from guide_app.domain.messages import Variable
from guide_app.domain.records import Followup, Member, MessageTemplate
from guide_app.services.ports.base import View
from guide_app.services.ports.care import MessageReader, TemplateRow
from guide_app.services.ports.engine import SyncView
from guide_app.services.ports.members import MemberView
from guide_app.services.session import Session
from guide_app.services.talks import LoggedTalk, TalkDesk

SENT = "sent"
"""The outcome of a message: what came of it is not known yet."""
TOPIC_OF = {"birthday": "birthday", "replenishment": "product", "arrival": "delivery", "promise_due": "delivery"}
GENERAL = "general"
POINTS_HOLD = timedelta(days=1)
"""So long after HQ was heard its word on a member's points is still good enough to be told to them."""


class Filled(View, frozen=True):
    """A template in one language for one member. `missing`: what has no value; `bar`: why they may not be written to.
    With either it is not to be sent."""

    row: TemplateRow
    text: str
    missing: tuple[Variable, ...] = ()
    bar: Bar | None = None

    @property
    def sendable(self) -> bool:
        """Whether it may go out."""
        return not self.missing and self.bar is None


class MessageDesk:
    """The use cases of messages."""

    def __init__(
        self, reader: MessageReader, talks: TalkDesk, session: Session, sync: Callable[[], SyncView], clock: Clock
    ) -> None:
        """`sync`: how it stands with HQ."""
        self._reader, self._talks, self._session = reader, talks, session
        self._sync, self._clock = sync, clock

    def points(self, member: MemberView) -> int | None:
        """A member's points; None where HQ says nothing of them, or was last heard too long ago."""
        heard = self._sync().last_in_step
        if member.wallet is None or not heard or self._clock.now() - from_text(heard) > POINTS_HOLD:
            return None
        return member.wallet.points

    async def templates(self) -> Sequence[TemplateRow]:
        """Those in use, by situation in the order of `messages.SITUATIONS`, then as HQ ordered them."""
        order: dict[str, int] = {situation: n for n, situation in enumerate(messages.SITUATIONS)}
        rows = [row for row in await self._reader.templates() if row.template.situation in order]
        return sorted(rows, key=lambda row: (order[row.template.situation], row.template.position, row.id))

    async def log(
        self,
        member_id: str,
        template: MessageTemplate,
        products: tuple[str, ...] = (),
        done: tuple[str, Followup] | None = None,
    ) -> LoggedTalk:
        """The message was sent: a talk, which can be taken back as any; `done`: as `TalkDesk.log`. Raises NotSaved."""
        topic = TOPIC_OF.get(template.situation, GENERAL)
        title = template.title.zh or template.title.en
        return await self._talks.log(member_id, template.channel, SENT, topic, note=title, products=products, done=done)

    async def take_back(self, talk: LoggedTalk) -> None:
        """It was not sent after all."""
        await self._talks.take_back(talk)


def fill(row: TemplateRow, member: Member, values: Mapping[Variable, str], language: str) -> Filled:
    """The template for this member; `language`: "en" or "zh_CN", the other one where it has no text in this."""
    text = row.template.text
    wanted = (text.zh or text.en) if language == "zh_CN" else (text.en or text.zh)
    words, missing = messages.fill(wanted, values)
    why = contact.bar(member, row.template.channel, messages.purpose(row.template.situation))
    return Filled(row=row, text=words, missing=missing, bar=why)
