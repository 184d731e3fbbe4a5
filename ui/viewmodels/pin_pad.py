"""Six digits and what they are for: signing in, a new PIN typed twice, or that it is the guide who holds the tablet."""

from __future__ import annotations

import math
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, Literal

from PySide6.QtCore import Property, QTimer, Signal, Slot
from PySide6.QtQml import QmlElement

from guide_app.domain.clock import Clock
from guide_app.domain.errors import BadInput, Refused
from guide_app.services.session import PIN_LENGTH, Session, SignIn, check_pin
from ui.viewmodels.base import QML_MODULE, Desk, ViewModel, tr, trn
from ui.viewmodels.problems import problem_words

QML_IMPORT_NAME = QML_MODULE
QML_IMPORT_MAJOR_VERSION = 1

SECOND_MS = 1000
Purpose = Literal["sign_in", "change", "confirm"]


@QmlElement
class PinPadViewModel(ViewModel):
    """The digits typed so far are never readable from outside; after the sixth it goes on by itself."""

    changed = Signal()
    done = Signal()
    """The guide is signed in, has a new PIN, or was right; or the manager was."""

    def __init__(self, desk: Desk, session: Session, clock: Clock, *, approve: bool = False) -> None:
        """`approve`: who types is a manager who allows something; the guide stays signed in."""
        super().__init__(desk)
        self._approves = approve
        self._session, self._clock = session, clock
        self._staff_id, self._stage, self._begun = "", "pin", 0
        self._purpose: Purpose = "sign_in"
        self._typed, self._old, self._new, self._problem, self._busy = "", "", "", "", False
        self._wait_until: dict[str, float] = {}
        self._second = QTimer(self)
        self._second.setInterval(SECOND_MS)
        self._second.timeout.connect(self.tick)

    @Property(int, notify=changed)
    def digits(self) -> int:
        """How many digits are typed."""
        return len(self._typed)

    @Property(int, constant=True)
    def length(self) -> int:
        """How many digits a PIN has."""
        return PIN_LENGTH

    @Property(str, notify=changed)
    def stage(self) -> str:
        """ "pin", then "new" and "again" where a new PIN is chosen."""
        return self._stage

    @Property(bool, notify=changed)
    def enabled(self) -> bool:
        """Whether a digit is taken now."""
        return self._takes_digits()

    @Property(bool, notify=changed)
    def busy(self) -> bool:
        """Whether a PIN is being checked."""
        return self._busy

    @Property(int, notify=changed)
    def waitSeconds(self) -> int:
        """Seconds until the next try is allowed."""
        return self._wait_s()

    @Property(str, notify=changed)
    def hint(self) -> str:
        """What is asked for now."""
        if self._stage == "new":
            return tr("Choose a new PIN of 6 digits")
        if self._stage == "again":
            return tr("Type the new PIN once more")
        if self._approves:
            return tr("The manager types their PIN")
        return tr("Type your current PIN") if self._purpose == "change" else tr("Type your PIN of 6 digits")

    @Property(str, notify=changed)
    def problem(self) -> str:
        """What was wrong, in words; empty where nothing was."""
        if seconds := self._wait_s():
            return trn("Too many wrong PINs. Try again in %n second(s).", seconds)
        return self._problem

    @Slot(str)
    def begin(self, staff_id: str) -> None:
        """A guide signs in; an empty id puts the pad away."""
        self._start(staff_id, "sign_in")

    @Slot(str)
    def beginChange(self, staff_id: str) -> None:
        """A guide who is signed in wants a new PIN."""
        self._start(staff_id, "change")

    @Slot(str)
    def beginConfirm(self, staff_id: str) -> None:
        """The guide who is signed in shows that it is they who hold the tablet."""
        self._start(staff_id, "confirm")

    @Slot(str)
    def digit(self, digit: str) -> None:
        """One key of the pad."""
        if not self._takes_digits() or len(digit) != 1 or digit not in "0123456789":
            return
        self._typed, self._problem = self._typed + digit, ""
        if len(self._typed) == PIN_LENGTH:
            self._go_on()
        self.changed.emit()

    @Slot()
    def backspace(self) -> None:
        """Takes the last digit back."""
        self._typed = self._typed[:-1]
        self.changed.emit()

    @Slot()
    def forgot(self) -> None:
        """Says what helps whoever forgot the PIN."""
        self._problem = tr("Ask HQ for a PIN that works once; it comes with the next sync.")
        self.changed.emit()

    @Slot()
    def tick(self) -> None:
        """A second of the wait is over."""
        if not self._wait_s():
            self._second.stop()
        self.changed.emit()

    @Slot()
    def retranslate(self) -> None:
        """The language changed: what was said in the old one goes."""
        self._problem = ""
        self.changed.emit()

    def _start(self, staff_id: str, purpose: Purpose) -> None:
        self._staff_id, self._purpose, self._stage = staff_id, purpose, "pin"
        self._begun += 1
        self._typed = self._old = self._new = self._problem = ""
        self._busy = False
        if self._wait_s():
            self._second.start()
        self.changed.emit()

    def _wait_s(self) -> int:
        return max(0, math.ceil(self._wait_until.get(self._staff_id, 0.0) - self._clock.monotonic()))

    def _takes_digits(self) -> bool:
        return bool(self._staff_id) and not self._busy and not self._wait_s()

    def _go_on(self) -> None:
        typed, self._typed = self._typed, ""
        match self._stage:
            case "new":
                self._take_new(typed)
            case "again" if typed != self._new:
                self._stage, self._problem = "new", tr("The two were not the same. Choose the new PIN again.")
            case "again":
                self._work(partial(self._change, self._staff_id, self._old, typed))
            case _ if self._purpose == "confirm":
                self._work(partial(self._confirm, self._staff_id, typed))
            case _ if self._approves:
                self._work(partial(self._approve, self._staff_id, typed, self._begun))
            case _ if self._purpose == "change":
                self._old, self._stage = typed, "new"
            case _:
                self._work(partial(self._sign_in, self._staff_id, typed))

    def _take_new(self, typed: str) -> None:
        try:
            check_pin(typed)
            if typed == self._old:
                raise BadInput("pin_same")
        except BadInput as error:
            self._problem = problem_words(error.code)
            return
        self._new, self._stage = typed, "again"

    def _work(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        self._busy = True
        self.run(self._busily(work))

    async def _busily(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        try:
            await work()
        except Refused as refused:
            self._problem = problem_words(refused.code)
        finally:
            self._busy = False
            self.changed.emit()

    async def _sign_in(self, staff_id: str, pin: str) -> None:
        tried = await self._session.sign_in(staff_id, pin)
        if tried.must_change and staff_id == self._staff_id:
            self._old, self._stage = pin, "new"
        elif not tried.must_change:
            self._ended(staff_id, tried)

    async def _approve(self, manager_id: str, pin: str, begun: int) -> None:
        tried = await self._session.approve(manager_id, pin)
        if tried.ok and begun != self._begun:
            return  # somebody else was chosen meanwhile, or something else is to be allowed
        if tried.must_change:
            self._problem = tr("This PIN works once: sign in with it at the lock and choose your own first.")
        else:
            self._ended(manager_id, tried)

    async def _confirm(self, staff_id: str, pin: str) -> None:
        self._ended(staff_id, await self._session.confirm(pin))

    async def _change(self, staff_id: str, old: str, new: str) -> None:
        tried = await self._session.change_pin(staff_id, old, new)
        self._stage = "pin"
        self._ended(staff_id, tried)

    def _ended(self, staff_id: str, tried: SignIn) -> None:
        if tried.ok:
            self._start("", "sign_in")
            self.done.emit()
        elif tried.wait_s:
            self._wait_until[staff_id] = self._clock.monotonic() + tried.wait_s
            self._second.start()
        elif staff_id == self._staff_id:
            self._problem = trn("Wrong PIN. %n try(s) left.", tried.tries_left)
