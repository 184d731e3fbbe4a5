"""Closing a day of the shop. Never refused: who closed it saw these figures."""

from __future__ import annotations

from typing import Annotated, ClassVar

import msgspec

from guide_app.domain.records import DayClose, Ref
from guide_app.domain.records.base import Day, Uuid
from guide_app.domain.records.dayclose import Count, Counted, Figures
from guide_app.operations.base import Body, Context, Effect, Operation, Snapshot


class Close(Body, frozen=True):
    """The day with the figures as they were seen; `waiting`: what of it HQ did not have yet; `counted`: the cash."""

    close_id: Uuid
    day: Day
    currency: Annotated[str, msgspec.Meta(pattern=r"^[A-Z]{3}\Z")]
    figures: Figures
    waiting: Count = Count()
    counted: Counted | None = None


class CloseDay(Operation[Close]):
    """A close is a row of its own: two who close one day both did. The same close again changes nothing."""

    kind: ClassVar[str] = "day.close"
    body = Close

    def touches(self, body: Close) -> tuple[Ref, ...]:
        return (Ref("day_close", body.close_id),)

    def effect(self, body: Close, state: Snapshot, context: Context) -> Effect:
        ref = Ref("day_close", body.close_id)
        if state.row(ref) is not None:
            return Effect({})
        closed = DayClose(
            day=body.day,
            guide_id=context.guide_id,
            closed_at=context.bounded(context.made_at),
            currency=body.currency,
            figures=body.figures,
            waiting=body.waiting,
            counted=body.counted,
        )
        return Effect({ref: closed})
