"""What a guide handed over of the library, and to whom."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from guide_app.domain.records.base import Instant, Record

ShareChannel = Literal["qr", "link"]
"""How the link went over: the customer's camera read it, or it was sent as words."""


class Share(Record, frozen=True):
    """This version of a material was handed to a customer at `at`; `member_id` is empty where nobody knows to whom.
    Its id is in the link (`sync.protocol.share`), in which the person is not."""

    material: str
    version: Annotated[int, msgspec.Meta(ge=1)]
    guide_id: str
    channel: ShareChannel = "qr"
    member_id: str = ""
    at: Instant = ""
