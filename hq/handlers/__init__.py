"""HQ's handler of every kind of operation; the operation's own class is in `guide_app.operations`."""

from __future__ import annotations

from typing import Any

from guide_app.operations.card_sales import OrderCard
from guide_app.operations.days import CloseDay
from guide_app.operations.fulfilling import OrderFulfil, OrderReroute
from guide_app.operations.leases import LeaseReturn
from guide_app.operations.library import MaterialKeep, MaterialRead, MaterialShow
from guide_app.operations.members import MemberConsent, MemberEdit, MemberSignUp
from guide_app.operations.orders import OrderCancel, OrderPlace
from guide_app.operations.parcels import ParcelStep
from guide_app.operations.payments import OrderPay, OrderPayBack
from guide_app.operations.privacy import MemberReveal
from guide_app.operations.quotations import QuoteMake, QuoteTake, QuoteVoid
from guide_app.operations.reminders import ReminderSet
from guide_app.operations.reshares import OrderReshare
from guide_app.operations.returns import CopyReturn, CopyReturnUndo, OrderExchange, OrderReturn, OrderReturnUndo
from guide_app.operations.service import PromiseMake, PromiseSettle, TicketRaise, TicketStep
from guide_app.operations.sharing import MaterialShare
from guide_app.operations.staff import StaffSetPin
from guide_app.operations.talks import FollowupSet, TalkLog
from hq.handlers.base import Desk, Handler, Needs, outcome
from hq.handlers.cards import HandOverHandler
from hq.handlers.copies import CopyReturnHandler, CopyReturnUndoHandler
from hq.handlers.fulfilling import FulfilHandler, RerouteHandler
from hq.handlers.hanging import HangingHandler
from hq.handlers.leases import CancelHandler, ReturnHandler
from hq.handlers.library import ReadHandler, ShareHandler, ShowHandler
from hq.handlers.members import ConsentHandler, EditHandler, SignUpHandler
from hq.handlers.orders import PlaceHandler
from hq.handlers.parcels import ParcelStepHandler
from hq.handlers.payments import PayBackHandler, PayHandler
from hq.handlers.privacy import RevealHandler
from hq.handlers.quotations import QuoteHandler, TakeQuoteHandler
from hq.handlers.reshares import ReshareHandler
from hq.handlers.returns import ExchangeHandler, TakeBackHandler, UndoReturnHandler
from hq.handlers.staff import SetPinHandler
from hq.handlers.talks import FollowupHandler, ReminderHandler

HANDLERS: dict[str, Handler[Any]] = {
    handler.operation.kind: handler
    for handler in (
        SignUpHandler(MemberSignUp()),
        EditHandler(MemberEdit()),
        ConsentHandler(MemberConsent()),
        PlaceHandler(OrderPlace()),
        CancelHandler(OrderCancel()),
        PayHandler(OrderPay()),
        PayBackHandler(OrderPayBack()),
        TakeBackHandler(OrderReturn()),
        UndoReturnHandler(OrderReturnUndo()),
        ExchangeHandler(OrderExchange()),
        CopyReturnHandler(CopyReturn()),
        CopyReturnUndoHandler(CopyReturnUndo()),
        ParcelStepHandler(ParcelStep()),
        ReshareHandler(OrderReshare()),
        FulfilHandler(OrderFulfil()),
        RerouteHandler(OrderReroute()),
        QuoteHandler(QuoteMake()),
        Handler(QuoteVoid()),
        TakeQuoteHandler(QuoteTake()),
        HandOverHandler(OrderCard()),
        Handler(TalkLog()),
        FollowupHandler(FollowupSet()),
        HangingHandler(TicketRaise()),
        HangingHandler(TicketStep()),
        HangingHandler(PromiseMake()),
        HangingHandler(PromiseSettle()),
        ReminderHandler(ReminderSet()),
        SetPinHandler(StaffSetPin()),
        ReturnHandler(LeaseReturn()),
        RevealHandler(MemberReveal()),
        Handler(CloseDay()),
        ShowHandler(MaterialShow()),
        ReadHandler(MaterialRead()),
        Handler(MaterialKeep()),
        ShareHandler(MaterialShare()),
    )
}

__all__ = ["HANDLERS", "Desk", "Handler", "Needs", "outcome"]
