"""The shop, its staff and this tablet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Protocol

from guide_app.domain.records import (
    Names,
    Policy,
    Settings,
    Staff,
)
from guide_app.services.ports.base import View


class StaffRow(View, frozen=True):
    """A person who can sign in on this tablet."""

    id: str
    staff: Staff


Barred = Literal["", "tablet_locked_out", "authorisation_ended"]


class TabletInfo(View, frozen=True):
    """Who this tablet is. `hq_url` carries no secret. `barred`: why nobody may sign in: HQ took its rights away, or was
    not heard for as long as a tablet may work alone; "" where everybody may."""

    device_id: str
    store_id: str
    store_code: str
    store_name: Names
    device_letters: str
    device_name: str
    region: str
    time_zone: str
    currency: str
    hq_url: str
    authorised_until: str
    bootstrap: Literal["loading", "indexing", "ready"]
    barred: Barred = ""


class ShopReader(Protocol):
    """The shop, its people and HQ's settings."""

    async def tablet(self) -> TabletInfo | None:
        """None before enrolment."""

    async def staff(self) -> Sequence[StaffRow]: ...
    async def settings(self) -> Settings: ...
    async def policies(self) -> Sequence[Policy]:
        """The current version of each policy, in HQ's order."""
