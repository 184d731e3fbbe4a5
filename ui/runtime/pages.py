"""All view-models of a running tablet, made from its container, and what each page is opened with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

from guide_app.services.container import Container
from ui.viewmodels.attention import AttentionViewModel
from ui.viewmodels.base import Desk, ViewModel
from ui.viewmodels.enrol import EnrolViewModel
from ui.viewmodels.first_sync import FirstSyncViewModel
from ui.viewmodels.lock import LockViewModel
from ui.viewmodels.members import MembersViewModel
from ui.viewmodels.order import OrderViewModel
from ui.viewmodels.orders import OrdersViewModel
from ui.viewmodels.settings import SettingsViewModel
from ui.viewmodels.shell import Readers, ShellViewModel
from ui.viewmodels.sign_up import SignUpViewModel
from ui.viewmodels.tablet import TabletReaders
from ui.viewmodels.talk import TalkViewModel
from ui.viewmodels.today import TodayViewModel


@dataclass(frozen=True)
class Pages:
    """One view-model a page."""

    shell: ShellViewModel
    lock: LockViewModel
    enrol: EnrolViewModel
    first_sync: FirstSyncViewModel
    today: TodayViewModel
    members: MembersViewModel
    sign_up: SignUpViewModel
    order: OrderViewModel
    orders: OrdersViewModel
    talk: TalkViewModel
    attention: AttentionViewModel
    settings: SettingsViewModel

    def all(self) -> list[ViewModel]:
        """Every one of them."""
        return [getattr(self, field.name) for field in fields(self)]

    def opened(self, page: str, arguments: dict[str, Any]) -> None:
        """A page was opened: tells its view-model what with."""
        self.shell.shown(page)
        member_id, code = arguments.get("memberId", ""), arguments.get("code", "")
        match page:
            case "Today":
                self.today.open()
            case "Members":
                self.members.open()
                if "text" in arguments:
                    self.members.search(arguments["text"])
                if member_id:
                    self.members.choose(member_id)
            case "SignUp":
                if "attentionKey" in arguments:
                    self.sign_up.correct(arguments["attentionKey"])
                else:
                    self.sign_up.open(arguments.get("phone", ""))
            case "Order":
                self.order.open(member_id)
                if code:
                    self.order.scan(code)
            case "Orders":
                self.orders.open(arguments.get("orderId", ""))
            case "Attention":
                self.attention.open()
            case "Settings":
                self.settings.open()

    def sheet_opened(self, name: str, arguments: dict[str, Any]) -> None:
        """A sheet was laid over the page."""
        if name == "LogTalk":
            self.talk.open(arguments.get("memberId", ""), arguments.get("followupId", ""))

    def retranslate(self) -> None:
        """The language changed."""
        for model in self.all():
            again = getattr(model, "retranslate", None)
            if again is not None:
                again()


def make_pages(container: Container, desk: Desk, apply_look: Callable[[], None]) -> Pages:
    """Wires every view-model to its use cases."""
    c, do, read = container, container.do, container.read
    warning = c.warnings[0] if c.warnings else ""
    tablet = TabletReaders(
        shop=read.shop,
        outbox=read.outbox,
        members=read.members,
        catalogue=read.catalogue,
        sync=c.sync,
        space=c.space,
    )
    frame = Readers(
        shop=read.shop, outbox=read.outbox, orders=read.orders, members=read.members, catalogue=read.catalogue
    )
    return Pages(
        shell=ShellViewModel(desk, do.session, frame, c.sync, c.journal, c.clock, warning),
        lock=LockViewModel(
            desk, do.session, read.shop, read.outbox, c.sync, c.journal, c.clock, c.preferences, apply_look
        ),
        enrol=EnrolViewModel(desk, c.sync, c.preferences, apply_look),
        first_sync=FirstSyncViewModel(desk, c.sync),
        today=TodayViewModel(desk, do.today, do.talks, read.shop, do.session, c.journal),
        members=MembersViewModel(desk, read.members, do.members, read.shop, do.session, c.journal),
        sign_up=SignUpViewModel(desk, do.members, read.shop, c.drafts, do.attention, do.session),
        order=OrderViewModel(desk, read.catalogue, read.members, read.shop, do.till, do.session, c.journal),
        orders=OrdersViewModel(desk, read.orders, read.catalogue, read.shop, do.till, do.session, c.journal),
        talk=TalkViewModel(desk, do.talks, read.members, do.today, do.session),
        attention=AttentionViewModel(desk, do.attention, tablet, do.session, c.journal, warning),
        settings=SettingsViewModel(
            desk,
            do.session,
            tablet,
            c.journal,
            c.clock,
            c.preferences,
            apply_look,
            c.app_version,
            c.diagnostics,
            warning,
        ),
    )
