"""Templates of messages, as HQ writes them for the chain or a region."""

from __future__ import annotations

from typing import Literal

from guide_app.domain.records.base import Names, Record

MessageChannel = Literal["wechat", "sms", "phone"]


class MessageTemplate(Record, frozen=True):
    """A message in both languages. `situation` and the variables: `guide_app.domain.messages`; `phone`: what to say."""

    situation: str
    channel: MessageChannel
    title: Names
    text: Names
    position: int = 0
    active: bool = True
