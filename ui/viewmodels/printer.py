"""Which receipt printer this tablet has: chosen, tried with a test page, kept at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, get_args

import msgspec
from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from guide_app.domain.errors import EnvironmentProblem
from guide_app.services.ports.printing import PrinterChoice
from guide_app.services.receipts import ReceiptDesk
from ui.viewmodels.base import QML_MODULE, Desk, ViewModel, tr
from ui.viewmodels.printing import Printing

QML_IMPORT_NAME = QML_MODULE
QML_IMPORT_MAJOR_VERSION = 1

Kind = Literal["none", "network", "device"]
Speed = Literal[9600, 19200, 38400, 57600, 115200]


@QmlElement
class PrinterViewModel(ViewModel):
    """The sheet of the printer's settings. Whatever is changed holds at once."""

    changed = Signal()

    def __init__(self, desk: Desk, receipts: ReceiptDesk) -> None:
        super().__init__(desk)
        self._receipts = receipts
        self._printing = Printing(desk)
        self._printing.setParent(self)

    def enter(self, arguments: Mapping[str, Any]) -> None:
        self._printing.forget()
        self.changed.emit()

    @Property(QObject, constant=True)
    def printing(self) -> Printing:
        """How the test page goes."""
        return self._printing

    @Property(str, notify=changed)
    def kind(self) -> str:
        """none, network or device."""
        return self._choice.kind

    @Property(str, notify=changed)
    def host(self) -> str:
        """The printer's address in the network."""
        return self._choice.host

    @Property(str, notify=changed)
    def port(self) -> str:
        """The TCP port, 9100 for most."""
        return str(self._choice.port)

    @Property(str, notify=changed)
    def path(self) -> str:
        """The device file."""
        return self._choice.path

    @Property("QVariantList", notify=changed)  # type: ignore[arg-type]  # the stub knows only classes
    def devices(self) -> list[str]:
        """Device files that are there now."""
        return list(self._receipts.setting.devices())

    @Property(str, notify=changed)
    def speed(self) -> str:
        """Of a serial line, in baud."""
        return str(self._choice.speed)

    @Property(str, notify=changed)
    def columns(self) -> str:
        """Letters on a line: 32, 42 or 48."""
        return str(self._choice.columns)

    @Property(str, notify=changed)
    def charset(self) -> str:
        """chinese or western."""
        return self._choice.charset

    @Property(bool, notify=changed)
    def answers(self) -> bool:
        """Whether it says how it is when asked."""
        return self._choice.answers

    @Property(bool, notify=changed)
    def auto(self) -> bool:
        """Whether each receipt comes out by itself."""
        return self._choice.auto

    @Property(str, notify=changed)
    def title(self) -> str:
        """The printer in a few words."""
        return printer_words(self._choice)

    @Slot(str, str)
    def choose(self, what: str, value: str) -> None:
        """Chooses one of a few: kind, speed, columns or charset."""
        known: dict[str, tuple[object, ...]] = {
            "kind": get_args(Kind), "speed": get_args(Speed), "columns": (32, 42, 48),
            "charset": ("chinese", "western"),
        }  # fmt: skip
        chosen = next((one for one in known.get(what, ()) if str(one) == value), None)
        if chosen is not None:
            self._keep(**{what: chosen})

    @Slot(str)
    def setHost(self, host: str) -> None:
        """The address as typed; one with a port behind a colon sets both."""
        name, colon, port = host.strip().partition(":")
        if colon and port.isdigit() and 0 < int(port) < 2**16:
            self._keep(host=name, port=int(port))
        else:
            self._keep(host=host.strip())

    @Slot(str)
    def setPort(self, port: str) -> None:
        """The port as typed; what is none changes nothing."""
        if port.isdigit() and 0 < int(port) < 2**16:
            self._keep(port=int(port))

    @Slot(str)
    def setPath(self, path: str) -> None:
        """The device file, typed or chosen."""
        self._keep(path=path.strip())

    @Slot(bool)
    def setAnswers(self, answers: bool) -> None:
        """Whether the printer can be asked."""
        self._keep(answers=answers)

    @Slot(bool)
    def setAuto(self, auto: bool) -> None:
        """Whether receipts come out by themselves."""
        self._keep(auto=auto)

    @Slot()
    def printTrial(self) -> None:
        """Prints a test page."""
        choice = self._choice
        self._printing.start(lambda: self._receipts.print_trial(choice), tr("The test page is printed"))

    @Slot()
    def close(self) -> None:
        """Back to the page."""
        self.desk.go.closeSheet()

    @Slot()
    def retranslate(self) -> None:
        """The language changed."""
        self._printing.retranslate()
        self.changed.emit()

    @property
    def _choice(self) -> PrinterChoice:
        return self._receipts.setting.choice

    def _keep(self, **changes: Any) -> None:
        changed = msgspec.structs.replace(self._choice, **changes)
        if changed == self._choice:
            return
        self._printing.forget()
        try:
            self._receipts.setting.keep(changed)
        except EnvironmentProblem as error:
            self.desk.tell.problem(error)
        self.changed.emit()


def printer_words(choice: PrinterChoice) -> str:
    """The printer in a few words."""
    if choice.kind == "none":
        return tr("No printer chosen")
    if choice.kind == "network":
        return tr("On the network: %1", f"{choice.host}:{choice.port}" if choice.host else tr("address missing"))
    return tr("By cable: %1", choice.path or tr("device missing"))
