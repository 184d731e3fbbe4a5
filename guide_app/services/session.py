"""Who stands at the counter: signing in by PIN, the wait after wrong tries, a new PIN."""

from __future__ import annotations

from collections.abc import Callable

from guide_app.domain.errors import BadInput, Defect, Refused
from guide_app.domain.records import Settings
from guide_app.operations.staff import SetPin, StaffSetPin
from guide_app.services.ports.base import View
from guide_app.services.ports.device import PinHasher, PinTries
from guide_app.services.ports.shop import ShopReader, StaffRow
from guide_app.services.ports.writing import Draft, Journal

PIN_LENGTH = 6
WEAK_RUN = "01234567890123456789"


class SignIn(View, frozen=True):
    """How a try ended: `ok`; else tries left before a wait, and seconds to wait. `must_change`: the PIN was HQ's."""

    ok: bool
    tries_left: int = 0
    wait_s: float = 0
    must_change: bool = False


class Session:
    """The guide signed in, or nobody. Switching keeps nothing of the last guide's."""

    def __init__(self, shop: ShopReader, journal: Journal, hasher: PinHasher, tries: PinTries) -> None:
        self._shop, self._journal, self._hasher, self._tries = shop, journal, hasher, tries
        self._listeners: list[Callable[[StaffRow | None], None]] = []
        self.guide: StaffRow | None = None

    @property
    def guide_id(self) -> str:
        """The id of the guide signed in. Raises Defect when there is none: no page writes while locked."""
        if self.guide is None:
            raise Defect("nobody is signed in")
        return self.guide.id

    def subscribe(self, listener: Callable[[StaffRow | None], None]) -> None:
        """Calls `listener` at every sign-in and lock: the newest first, so that the frame hears after its pages."""
        self._listeners.append(listener)

    async def sign_in(self, staff_id: str, pin: str) -> SignIn:
        """Tries a PIN; wrong ones are counted on the tablet and lead to a wait that HQ's settings give.

        Raises Refused("tablet_locked_out" | "authorisation_ended") where this tablet shows nobody anything any more.
        """
        tried, person = await self._try(staff_id, pin)
        if tried.ok and person is not None and not tried.must_change:
            self._set(person)
        return tried

    async def confirm(self, pin: str) -> SignIn:
        """Whether the guide signed in holds the tablet. Wrong PINs count as at the lock; raises as `sign_in`."""
        tried, _person = await self._try(self.guide_id, pin)
        return tried

    async def approve(self, manager_id: str, pin: str) -> SignIn:
        """Whether a manager of this shop allows something by their PIN; the guide stays signed in. A PIN that HQ issued
        allows nothing. Wrong PINs count as at the lock; raises as `sign_in`, and Refused("no_manager").
        """
        tried, person = await self._try(manager_id, pin)
        if person is not None and (person.staff.role != "manager" or not person.staff.active):
            raise Refused("no_manager")
        return tried

    async def _try(self, staff_id: str, pin: str) -> tuple[SignIn, StaffRow | None]:
        tablet = await self._shop.tablet()
        if tablet is not None and tablet.barred:
            raise Refused(tablet.barred)
        settings = await self._shop.settings()
        if wait := await self._tries.wait_s(staff_id):
            return SignIn(ok=False, wait_s=wait), None
        person = next((row for row in await self._shop.staff() if row.id == staff_id), None)
        if person is None or not person.staff.pin or not await self._hasher.verify(person.staff.pin, pin):
            return await self._failed(staff_id, settings), None
        await self._tries.reset(staff_id)
        return SignIn(ok=True, must_change=person.staff.pin_once), person

    async def change_pin(self, staff_id: str, old: str, new: str) -> SignIn:
        """Sets a new PIN and signs in. Raises BadInput("pin_weak" | "pin_format" | "pin_same")."""
        check_pin(new)
        if old == new:
            raise BadInput("pin_same")
        tried = await self.sign_in(staff_id, old)
        if not tried.ok:
            return tried
        body = SetPin(staff_id=staff_id, pin=await self._hasher.hash(new))
        await self._journal.commit(staff_id, Draft(kind=StaffSetPin.kind, body=body))
        return await self.sign_in(staff_id, new)

    def lock(self) -> None:
        """Nobody is signed in any more."""
        self._set(None)

    async def _failed(self, staff_id: str, settings: Settings) -> SignIn:
        wrong = await self._tries.wrong(staff_id)
        return SignIn(
            ok=False, tries_left=max(0, settings.pin_tries - wrong), wait_s=await self._tries.wait_s(staff_id)
        )

    def _set(self, person: StaffRow | None) -> None:
        self.guide = person
        for listener in reversed(self._listeners[:]):
            listener(person)


def check_pin(pin: str) -> None:
    """Raises BadInput when the PIN is not six digits or one that everybody tries first."""
    if len(pin) != PIN_LENGTH or not (pin.isascii() and pin.isdigit()):
        raise BadInput("pin_format")
    if len(set(pin)) == 1 or pin in WEAK_RUN or pin[::-1] in WEAK_RUN:
        raise BadInput("pin_weak")
