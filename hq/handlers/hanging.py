"""What hangs on a member, at HQ: it moves with them."""

from __future__ import annotations

from guide_app.operations.base import B
from hq.handlers.base import Desk, Handler


class HangingHandler(Handler[B]):
    """The first entity that the operation touches hangs on a member; where they moved it is the new store's."""

    def elsewhere(self, body: B, desk: Desk) -> str:
        return desk.strangers.get(self.operation.touches(body)[0], "")
